//! Names as SQL takes them.

/// A name between quotes, those in it doubled.
fn quoted(name: &str, quote: char) -> String {
    let doubled: String = [quote, quote].iter().collect();
    format!("{quote}{}{quote}", name.replace(quote, &doubled))
}

/// A name as the standard has it.
pub(super) fn standard(name: &str) -> String {
    quoted(name, '"')
}

/// A name as MySQL has it.
pub(super) fn backticked(name: &str) -> String {
    quoted(name, '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_names_do_not_end_them() {
        assert_eq!(standard(r#"a"; drop table b; --"#), r#""a""; drop table b; --""#);
        assert_eq!(backticked("a`b\"c"), "`a``b\"c`");
    }
}
