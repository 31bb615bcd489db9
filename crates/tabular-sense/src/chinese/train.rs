//! What goes wrong while training, saving or resuming.

use drivetrain::train::{Change, ModelAtEnd, TrainError, Trouble};
use serde_json::Value;

use super::phrase::{Phrase, translate};
use super::{data, fields, io_error};

pub(super) fn describe(error: &TrainError) -> String {
    match error {
        TrainError::Data(error) => data::describe(error),
        TrainError::Model(error) => fields::describe_model(error),
        TrainError::Io { path, source } => format!("{}：{}", path.display(), io_error(source)),
        TrainError::Config { field, found, expected } => fields::problem(field, found, expected),
        TrainError::NoBatches { part, why } => format!("{}数据没有批次：{}", part_name(part), translate(why)),
        TrainError::Misfit { part, batch, place, problem } => {
            format!("{}批次 {batch}：{}：{}", part_name(part), translate(place), translate(problem))
        }
        TrainError::Panicked { doing, part, batch, first, message } => format!(
            "{}批次 {batch}（首个样本在 {}）在计算{}时程序崩溃：`{message}`",
            part_name(part),
            translate(first),
            translate(doing)
        ),
        TrainError::NoAutodiff { device } => format!(
            "模型所在的设备不支持自动微分（{device}）：请在 `Device::flex().autodiff()` 或其他设备的 `.autodiff()` 上创建模型"
        ),
        TrainError::InUse { path } => {
            format!("{} 正在使用：另一次训练正在往那里保存检查点；请等它结束，或改用其他文件夹", path.display())
        }
        TrainError::HoldsRun { path, newest } => format!(
            "{} 中已有一次训练的检查点{}，新的训练会覆盖它们：请继续那次训练（把 `CheckpointStore::load_latest` 的结果交给 `Trainer::resume`），或改用空文件夹",
            path.display(),
            translate(newest)
        ),
        TrainError::HoldsOtherRun { path, step } => format!(
            "{} 中是另一次训练的检查点，继续训练会覆盖它们：所要继续的第 {step} 步检查点不在其中；请改用该检查点所在的文件夹，或空文件夹",
            path.display()
        ),
        TrainError::OtherRun { changes } => {
            let listed: String = changes.iter().map(|one| format!("\n  {}", change(one))).collect();
            format!(
                "检查点属于另一次训练：{listed}\n请用保存时的配置和数据继续，或用 `Trainer::allow_changes` 列出允许不同的配置项"
            )
        }
        TrainError::NumbersWrong { trouble, epoch, batch, step, first, skipped_in_a_row, model } => format!(
            "第 {step} 步{}{}（第 {} 轮，批次 {batch}，首个样本在 {}）；{}{}",
            if trouble.is_of_validation() { "之后" } else { "" },
            trouble_name(trouble),
            epoch + 1,
            translate(first),
            outcome(trouble, *model),
            in_a_row(*skipped_in_a_row)
        ),
        TrainError::Stopped => "已按要求停止，尚未完成".to_owned(),
        TrainError::Checkpoint { path, problem } => format!("检查点 {} 不可用：{}", path.display(), translate(problem)),
        TrainError::NoCheckpoint { path, damaged } => format!(
            "{} 中没有完整的检查点{}；请在空文件夹中重新训练，或指定其他文件夹",
            path.display(),
            list_damaged(damaged)
        ),
        TrainError::Weights { path, problem } => {
            format!("{} 不是可用的 safetensors 文件：{}", path.display(), translate(problem))
        }
    }
}

/// A field in which two runs differ.
#[must_use]
pub fn change(change: &Change) -> String {
    let say = |value: &Value| match value {
        Value::Null => "未设置".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("{}：{} → {}", change.field, say(&change.old), say(&change.new))
}

fn part_name(part: &str) -> &str {
    match part {
        "training" => "训练",
        "validation" => "验证",
        "evaluation" => "评估",
        other => other,
    }
}

fn trouble_name(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Loss(value) => format!("损失变为 {value}"),
        Trouble::Gradient(value) => format!("梯度范数变为 {value}"),
        Trouble::ValidationLoss(value) => format!("验证损失变为 {value}"),
        Trouble::Score(value) => format!("验证得分变为 {value}"),
        Trouble::Spike { loss, mean, z } => {
            format!("损失跃升至 {loss:.4}，高出此前均值 {mean:.4} 达 {z:.1} 个标准差")
        }
    }
}

/// What is left of the run.
fn outcome(trouble: &Trouble, model: ModelAtEnd) -> String {
    let why = match (trouble.is_of_validation(), model) {
        (_, ModelAtEnd::Sound) => return "权重仍是上一步的".to_owned(),
        (true, _) => "所有批次的损失都不是有限值：模型已发散，或验证样本损坏（见异常记录）",
        (false, _) => "验证批次的损失或梯度也不是有限值：模型已发散",
    };
    match model {
        ModelAtEnd::DivergedAfterSave => format!("{why}；最新的检查点保存的就是这个模型"),
        _ => format!("{why}；这个模型未予保存，此前的检查点不受影响"),
    }
}

fn in_a_row(skipped: u64) -> String {
    if skipped == 0 { String::new() } else { format!("；紧邻的前 {skipped} 个批次已被跳过") }
}

