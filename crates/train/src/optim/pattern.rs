//! Patterns of names, in which `*` stands for any run of characters.

/// Whether `pattern` matches the whole `name`.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    distance(pattern, name) == 0
}

/// How many characters must be changed, added or removed until `pattern` matches `name`: the Levenshtein distance, with `*` costing
/// nothing.
pub(super) fn distance(pattern: &str, name: &str) -> usize {
    let name: Vec<char> = name.chars().collect();
    // The distances from the pattern, up to the current character, to each prefix of the name.
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for wanted in pattern.chars() {
        let (cost, mut diagonal) = (usize::from(wanted != '*'), row[0]);
        row[0] += cost;
        for (at, found) in name.iter().enumerate() {
            let replaced = diagonal + usize::from(wanted != *found) * cost;
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + cost).min(diagonal + cost);
        }
    }
    row[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        let name = "encoder.layers.0.attention.query.weight";
        for pattern in [name, "*", "encoder.*", "*.weight", "encoder.layers.*.query.*", "*query*", "**", "e*t"] {
            assert!(matches(pattern, name), "{pattern}");
        }
        for pattern in ["", "encoder", "encoder.", "*.bias", "ncoder.*", "*.query", "encoder.layers.?.*", "*head*"] {
            assert!(!matches(pattern, name), "{pattern}");
        }
        assert!(matches("", "") && matches("*", "") && !matches("a", ""));
    }

    #[test]
    fn the_distance_counts_what_is_written_wrong() {
        assert_eq!(distance("encoder.layer.*", "encoder.layers.0.norm.bias"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("*.wieght", "head.weight"), 2);
        assert_eq!(distance("abc", ""), 3);
    }
}
