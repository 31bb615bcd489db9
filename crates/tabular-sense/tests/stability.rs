//! The same column gets the same types, whatever the order of its rows, and nearly always the same from different samples of them.

use tabular_sense::model::Classifier;
use tabular_sense::stability::Stability;
use tabular_sense_synth::GeneratorConfig;
use tabular_sense_synth::sample::ColumnSample;

/// Number of cells in each column.
const CELLS: usize = 400;

/// Tests columns of all types and of none, generated with a seed that no model was trained on.
fn stability(columns: u64) -> Stability {
    let config = GeneratorConfig { per_type: 1000, seed: 123_456_789 };
    let columns: Vec<ColumnSample> = (0..columns).map(|i| config.long_sample(i, CELLS)).collect();
    let inputs: Vec<(&str, &[String])> = columns.iter().map(|column| (&*column.name, &*column.values)).collect();
    let classifier = Classifier::base().expect("the model that ships");
    let found = Stability::of(&classifier, &inputs, &classifier.predict);
    println!("{found}");
    found
}

#[test]
fn the_order_of_rows_changes_no_answer_and_another_sample_few() {
    let found = stability(480);
    assert_eq!((found.reordered, found.reordered_changed), (480, 0), "{found}");
    assert!(found.sampled > 400 && found.sampled_otherwise < 0.005, "{found}");
}

#[test]
#[ignore = "takes a minute; docs/experiments.md says what it measured"]
fn of_5000_columns() {
    let found = stability(5000);
    assert!(found.reordered_changed == 0 && found.sampled_otherwise < 0.005, "{found}");
}
