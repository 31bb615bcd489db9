//! Values that stand for a column.

use tabular_sense_tables::is_missing;

/// How many are given.
const EXAMPLES: usize = 3;

/// Up to three different values of a column, without those that say that there is none; of a column that holds nothing but marks
/// such as `-`, one of the marks.
///
/// ```
/// let values = ["-", " a", "a", "b"].map(str::to_owned);
/// assert_eq!(tabular_sense::annotate::examples(&values), ["a", "b"]);
/// ```
#[must_use]
pub fn examples(values: &[String]) -> Vec<&str> {
    let mut examples: Vec<&str> = Vec::new();
    for value in values.iter().map(|value| value.trim()).filter(|value| !is_missing(value)) {
        if !examples.contains(&value) {
            examples.push(value);
        }
        if examples.len() == EXAMPLES {
            break;
        }
    }
    if examples.is_empty() {
        // They are all that the model saw.
        examples.extend(values.iter().map(|value| value.trim()).find(|value| !value.is_empty()));
    }
    examples
}
