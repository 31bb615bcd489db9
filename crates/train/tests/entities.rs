//! The entity-level metric compared with seqeval (`tests/reference/reference.py`), and applied to batches.

use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_data::{
    Chunk, ChunkRule, Collate, IGNORE_CLASS, PadSide, TagSet, TokenClasses, TokenLabelCollate, TokenizedSample,
};
use drivetrain_train::{EntityMetric, EntityValues, Metric, MetricValues, Rates};
use serde_json::Value;

const RULES: [(&str, ChunkRule); 2] = [("lenient", ChunkRule::Lenient), ("strict", ChunkRule::Strict)];

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/fixtures/entities.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

fn tags_of(case: &Value) -> TagSet {
    TagSet::new(strings(&case["types"])).unwrap()
}

/// Sequences such as `B-PER O`, as classes.
fn sequences(case: &Value, name: &str) -> Vec<Vec<i32>> {
    let tags = tags_of(case);
    let class = |tag: &str| tags.class_of(tag).unwrap() as i32;
    strings(&case[name]).iter().map(|row| row.split_whitespace().map(class).collect()).collect()
}

fn metric(case: &Value, rule: ChunkRule) -> EntityMetric {
    let metric = EntityMetric::new(&tags_of(case));
    if rule == ChunkRule::Strict { metric.strict() } else { metric }
}

#[test]
fn chunks_are_those_of_seqeval() {
    let mut sequences_read = 0;
    for case in cases() {
        let tags = tags_of(&case);
        for (name, rule) in [("entities", ChunkRule::Lenient), ("strict_entities", ChunkRule::Strict)] {
            for (row, expected) in sequences(&case, "predicted").iter().zip(case[name].as_array().unwrap()) {
                let shown = |Chunk { positions, entity_type }: &Chunk| {
                    serde_json::json!([tags.types()[*entity_type], positions.start, positions.end])
                };
                let found: Vec<Value> = tags.chunks(row, rule).iter().map(shown).collect();
                assert_eq!(&Value::Array(found), expected, "{name} {row:?}");
                sequences_read += 1;
            }
        }
    }
    assert_eq!(sequences_read, 2 * 480);
}

#[test]
fn precision_recall_and_f1_are_those_of_seqeval() {
    let equal = |rates: &Rates, expected: [&Value; 3]| {
        for (found, expected) in [rates.precision, rates.recall, rates.f1].iter().zip(expected) {
            assert!((found - expected.as_f64().unwrap()).abs() < 1e-12, "{rates:?} is not {expected}");
        }
    };
    for case in cases() {
        for (name, rule) in RULES {
            let mut metric = metric(&case, rule);
            for (predicted, truth) in sequences(&case, "predicted").iter().zip(&sequences(&case, "truth")) {
                metric.add(predicted, truth);
            }
            let EntityValues { micro, macro_mean, per_type, types, token_accuracy } = metric.compute();
            let expected = &case[name];
            equal(&micro, [0, 1, 2].map(|score| &expected["micro"][score]));
            equal(&macro_mean, [0, 1, 2].map(|score| &expected["macro"][score]));
            // seqeval lists only the types that occur, sorted by name.
            let mut occurring: Vec<_> = per_type.iter().zip(types).collect();
            occurring.retain(|(metrics, _)| metrics.support + metrics.predicted > 0);
            occurring.sort_by(|(_, a), (_, b)| a.cmp(b));
            let of_types = &expected["per_type"];
            assert_eq!(of_types[0].as_array().unwrap().len(), occurring.len());
            for (index, (metrics, _)) in occurring.iter().enumerate() {
                equal(&metrics.rates, [0, 1, 2].map(|score| &of_types[score][index]));
            }
            assert!((token_accuracy - case["accuracy"].as_f64().unwrap()).abs() < 1e-12);
        }
    }
}

/// Logits that are largest at the given classes.
fn logits(predicted: &[&[i32]], n_classes: usize) -> Tensor<3> {
    let row = |class: i32| (0..n_classes).map(move |other| if other as i32 == class { 2.0_f32 } else { 0.5 });
    let values: Vec<f32> = predicted.iter().flat_map(|row_t| row_t.iter().flat_map(|&class| row(class))).collect();
    let shape = [predicted.len(), predicted[0].len(), n_classes];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

#[test]
fn padding_and_tokens_without_a_label_are_passed_over_on_both_sides() {
    let tags = TagSet::new(["PER", "LOC"]).unwrap();
    let sample = |target: &[u32]| TokenizedSample { input: vec![3; target.len()], target: target.to_vec() };
    // Two sequences: `B-PER`, a sub-word without a label, `I-PER`, `O`; and `B-LOC` alone.
    let samples = vec![sample(&[1, IGNORE_CLASS, 2, 0]), sample(&[3])];
    for pad_side in [PadSide::Right, PadSide::Left] {
        let batch = TokenLabelCollate { n_classes: 5, pad_side }.collate(samples.clone()).unwrap();
        let short: &[i32] = if pad_side == PadSide::Right { &[3, 4, 4, 1] } else { &[1, 4, 4, 3] };
        let mut metric = EntityMetric::new(&tags);
        // If they were counted, the predictions for padding and for the unlabelled token would end the first entity,
        // extend the second one and begin a third.
        let logits_btc = logits(&[&[1, 3, 2, 0], short], 5);
        metric.check(&logits_btc, &batch).unwrap();
        metric.update(&logits_btc, &batch);
        let values = Metric::<Tensor<3>, drivetrain_data::SequenceBatch<TokenClasses>>::compute(&metric);
        assert_eq!((values.score(), values.token_accuracy), (1.0, 1.0));
        let named = values.named();
        assert_eq!(
            named.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["f1", "precision", "recall", "macro_f1", "token_accuracy"]
        );
        let support: Vec<u64> = values.per_class().iter().map(|metrics| metrics.support).collect();
        assert_eq!(support, [1, 1]);
        assert_eq!(values.class_names(), ["PER", "LOC"]);
        let problem = metric.check(&logits(&[&[0, 0, 0, 0], short], 4), &batch).unwrap_err().problem;
        assert_eq!(problem, "the model gives 4 logits, but the metric counts 5 classes; these must be equal");
    }
}

#[test]
fn nothing_counted_and_classes_out_of_range_give_zeros_and_no_panic() {
    let mut metric = EntityMetric::new(&TagSet::new(["PER"]).unwrap());
    let values = metric.compute();
    assert_eq!((values.micro, values.macro_mean, values.token_accuracy), (Rates::default(), Rates::default(), 0.0));
    metric.add(&[9, -1, 1], &[1, 99, -100, 2]);
    assert_eq!(metric.compute().per_type[0].support, 1);
}
