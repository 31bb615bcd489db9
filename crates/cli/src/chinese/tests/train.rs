use std::io;
use std::path::Path;

use drivetrain::data::DataError;
use drivetrain::nn::NnError;
use drivetrain::train::{Change, CheckpointStore, ModelAtEnd, Outlier, TrainError, safetensors_from};
use serde_json::Value;

use super::is_chinese;
use crate::chinese::describe;

fn outlier_error(outlier: Outlier, skipped_in_a_row: u64) -> TrainError {
    let first = "data/own.jsonl line 3 (byte 40)".to_owned();
    TrainError::Outlier { outlier, epoch: 1, batch: 2, step: 30, first, skipped_in_a_row, model: ModelAtEnd::Sound }
}

#[test]
fn every_variant_with_a_path() {
    let path = || "runs/a".into();
    let problem = || "its manifest does not list model.safetensors".to_owned();
    for error in [
        TrainError::Data(DataError::EmptyFile { path: path() }),
        TrainError::Io { path: path(), source: io::Error::from(io::ErrorKind::StorageFull) },
        TrainError::InUse { path: path() },
        TrainError::HoldsRun { path: path(), newest: " (the newest of step 30)".into() },
        TrainError::HoldsOtherRun { path: path(), step: 30 },
        TrainError::Checkpoint { path: path(), problem: problem() },
        TrainError::NoCheckpoint {
            path: path(),
            damaged:
                "; checkpoint runs/a/1 cannot be used: it names no checkpoint; checkpoint runs/a/2 cannot be used: \
                      state.json cannot be read: EOF while parsing a value at line 1 column 0"
                    .into(),
        },
        TrainError::NoCheckpoint { path: path(), damaged: " with a score: nothing was validated yet".into() },
        TrainError::NoCheckpoint { path: path(), damaged: " of step 30, the best".into() },
        TrainError::Weights { path: path(), problem: "header too small".into() },
    ] {
        let told = describe(&error);
        assert!(is_chinese(&told) && told.contains("runs/a"), "{told}");
        for word in ["cannot", "step", "names", "list", "header", "newest"] {
            assert!(!told.contains(word), "{told}");
        }
    }
}

#[test]
fn every_other_variant() {
    let first = || "data/own.jsonl line 3 (byte 40)".to_owned();
    let change = Change { field: "trainer.seed".into(), old: Value::Null, new: 3.into() };
    for error in [
        TrainError::Model(NnError::MissingTensor { name: "a.b".into() }),
        TrainError::Model(NnError::UnknownTensor { name: "a.b".into() }),
        TrainError::Model(NnError::UnknownPart { name: "tail".into(), known: "encoder, head".into() }),
        TrainError::Model(NnError::Shape { name: "a.b".into(), found: vec![2], expected: vec![3, 4] }),
        TrainError::Model(NnError::Config { field: "a", found: "0".into(), expected: "at least 1".into() }),
        TrainError::Config { field: "a", found: "0".into(), expected: "a positive number" },
        TrainError::NoBatches {
            part: "training",
            why: "its dataset is empty; give its part of the split more samples".into(),
        },
        TrainError::Misfit {
            part: "evaluation",
            batch: 3,
            place: format!("the batch of {}", first()),
            problem: "the model gives 3 logits, but the labels are of 4 classes; these must be equal".into(),
        },
        TrainError::Panicked {
            doing: "the backward pass",
            part: "training",
            batch: 3,
            first: first(),
            message: "index out of all the bounds".into(),
        },
        TrainError::ObserverPanicked { name: "Console".into(), event: "Step", message: "out of paper".into() },
        TrainError::NothingValidated,
        TrainError::Config { field: "decay", found: "1".into(), expected: "above 0 and below 1" },
        TrainError::NoAutodiff { device: "flex".into() },
        TrainError::NoSuchParameter { pattern: "head".into(), closest: vec!["head.bias".into()] },
        TrainError::NothingToTrain { parameters: 40 },
        TrainError::Checkpoint {
            path: "runs/a".into(),
            problem:
                "it is the state of the optimizer `adamw`, and this run has `sgd`; resume with `adamw`, or without the \
                      optimizer's state (`ResumeStrategy::WithoutOptimization` or `WeightsOnly`)"
                    .into(),
        },
        TrainError::OtherRun { changes: vec![change] },
        TrainError::Identity("key must be a string".into()),
        TrainError::Stopped,
        outlier_error(Outlier::NonFiniteLoss(f64::NAN), 0),
        outlier_error(Outlier::NonFiniteGradient(f64::INFINITY), 1),
        outlier_error(Outlier::NonFiniteValidationLoss(f64::NAN), 2),
        outlier_error(Outlier::NonFiniteScore(f64::NAN), 0),
        outlier_error(Outlier::NonFiniteMetric { name: "mae", value: f64::NAN }, 0),
        TrainError::UnknownMetric { name: "mea".into(), known: vec!["mae".into()] },
        TrainError::NoMode { name: "mae".into() },
        TrainError::Schedule { problem: "header too small".into() },
        TrainError::LearningRate { step: 7, rate: f64::NAN },
        outlier_error(Outlier::LossSpike { loss: 9.0, mean: 1.0, z: 8.5 }, 0),
    ] {
        let told = describe(&error);
        assert!(is_chinese(&told), "{told}");
        for word in ["expected", "must", "line", "batch", "not set"] {
            assert!(!told.contains(word), "{told}");
        }
    }
    assert_eq!(
        describe(&outlier_error(Outlier::NonFiniteLoss(f64::NAN), 2)),
        "第 30 步损失变为 NaN（第 2 轮，批次 2，首个样本在 data/own.jsonl 第 3 行（字节 40））；权重仍是上一步的；紧邻的前 2 个批次已被跳过"
    );
}

#[test]
fn files_of_checkpoints() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = CheckpointStore::new(folder.path());
    std::fs::create_dir(folder.path().join("step-00000012")).expect("a folder");
    std::fs::write(folder.path().join("latest"), "nonsense").expect("a file");
    let told = describe(&store.load_latest().expect_err("nothing to load"));
    assert!(is_chinese(&told) && told.contains("step-00000012") && !told.contains("cannot"), "{told}");
    for bytes in [&b""[..], b"12345678", b"\x02\0\0\0\0\0\0\0{}x", b"\x02\0\0\0\0\0\0\0{]"] {
        let error = safetensors_from(Path::new("m.safetensors"), bytes).expect_err("refused");
        assert!(is_chinese(&describe(&error)) && !describe(&error).contains("invalid"), "{}", describe(&error));
    }
}
