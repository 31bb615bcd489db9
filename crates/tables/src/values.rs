//! Values that are not text, as people read them.

/// A number with all of its digits, and without an exponent unless it is very large or very small.
pub(crate) fn float(number: f64) -> String {
    let size = number.abs();
    if number.is_finite() && size != 0.0 && !(1e-7..1e17).contains(&size) {
        return format!("{number:e}");
    }
    number.to_string()
}

/// The same for a 32-bit number, which has fewer digits.
#[cfg(feature = "columnar")]
pub(crate) fn float_32(number: f32) -> String {
    let size = number.abs();
    if number.is_finite() && size != 0.0 && !(1e-7..1e17).contains(&size) {
        return format!("{number:e}");
    }
    number.to_string()
}

/// Bytes: as text or a UUID if they are one, otherwise the first ones in hexadecimal.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    /// This many are enough to see what they are.
    const SHOWN: usize = 32;
    let is_control = |char: char| char.is_control() && !char.is_whitespace();
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(is_control)
    {
        return text.to_owned();
    }
    let hex: String = bytes.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
    match bytes.len() {
        16 => [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"),
        length if length > SHOWN => format!("{hex}…"),
        _ => hex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_people_write_them() {
        assert_eq!(
            [0.1, 12.0, -0.5, 1e16, 1e300, 1e-9].map(float),
            ["0.1", "12", "-0.5", "10000000000000000", "1e300", "1e-9"]
        );
        assert_eq!(bytes("Zürich".as_bytes()), "Zürich");
        assert_eq!(bytes(&[0, 255]), "00ff");
        assert_eq!(
            bytes(&[0x12; 15].into_iter().chain([0]).collect::<Vec<_>>()),
            "12121212-1212-1212-1212-121212121200"
        );
    }
}
