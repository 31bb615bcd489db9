//! Optimizer, schedules and metrics against PyTorch and scikit-learn (`tests/reference/reference.py`).

#[path = "../../../tests/reference/fixture.rs"]
mod fixture;

use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{Mode, SequenceClassifier, StateDict, TokenClassifier, bce_with_logits, token_cross_entropy};
use drivetrain_train::{
    AdamWConfig, LearningRateConfig, LearningRateScheduler, ModelOptimizer, Monitor, Monitored, MultiClassMetric,
    MultiLabelMetric, PlateauConfig, ThresholdMode, ValidationResult,
};
use fixture::{Fixture, assert_close, assert_same_state};
use serde_json::Value;

const OPTIMIZER: AdamWConfig =
    AdamWConfig { learning_rate: 3e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weight_decay: 0.01, clip_norm: 0.1 };

/// Takes ten steps with a falling learning rate and active clipping. Returns the resulting model, the losses and the
/// norms.
fn ten_steps<M: burn::module::Module>(mut model: M, loss: impl Fn(&M) -> Tensor<1>) -> (M, Vec<f32>, Vec<f32>) {
    let mut optimizer = ModelOptimizer::new(&model, OPTIMIZER).unwrap();
    let (mut losses, mut norms) = (Vec::new(), Vec::new());
    for step in 0..10 {
        let value = loss(&model);
        losses.push(value.clone().into_scalar::<f32>());
        let rate = 3e-3 * (1.0 - f64::from(step) / 20.0);
        let (next, norm) = optimizer.step(model, value.backward(), rate);
        model = next;
        norms.push(norm as f32);
    }
    (model, losses, norms)
}

/// Removes the key biases. The softmax cancels them, so their gradients are only rounding noise; Adam divides by the
/// magnitude of the gradient, so they take full-size steps in an arbitrary direction.
fn without_key_biases(mut state: StateDict) -> StateDict {
    state.tensors.retain(|name, _| !name.ends_with("attention.key.bias"));
    state
}

#[test]
fn ten_steps_of_adamw_on_a_classifier_equal_pytorchs() {
    let fixture = Fixture::load("multi_label");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    let (shape, labels) = fixture.floats("target");
    let (after, losses, norms) = ten_steps(model, |model| {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let labels_bc = Tensor::<2>::from_data(TensorData::new(labels.clone(), shape.clone()), &device);
        bce_with_logits(model.forward(ids_bt, mask_bt, &Mode::Eval), labels_bc)
    });
    assert_close("losses", &losses, &fixture.floats("losses").1);
    assert_close("norms", &norms, &fixture.floats("norms").1);
    let expected = without_key_biases(fixture.state("after."));
    assert_same_state("after ten steps", &without_key_biases(StateDict::of(&after)), &expected);
}

#[test]
fn ten_steps_of_adamw_on_a_token_classifier_equal_pytorchs() {
    let fixture = Fixture::load("token_classification");
    let device = Device::flex().autodiff();
    let model = TokenClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    let (after, losses, norms) = ten_steps(model, |model| {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let class_bt = fixture.ints::<2>("target", &device);
        token_cross_entropy(model.forward(ids_bt, mask_bt, &Mode::Eval), class_bt)
    });
    assert_close("losses", &losses, &fixture.floats("losses").1);
    assert_close("norms", &norms, &fixture.floats("norms").1);
    let expected = without_key_biases(fixture.state("after."));
    assert_same_state("after ten steps", &without_key_biases(StateDict::of(&after)), &expected);
}

