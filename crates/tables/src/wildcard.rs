//! Patterns for names of files and of tables.

use std::str::FromStr;

/// A pattern for files: `*` matches anything except `/`, `**` matches anything, `?` matches one character except `/`. A pattern
/// without `/` is matched against the file's name, any other against its path below the folder that was named.
///
/// ```
/// use tabular_sense_tables::Wildcard;
///
/// let pattern: Wildcard = "2024/**/*.csv".parse()?;
/// assert!(pattern.matches("2024/01/sales.csv") && !pattern.matches("2023/sales.csv"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    pattern: Vec<char>,
    has_folder: bool,
}

impl FromStr for Wildcard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pattern = text.trim_start_matches("./").trim_end_matches('/');
        if pattern.is_empty() {
            return Err("expected a pattern such as `*.csv`".to_owned());
        }
        Ok(Self { pattern: pattern.chars().collect(), has_folder: pattern.contains('/') })
    }
}

impl Wildcard {
    /// Whether the path of a file, with `/` between its parts, matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let text = if self.has_folder { path } else { path.rsplit('/').next().unwrap_or(path) };
        matches(&self.pattern, text)
    }
}

/// A pattern for tables: `*` matches anything, `?` matches one character. It is matched against the table's name and, if it
/// contains a dot, also against `schema.table`.
///
/// ```
/// use tabular_sense_tables::TablePattern;
///
/// let pattern: TablePattern = "shop.order_*".parse()?;
/// assert!(pattern.matches("shop", "order_items") && !pattern.matches("public", "order_items"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TablePattern {
    pattern: Vec<char>,
    has_schema: bool,
}

impl FromStr for TablePattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Err("expected a pattern such as `public.*`".to_owned());
        }
        // Table names may contain `/`, which a single star would not match.
        let pattern = text.trim().replace('*', "**").chars().collect();
        Ok(Self { pattern, has_schema: text.contains('.') })
    }
}

impl TablePattern {
    /// Whether a table of this schema matches; a table of a database without schemas has an empty one.
    #[must_use]
    pub fn matches(&self, schema: &str, name: &str) -> bool {
        (self.has_schema && matches(&self.pattern, &format!("{schema}.{name}"))) || matches(&self.pattern, name)
    }

    /// Whether the pattern names schemas.
    #[cfg_attr(not(feature = "databases"), allow(dead_code, reason = "databases alone have schemas"))]
    pub(super) const fn has_schema(&self) -> bool {
        self.has_schema
    }
}

/// Whether a text matches. For each character of the text, the set of positions that can have been reached in the pattern is
/// updated.
fn matches(pattern: &[char], text: &str) -> bool {
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    pass_stars(pattern, &mut reached, true);
    for char in text.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, expected) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match expected {
                '*' => next[at] |= char != '/' || is_double(pattern, at),
                '?' => next[at + 1] |= char != '/',
                expected => next[at + 1] |= *expected == char,
            }
        }
        pass_stars(pattern, &mut next, char == '/');
        reached = next;
    }
    reached[pattern.len()]
}

/// A star may match nothing, and `**/` may match no folder where a part of the path begins.
fn pass_stars(pattern: &[char], reached: &mut [bool], begins_part: bool) {
    for at in 0..pattern.len() {
        if reached[at] && pattern[at] == '*' {
            reached[at + 1] = true;
            if begins_part && pattern[at..].starts_with(&['*', '*', '/']) {
                reached[at + 3] = true;
            }
        }
    }
}

/// Whether a star is one of two adjacent ones.
fn is_double(pattern: &[char], at: usize) -> bool {
    pattern.get(at + 1) == Some(&'*') || (at > 0 && pattern[at - 1] == '*')
}

#[cfg(test)]
mod tests {
    use super::{TablePattern, Wildcard};

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, path, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "deep/below/a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("a?.csv", "ab.csv", true),
            ("a?.csv", "a.csv", false),
            ("2024/*.csv", "2024/a.csv", true),
            ("2024/*.csv", "2024/01/a.csv", false),
            ("2024/**", "2024/01/a.csv", true),
            ("**/raw/*.csv", "raw/a.csv", true),
            ("**/raw/*.csv", "x/y/raw/a.csv", true),
            ("**/raw/*.csv", "x/yraw/a.csv", false),
            ("./2024/*", "2024/a.csv", true),
            ("raw", "x/raw", true),
            ("*****a", "ba", true),
            ("表*.csv", "x/表一.csv", true),
        ] {
            assert_eq!(pattern.parse::<Wildcard>().expect(pattern).matches(path), expected, "{pattern} {path}");
        }
        assert!("".parse::<Wildcard>().is_err());
    }

    #[test]
    fn patterns_of_tables_match_with_and_without_a_schema() {
        for (pattern, schema, name, expected) in [
            ("public.*", "public", "orders", true),
            ("public.*", "public", "a/b.c", true),
            ("public.*", "shop", "orders", false),
            ("shop.order_*", "shop", "order_items", true),
            ("order?", "shop", "orders", true),
            ("orders", "shop", "orders", true),
            ("orders", "shop", "Orders", false),
            ("*", "any", "thing", true),
            ("a.b", "", "a.b", true),
            ("表*", "模式", "表一", true),
        ] {
            let parsed: TablePattern = pattern.parse().expect(pattern);
            assert_eq!(parsed.matches(schema, name), expected, "{pattern} {schema} {name}");
        }
        assert!(" ".parse::<TablePattern>().is_err());
    }

    #[test]
    fn no_pattern_takes_long() {
        let pattern: Wildcard = "*a".repeat(200).parse().expect("a pattern");
        assert!(!pattern.matches(&"a".repeat(199)));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(2000))));
    }
}
