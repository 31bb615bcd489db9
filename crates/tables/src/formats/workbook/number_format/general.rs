//! Numbers without a format.

/// A number without a format: at most 15 digits, which is what spreadsheets keep, in full as far as people read them.
pub(in crate::formats::workbook) fn general(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-9..1e21).contains(&size) {
        let shown = format!("{number:.14e}");
        let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        return format!("{}E{exponent}", trim_zeros(digits));
    }
    if number.fract() == 0.0 {
        return format!("{number:.0}").replacen("-0", "0", usize::from(number == 0.0));
    }
    // So many digits before the point; fewer are left after it.
    let before = if size < 1.0 { size.log10().floor() as i64 + 1 } else { size.log10() as i64 + 1 };
    trim_zeros(&format!("{number:.*}", (15 - before).clamp(0, 24) as usize)).to_owned()
}

/// A decimal number without zeros at its end.
fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}
