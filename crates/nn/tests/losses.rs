//! Losses with options, and their gradients, against PyTorch's (`tests/reference/losses.py`).

#[path = "../../../tests/reference/fixture.rs"]
mod fixture;

use burn::tensor::{Device, Int, Tensor, TensorData};
use drivetrain_nn::{
    BceOptions, CrossEntropyOptions, bce_with_logits, bce_with_logits_with, cross_entropy, cross_entropy_with,
    token_cross_entropy, token_cross_entropy_with,
};
use fixture::{assert_close, values};
use serde_json::Value;

fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/reference/fixtures/losses.json", env!("CARGO_MANIFEST_DIR"));
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    all[name].as_array().unwrap().clone()
}

fn floats(value: &Value) -> Option<Vec<f32>> {
    Some(value.as_array()?.iter().map(|value| value.as_f64().unwrap() as f32).collect())
}

/// A nested JSON array of numbers as tensor data.
fn table(value: &Value) -> TensorData {
    let rows: Vec<Vec<f32>> = value.as_array().unwrap().iter().map(|row| floats(row).unwrap()).collect();
    TensorData::new(rows.concat(), [rows.len(), rows[0].len()])
}

fn check(case: &Value, loss: impl Fn(Tensor<2>) -> Tensor<1>) {
    let what = format!("{case:.200}");
    let logits_bc = Tensor::<2>::from_data(table(&case["logits"]), &Device::flex().autodiff()).require_grad();
    let loss_1 = loss(logits_bc.clone());
    assert_close(&what, &values(loss_1.clone()), &[case["loss"].as_f64().unwrap() as f32]);
    let gradient_bc = logits_bc.grad(&loss_1.backward()).unwrap();
    let expected = table(&case["gradient"]);
    assert_close(&what, &values(gradient_bc), expected.as_slice::<f32>().unwrap());
}

#[test]
fn binary_losses_and_their_gradients_equal_pytorchs() {
    let cases = cases("bce");
    assert_eq!(cases.len(), 12);
    for case in cases {
        let options = BceOptions {
            pos_weight: floats(&case["pos_weight"]),
            focal_gamma: case["gamma"].as_f64().unwrap(),
            focal_alpha: case["alpha"].as_f64(),
        };
        let labels = |z: &Tensor<2>| Tensor::<2>::from_data(table(&case["labels"]), &z.device());
        check(&case, |z| {
            let y = labels(&z);
            bce_with_logits_with(z, y, &options)
        });
        if options == BceOptions::PLAIN {
            check(&case, |z| {
                let y = labels(&z);
                bce_with_logits(z, y)
            });
        }
    }
}

#[test]
fn cross_entropies_and_their_gradients_equal_pytorchs() {
    let cases = cases("cross_entropy");
    assert_eq!(cases.len(), 36);
    for case in cases {
        let options = CrossEntropyOptions {
            label_smoothing: case["label_smoothing"].as_f64().unwrap(),
            class_weights: floats(&case["weights"]),
            focal_gamma: case["gamma"].as_f64().unwrap(),
        };
        let class_n: Vec<i32> =
            case["classes"].as_array().unwrap().iter().map(|class| class.as_i64().unwrap() as i32).collect();
        let all_counted = class_n.iter().all(|class| *class >= 0);
        let classes = |z: &Tensor<2>| Tensor::<1, Int>::from_data(TensorData::new(class_n.clone(), [6]), &z.device());
        check(&case, |z| {
            let y = classes(&z);
            cross_entropy_with(z, y, &options)
        });
        // The same rows as two sequences of three tokens.
        let as_tokens = |z: Tensor<2>| {
            let y = classes(&z).reshape([2, 3]);
            (z.reshape([2, 3, 5]), y)
        };
        check(&case, |z| {
            let (z, y) = as_tokens(z);
            token_cross_entropy_with(z, y, &options)
        });
        if options == CrossEntropyOptions::PLAIN {
            check(&case, |z| {
                let (z, y) = as_tokens(z);
                token_cross_entropy(z, y)
            });
            if all_counted {
                check(&case, |z| {
                    let y = classes(&z);
                    cross_entropy(z, y)
                });
            }
        }
    }
}

#[test]
fn extreme_logits_and_rows_without_a_class_give_finite_losses_and_gradients() {
    let device = Device::flex().autodiff();
    for gamma in [0.3, 1.0, 2.0] {
        let logits = || Tensor::<2>::from_data([[200.0_f32, -200.0], [-200.0, 200.0]], &device).require_grad();
        for class_n in [[0, 1], [1, 0], [-1, -1]] {
            let options =
                CrossEntropyOptions { label_smoothing: 0.1, focal_gamma: gamma, ..CrossEntropyOptions::PLAIN };
            let z = logits();
            let loss_1 = cross_entropy_with(z.clone(), Tensor::from_data(class_n, &device), &options);
            let found = values(z.grad(&loss_1.backward()).unwrap());
            assert!(found.iter().all(|value| value.is_finite()), "γ {gamma}, {class_n:?}: {found:?}");
            assert!(values(loss_1)[0].is_finite());
        }
        let options = BceOptions { focal_gamma: gamma, ..BceOptions::PLAIN };
        let (z, y) = (logits(), Tensor::<2>::from_data([[1.0_f32, 0.0], [1.0, 0.0]], &device));
        let loss_1 = bce_with_logits_with(z.clone(), y, &options);
        let found = values(z.grad(&loss_1.backward()).unwrap());
        assert!(found.iter().all(|value| value.is_finite()), "γ {gamma}: {found:?}");
    }
}
