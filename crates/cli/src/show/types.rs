//! The metrics of types as a table.

use drivetrain::terminal::grid;
use tabular_sense::columns::TypeReport;

/// Types and their metrics as a table.
#[must_use]
pub(crate) fn type_table(types: &[TypeReport], with_intervals: bool) -> String {
    let mut head = ["type", "precision", "recall", "F1", "support"].map(str::to_owned).to_vec();
    if with_intervals {
        head.push("F1, 95%".to_owned());
    }
    let mut rows = vec![head];
    rows.extend(types.iter().map(|row| {
        // A type that is neither true nor assigned has no rates; a type that is only assigned counts as 0, as in the macro-F1.
        let share = |value: f64| format!("{value:.4}");
        let of_true = |value: f64| if row.metrics.occurs() { share(value) } else { "–".to_owned() };
        let mut cells = vec![
            row.r#type.clone(),
            share(row.metrics.precision),
            of_true(row.metrics.recall),
            of_true(row.metrics.f1),
            row.metrics.support.to_string(),
        ];
        cells.extend(row.f1_interval.map(|[low, high]| format!("{low:.2}–{high:.2}")));
        cells
    }));
    grid(&rows, &[1, 2, 3, 4])
}

#[cfg(test)]
mod tests {
    use drivetrain::train::ClassCounts;
    use tabular_sense_synth::types::SemanticType;

    use super::*;

    #[test]
    fn a_type_that_is_given_and_never_true_has_an_f1_and_one_that_does_not_occur_has_none() {
        let mut given = ClassCounts::default();
        given.add(true, false);
        let types = [(SemanticType::Int, given), (SemanticType::Phone, ClassCounts::default())]
            .map(|(label, counts)| TypeReport::new(label.code(), counts.metrics()));
        let table = type_table(&types, false);
        let row = |code: &str| table.lines().find(|line| line.starts_with(code)).expect("a row").to_owned();
        assert!(!row("int").contains('–') && row("phone").contains('–'), "{table}");
    }
}
