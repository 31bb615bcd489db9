//! Optimizers and parameter groups against PyTorch (`tests/reference/reference.py`).

#[path = "../../../tests/reference/fixture.rs"]
mod fixture;

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{Mode, SequenceClassifier, StateDict, backward, bce_with_logits};
use drivetrain_train::{AlgorithmConfig, ModelOptimizer, OptimizerConfig};
use fixture::{Fixture, assert_close, assert_same_state};

/// Takes eight steps with a falling rate, as the reference does. Returns the resulting weights, and the norms before
/// clipping.
fn eight_steps(config: &OptimizerConfig) -> (StateDict, Vec<f32>) {
    let fixture = Fixture::load("multi_label");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let mut model = fixture.state("param.").load_into(model).unwrap();
    let mut optimizer = ModelOptimizer::new(&model, config.clone()).unwrap();
    let (shape, labels) = fixture.floats("target");
    let mut norms = Vec::new();
    for step in 0..8 {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let labels_bc = Tensor::<2>::from_data(TensorData::new(labels.clone(), shape.clone()), &device);
        let loss = bce_with_logits(model.forward(ids_bt, mask_bt, &Mode::Eval), labels_bc);
        let rate = config.learning_rate() * (1.0 - f64::from(step) / 16.0);
        let (next, norm) = optimizer.step(model, backward(&loss), rate);
        model = next;
        norms.push(norm as f32);
    }
    (StateDict::of(&model), norms)
}

#[test]
fn eight_steps_of_each_optimizer_equal_pytorchs() {
    let path = format!("{}/../../tests/reference/fixtures/optimizers.json", env!("CARGO_MANIFEST_DIR"));
    let cases: BTreeMap<String, OptimizerConfig> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(cases.len(), 11);
    let fixture = Fixture::load("optimizers");
    for (name, config) in cases {
        let (mut after, norms) = eight_steps(&config);
        let mut expected = fixture.state(&format!("{name}.after."));
        assert_close(&format!("norms of {name}"), &norms, &fixture.floats(&format!("{name}.norms")).1);
        // The softmax cancels the key biases, so their gradients are rounding noise, from which AdamW and Lion take
        // full-size steps.
        if !matches!(config.algorithm, AlgorithmConfig::Sgd(_)) {
            for state in [&mut after, &mut expected] {
                state.tensors.retain(|name, _| !name.ends_with("attention.key.bias"));
            }
        }
        assert_same_state(&name, &after, &expected);
    }
}
