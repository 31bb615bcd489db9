//! The exported model gives the same logits in PyTorch. The expected logits in `logits.json` were computed from `models/base` by
//! `tests/reference/exported.py`.

use std::path::Path;

use drivetrain::random::Random;
use serde::Deserialize;
use tabular_sense::model::Classifier;

#[derive(Deserialize)]
struct Expected {
    column: String,
    logits: Vec<f32>,
}

#[test]
fn gives_the_logits_that_pytorch_gives() {
    let classifier =
        Classifier::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models/base"))).expect("the fixture loads");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logits.json");
    let text = std::fs::read(path).expect("the fixture");
    let expected: Vec<Expected> = serde_json::from_slice(&text).expect("the fixture");
    assert!(expected.len() >= 8);
    let columns: Vec<String> = expected.iter().map(|row| row.column.clone()).collect();
    let found = classifier.logits(&columns);
    for (row, logits) in expected.iter().zip(found) {
        assert_eq!(row.logits.len(), logits.len());
        for (index, (expected, found)) in row.logits.iter().zip(logits).enumerate() {
            let tolerance = 1e-5 * expected.abs().max(1.0);
            assert!(
                (expected - found).abs() <= tolerance,
                "`{}`, logit {index}: PyTorch {expected}, found {found}",
                row.column
            );
        }
    }
}

#[test]
fn a_text_means_the_same_whatever_it_is_batched_with() {
    let classifier =
        Classifier::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/models/base"))).expect("the fixture loads");
    let random = Random::new(3, "texts");
    let texts: Vec<String> = (0..70)
        .map(|i| {
            let values: Vec<String> = (0..random.below(i, 9)).map(|j| format!("value {}", j * i)).collect();
            format!("column {i}|{}", values.join("<sep>"))
        })
        .collect();
    let together = classifier.logits(&texts);
    for (text, row) in texts.iter().zip(together) {
        let alone = classifier.logits(std::slice::from_ref(text)).remove(0);
        for (a, b) in alone.iter().zip(row) {
            assert!((a - b).abs() <= 1e-5 * a.abs().max(1.0), "`{text}`: alone {a}, in a batch {b}");
        }
    }
}
