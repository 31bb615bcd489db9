//! Masks values so that they reveal nothing about a person.

use super::answer::ColumnAnswer;

/// How examples are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As they are.
    Whole,
    /// Masked if the column has personal data.
    Masked,
}

/// The examples of a column.
pub(super) fn shown_examples(column: &ColumnAnswer<'_>, shown: Shown) -> Vec<String> {
    let is_masked = shown == Shown::Masked && column.level().is_personal();
    column.examples.iter().map(|value| if is_masked { mask(value) } else { value.clone() }).collect()
}

/// A value with its middle replaced by asterisks: `138****5678`, `a****@b.com`, `王*`. If the middle is long, its length is not
/// shown.
fn mask(value: &str) -> String {
    if let Some((user, domain)) = value.split_once('@')
        && !user.is_empty()
        && domain.contains('.')
    {
        return format!("{}****@{domain}", user.chars().next().unwrap_or('*'));
    }
    let chars: Vec<char> = value.chars().collect();
    let (first, last) = match chars.len() {
        0 | 1 => (0, 0),
        2..=3 => (1, 0),
        4..=7 => (1, 1),
        8..=10 => (2, 2),
        _ => (3, 4),
    };
    let hidden = (chars.len() - first - last).min(4);
    let (begin, end) = (&chars[..first], &chars[chars.len() - last..]);
    begin.iter().copied().chain(std::iter::repeat_n('*', hidden)).chain(end.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn the_middle_of_a_value_is_hidden() {
        for (value, masked) in [
            ("13812345678", "138****5678"),
            ("510104199001011230", "510****1230"),
            ("6222021234567890123", "622****0123"),
            ("ann.lee@example.com", "a****@example.com"),
            ("王芳", "王*"),
            ("欧阳小明", "欧**明"),
            ("x", "*"),
            ("", ""),
            ("27", "2*"),
            ("1990-05-17", "19****17"),
            ("31.2304, 121.4737", "31.****4737"),
        ] {
            assert_eq!(mask(value), masked, "{value}");
        }
    }
}
