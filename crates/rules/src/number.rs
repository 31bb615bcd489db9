//! Numbers as people write them.

/// Parses a value as a number; it may have thousands separators, a currency symbol or a percent sign.
pub(crate) fn number(value: &str) -> Option<f64> {
    let bare = value.trim().trim_start_matches(['$', '€', '£', '¥', '￥', '+']).trim_end_matches(['%', '€', '元']);
    tabular_sense_tables::number(bare.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_other_texts_are_not() {
        for (text, expected) in [
            ("27", Some(27.0)),
            ("-3.5", Some(-3.5)),
            ("1,280.50", Some(1280.5)),
            ("￥99", Some(99.0)),
            ("12%", Some(12.0)),
            ("1e3", Some(1000.0)),
            ("1,2", None),
            ("nan", None),
            ("inf", None),
            ("3 kg", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