/// `; checkpoint … cannot be used: …; checkpoint …`, or one remark.
fn list_damaged(damaged: &str) -> String {
    match damaged.strip_prefix("; ") {
        Some(list) => list
            .split("; checkpoint ")
            .enumerate()
            .map(|(at, problem)| if at == 0 { problem.to_owned() } else { format!("checkpoint {problem}") })
            .map(|problem| format!("；{}", translate(&problem)))
            .collect(),
        None => translate(damaged),
    }
}

pub(super) const PHRASES: &[Phrase] = &[
    // Loaders and batches.
    ("its dataset is empty; give its part of the split more samples", "数据集是空的；请给这一部分多划分一些样本"),
    (
        "its sampler leaves out all {} of the dataset (`drop_last`); lower the batch size",
        "采样器舍去了数据集的全部 {0} 个样本（`drop_last`）；请减小批次大小",
    ),
    ("its sampler visits none of the dataset's {} samples", "采样器没有取用数据集 {0} 个样本中的任何一个"),
    ("the batch of {*}", "含 {0} 的批次"),
    ("the backward pass", "反向传播"),
    ("the model or its loss", "模型或损失"),
    (
        "the model gives {} logits, but the labels are of {} classes; these must be equal",
        "模型给出 {0} 个 logit，而标签有 {1} 个类别；二者必须相等",
    ),
    ("the model's output needs {} {*}, the batch holds {}", "模型的输出需要 {0} 个{1}，批次中有 {2} 个"),
    ("label entries", "标签项"),
    ("classes", "类别"),
    ("classes of tokens", "token 的类别"),
    ("its class is {}, but the model's classes are {}", "类别为 {0}，而模型的类别是 {1}"),
    // Checkpoints.
    ("checkpoint {} cannot be used: {*}", "检查点 {0} 不可用：{1}"),
    ("{} is not a usable safetensors file: {*}", "{0} 不是可用的 safetensors 文件：{1}"),
    (" (the newest of step {})", "（最新的是第 {0} 步）"),
    (" with a score: nothing was validated yet", "带有得分：尚未做过验证"),
    (
        " with a score: no validation had a finite loss and score, the model has diverged",
        "带有得分：没有一次验证的损失和得分是有限值，模型已发散",
    ),
    (" of step {}, the best", "（最佳的第 {0} 步）"),
    ("it names no checkpoint", "其中没有检查点的名称"),
    ("it does not have the hash of {}", "其中的哈希值与 {0} 的不符"),
    ("it names {}, of which {*}", "它指向 {0}，而{1}"),
    ("its manifest does not list {}", "清单中没有 {0}"),
    ("{} is damaged (hash {}, the manifest says {})", "{0} 已损坏（哈希值为 {1}，清单中记为 {2}）"),
    ("{} is damaged: its content does not have the hash that it names", "{0} 已损坏：内容与其记录的哈希值不符"),
    ("{} is damaged: {*}", "{0} 已损坏：{1}"),
    ("its format is {}, this program reads format {}", "其格式为 {0}，本程序读取的格式为 {1}"),
    ("the optimizer's state holds no `{}`", "优化器状态中没有 `{0}`"),
    ("the optimizer's state holds an unknown tensor `{}`", "优化器状态中有未知的张量 `{0}`"),
    ("`{}` has {} running means, expected {} of each kind", "`{0}` 的滑动平均有 {1} 个，每种应有 {2} 个"),
    ("it has running means of parameters that are not there", "其中有不存在的参数的滑动平均"),
    ("tensor `{}` holds {}, expected F32", "张量 `{0}` 的类型是 {1}，应为 F32"),
];

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use drivetrain::data::DataError;
    use drivetrain::nn::NnError;
    use drivetrain::train::{CheckpointStore, safetensors_from};

    use super::*;
    use crate::chinese::describe;
    use crate::chinese::tests::is_chinese;

    fn numbers_wrong(trouble: Trouble, skipped_in_a_row: u64) -> TrainError {
        let first = "data/own.jsonl line 3 (byte 40)".to_owned();
        TrainError::NumbersWrong {
            trouble,
            epoch: 1,
            batch: 2,
            step: 30,
            first,
            skipped_in_a_row,
            model: ModelAtEnd::Sound,
        }
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
            TrainError::NoAutodiff { device: "flex".into() },
            TrainError::OtherRun { changes: vec![change] },
            TrainError::Stopped,
            numbers_wrong(Trouble::Loss(f64::NAN), 0),
            numbers_wrong(Trouble::Gradient(f64::INFINITY), 1),
            numbers_wrong(Trouble::ValidationLoss(f64::NAN), 2),
            numbers_wrong(Trouble::Score(f64::NAN), 0),
            numbers_wrong(Trouble::Spike { loss: 9.0, mean: 1.0, z: 8.5 }, 0),
        ] {
            let told = describe(&error);
            assert!(is_chinese(&told), "{told}");
            for word in ["expected", "must", "line", "batch", "not set"] {
                assert!(!told.contains(word), "{told}");
            }
        }
        assert_eq!(
            describe(&numbers_wrong(Trouble::Loss(f64::NAN), 2)),
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
}
