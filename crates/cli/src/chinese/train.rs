//! What goes wrong while training, saving or resuming.

use drivetrain::train::{Change, ModelAtEnd, Outlier, TrainError};
use serde_json::Value;

use super::io::io_error;
use super::translate::translate;
use super::{data, fields};

pub(super) fn describe(error: &TrainError) -> String {
    match error {
        TrainError::Data(error) => data::describe(error),
        TrainError::Model(error) => fields::describe_model(error),
        TrainError::Io { path, source } => format!("{}：{}", path.display(), io_error(source)),
        TrainError::Config { field, found, expected } => fields::problem(field, found, expected),
        TrainError::UnknownMetric { name, known } => {
            let names = ["loss", "score"].into_iter().chain(known.iter().map(String::as_str));
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            format!("没有名为 `{name}` 的指标：`monitor` 可为 {}", names.join("、"))
        }
        TrainError::NoMode { name } => {
            format!("监控指标 `{name}`，但它没有说明哪个方向更好：请将 `mode` 设为 \"min\" 或 \"max\"")
        }
        TrainError::Schedule { problem } => format!("学习率计划无法从检查点的状态继续：{}", translate(problem)),
        TrainError::LearningRate { step, rate } => {
            format!("学习率计划在第 {step} 步给出 {rate}，但学习率须为不小于 0 的有限数：请修正计划或其参数后继续训练")
        }
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
        TrainError::ObserverPanicked { name, event, message } => {
            format!("观察器 {name} 在事件 {event} 时崩溃：`{message}`；如有检查点，训练已保存")
        }
        TrainError::NothingValidated => "还没有一次验证得到有限的损失和监控值，因此没有最佳模型；请先训练".to_owned(),
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
        TrainError::NoSuchParameter { pattern, closest } => {
            let closest: Vec<String> = closest.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "参数组的模式 `{pattern}` 与模型的任何参数都不匹配；最接近的是 {}；`*` 代表任意一串字符",
                closest.join("、")
            )
        }
        TrainError::NothingToTrain { parameters } => {
            format!("参数组冻结了模型的全部 {parameters} 个参数：请留一些参与训练")
        }
        TrainError::OtherRun { changes } => {
            let listed: String = changes.iter().map(|one| format!("\n  {}", change(one))).collect();
            format!(
                "检查点属于另一次训练：{listed}\n请用保存时的配置和数据继续，或用 `Trainer::allow_changes` 列出允许不同的配置项"
            )
        }
        TrainError::Identity(problem) => format!("配置无法写成 JSON：{}", translate(problem)),
        TrainError::Outlier { outlier, epoch, batch, step, first, skipped_in_a_row, model } => format!(
            "第 {step} 步{}{}（第 {} 轮，批次 {batch}，首个样本在 {}）；{}{}",
            if outlier.is_of_validation() { "之后" } else { "" },
            outlier_name(outlier),
            epoch + 1,
            translate(first),
            outcome(outlier, *model),
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

/// The difference between two runs in one field.
#[must_use]
pub(crate) fn change(change: &Change) -> String {
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

fn outlier_name(outlier: &Outlier) -> String {
    match outlier {
        Outlier::NonFiniteLoss(value) => format!("损失变为 {value}"),
        Outlier::NonFiniteGradient(value) => format!("梯度范数变为 {value}"),
        Outlier::NonFiniteValidationLoss(value) => format!("验证损失变为 {value}"),
        Outlier::NonFiniteScore(value) => format!("验证得分变为 {value}"),
        Outlier::NonFiniteMetric { name, value } => format!("验证指标 `{name}` 变为 {value}"),
        Outlier::LossSpike { loss, mean, z } => {
            format!("损失跃升至 {loss:.4}，高出此前均值 {mean:.4} 达 {z:.1} 个标准差")
        }
    }
}

/// The state in which the run is left.
fn outcome(outlier: &Outlier, model: ModelAtEnd) -> String {
    let why = match (outlier.is_of_validation(), model) {
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

/// Either a list, `; checkpoint … cannot be used: …; checkpoint …`, or a single remark.
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
