//! What a run's classes are called.

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::Validation;

/// The names of the classes of a validation, from the first file of the run that names the same number of classes; `#3`
/// where none does.
pub(crate) fn class_names(
    validation: &Validation,
    analysis: Option<&Analysis>,
    data: Option<&DataFacts>,
) -> Vec<String> {
    let n = validation.classes.len();
    let analysed = analysis.map(|analysis| analysis.labels.iter().map(|label| label.display().to_owned()).collect());
    let counted = data.map(|data| data.labels.iter().map(|(label, _)| label.clone()).collect());
    let of_files = [Some(validation.class_names.clone()), analysed, counted].into_iter().flatten();
    let named = of_files.into_iter().find(|names: &Vec<String>| names.len() == n);
    named.unwrap_or_else(|| (0..n).map(|class| format!("#{class}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Label;

    #[test]
    fn the_first_file_that_names_as_many_classes_is_believed() {
        let row = serde_json::json!({"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1});
        let record = serde_json::json!({
            "epoch": 0, "step": 1, "train_loss": 1.0, "validation_loss": 1.0, "score": 1.0, "classes": [row, row],
        });
        let mut validation: Validation = serde_json::from_value(record).unwrap();
        let labels = |n: usize| (0..n).map(|i| (format!("label {i}"), 1)).collect();
        let data = |n| DataFacts { labels: labels(n), ..DataFacts::default() };
        assert_eq!(class_names(&validation, None, Some(&data(3))), ["#0", "#1"]);
        assert_eq!(class_names(&validation, None, Some(&data(2))), ["label 0", "label 1"]);
        let analysis = Analysis { labels: ["a", "b"].map(Label::new).to_vec(), ..Analysis::default() };
        assert_eq!(class_names(&validation, Some(&analysis), Some(&data(2))), ["a", "b"]);
        validation.class_names = ["PER", "LOC"].map(str::to_owned).to_vec();
        assert_eq!(class_names(&validation, Some(&analysis), Some(&data(2))), ["PER", "LOC"]);
    }
}
