//! Numbers without a format.

/// A number without a format: without an exponent unless it is very large or very small, and with fractions rounded to
/// 15 significant digits, which is the precision of spreadsheets.
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
    // The digits before the point; the rest of the 15 digits are left for after the point.
    let before = if size < 1.0 { size.log10().floor() as i64 + 1 } else { size.log10() as i64 + 1 };
    trim_zeros(&format!("{number:.*}", (15 - before).clamp(0, 24) as usize)).to_owned()
}

/// A decimal number without trailing zeros.
fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}
