//! Example values of a column.

use tabular_sense_tables::is_missing;

/// The maximum number of examples.
const EXAMPLES: usize = 3;

/// Up to three different values of a column, without marks for missing values. If the column holds nothing but marks such as
/// `-`, one of the marks.
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
        // Marks are all that the model saw.
        examples.extend(values.iter().map(|value| value.trim()).find(|value| !value.is_empty()));
    }
    examples
}
