//! Names, quoted for SQL.

/// A name in quotes; quotes within it are doubled.
fn quoted(name: &str, quote: char) -> String {
    let doubled: String = [quote, quote].iter().collect();
    format!("{quote}{}{quote}", name.replace(quote, &doubled))
}

/// A name quoted as in standard SQL.
pub(super) fn standard(name: &str) -> String {
    quoted(name, '"')
}

/// A name quoted as in MySQL.
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