fn json(name: &str) -> Value {
    let path = format!("{}/../../tests/reference/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[test]
fn plateau_equals_pytorchs_exactly() {
    let cases = json("schedules")["plateau"].as_array().unwrap().clone();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let kwargs = &case["kwargs"];
        let number = |name: &str, default: f64| kwargs[name].as_f64().unwrap_or(default);
        let config = PlateauConfig {
            mode: None,
            monitor: if kwargs["mode"] == "max" { Monitor::Score } else { Monitor::Loss },
            factor: number("factor", 0.1),
            patience: number("patience", 10.0) as u64,
            threshold: number("threshold", 1e-4),
            threshold_mode: match kwargs["threshold_mode"].as_str() {
                Some("abs") => ThresholdMode::Absolute,
                _ => ThresholdMode::Relative,
            },
            cooldown: number("cooldown", 0.0) as u64,
            min_learning_rate: number("min_lr", 0.0),
            epsilon: number("eps", 1e-8),
        };
        let mut scheduler = LearningRateScheduler::new(LearningRateConfig::Plateau(config), 1e-3, 100);
        let mut rates = Vec::new();
        for (step, value) in floats(&case["values"]).into_iter().enumerate() {
            let (step, monitored) = (step as u64, &Monitored::default());
            let (loss, score) = (value, value);
            let mode_of = |_: &str| None;
            scheduler.on_validation(&ValidationResult { step, loss, score, metrics: &[], monitored, mode_of });
            rates.push(scheduler.at(step));
        }
        assert_eq!(rates, floats(&case["rates"]), "{kwargs}");
    }
}

#[test]
fn warm_up_and_cosine_equal_the_reference() {
    for case in json("schedules")["cosine"].as_array().unwrap() {
        let warmup_steps = case["warmup"].as_u64().unwrap();
        let config = LearningRateConfig::WarmupCosine { warmup_steps, floor: case["floor"].as_f64().unwrap() };
        let scheduler = LearningRateScheduler::new(config, 2e-3, case["total"].as_u64().unwrap());
        for (step, expected) in floats(&case["rates"]).into_iter().enumerate() {
            let found = scheduler.at(step as u64);
            // Two implementations of the cosine may differ in the last bit.
            assert!(
                (found - expected).abs() <= 1e-15 * expected.abs() + 1e-18,
                "step {step}: {found}, expected {expected}"
            );
        }
    }
}

/// The relative tolerance: PyTorch computes some schedules step by step, each rate from the previous one, so its
/// rounding errors add up.
const STEP_BY_STEP: f64 = 1e-13;

#[test]
fn every_schedule_equals_pytorchs() {
    let cases = json("learning_rates").as_array().unwrap().clone();
    let kinds: std::collections::BTreeSet<&str> =
        cases.iter().map(|case| case["config"]["kind"].as_str().unwrap()).collect();
    assert_eq!((cases.len(), kinds.len()), (17, 6));
    for case in cases {
        let config: LearningRateConfig = serde_json::from_value(case["config"].clone()).unwrap();
        config.validate().unwrap();
        let base = case["base"].as_f64().unwrap();
        let scheduler = LearningRateScheduler::new(config, base, case["total"].as_u64().unwrap());
        for (step, expected) in floats(&case["rates"]).into_iter().enumerate() {
            let found = scheduler.at(step as u64);
            let near = STEP_BY_STEP * expected.abs() + 1e-18;
            assert!((found - expected).abs() <= near, "{}, step {step}: {found}, not {expected}", case["config"]);
        }
    }
}

/// Allows differences in the last bits, since the same counts may be divided in another order.
fn assert_equal(what: &str, found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-14, "{what}: {found}, scikit-learn has {expected}");
}

#[test]
fn multi_label_metrics_equal_scikit_learns() {
    let case = &json("metrics")["multi_label"];
    let rows = |name: &str| case[name].as_array().unwrap().iter().map(floats).collect::<Vec<_>>();
    let mut metric = MultiLabelMetric::new(7, 0.5);
    for (truth, predicted) in rows("truth").iter().zip(rows("predicted")) {
        metric.add(predicted.iter().zip(truth).map(|(&predicted, &truth)| (predicted > 0.5, truth > 0.5)));
    }
    let found = metric.compute();
    for (name, rates) in [("micro", found.micro), ("macro", found.macro_mean)] {
        assert_equal(name, rates.precision, &case[format!("{name}_precision")]);
        assert_equal(name, rates.recall, &case[format!("{name}_recall")]);
        assert_equal(name, rates.f1, &case[format!("{name}_f1")]);
    }
    assert_equal("hamming", found.hamming_loss, &case["hamming"]);
    assert_equal("exact match", found.exact_match, &case["exact_match"]);
    for (class, metrics) in found.per_class.iter().enumerate() {
        assert_equal("class f1", metrics.rates.f1, &case["per_class_f1"][class]);
        assert_eq!(metrics.support, case["support"][class].as_u64().unwrap());
    }
    assert_equal("score", found.score, &case["score"]);
}

#[test]
fn multi_class_metrics_equal_scikit_learns() {
    let case = &json("metrics")["multi_class"];
    let mut metric = MultiClassMetric::new(case["n_classes"].as_u64().unwrap() as usize);
    for (truth, predicted) in floats(&case["truth"]).iter().zip(floats(&case["predicted"])) {
        metric.add(predicted as usize, *truth as usize);
    }
    assert_equal("accuracy", metric.compute().accuracy, &case["accuracy"]);
    assert_equal("macro f1", metric.compute().macro_mean.f1, &case["macro_f1"]);
}

#[test]
fn macro_means_are_over_the_classes_that_occur_as_scikit_learn_has_them() {
    let cases = &json("metrics")["absent"];
    let several = cases["multi_label"].as_array().unwrap();
    assert_eq!(several.len(), 5);
    for case in several {
        let rows = |name: &str| case[name].as_array().unwrap().iter().map(floats).collect::<Vec<_>>();
        let mut metric = MultiLabelMetric::new(rows("truth")[0].len(), 0.5);
        for (truth, predicted) in rows("truth").iter().zip(rows("predicted")) {
            metric.add(predicted.iter().zip(truth).map(|(&predicted, &truth)| (predicted > 0.5, truth > 0.5)));
        }
        let found = metric.compute().macro_mean;
        assert_equal("macro precision", found.precision, &case["precision"]);
        assert_equal("macro recall", found.recall, &case["recall"]);
        assert_equal("macro f1", found.f1, &case["f1"]);
    }
    for case in cases["multi_class"].as_array().unwrap() {
        let mut metric = MultiClassMetric::new(case["n_classes"].as_u64().unwrap() as usize);
        for (truth, predicted) in floats(&case["truth"]).iter().zip(floats(&case["predicted"])) {
            metric.add(predicted as usize, *truth as usize);
        }
        assert_equal("macro f1", metric.compute().macro_mean.f1, &case["macro_f1"]);
    }
}
