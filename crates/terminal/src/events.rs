use std::time::Duration;

use super::{Event, Incident, Lang, Line, Rescheduled, RunStart, Summary, Tone, Validated, say_duration};
use crate::{Trouble, tr};

/// A number with its noun: `1 epoch`, `2 epochs`.
///
/// ```
/// # use drivetrain_train::counted;
/// assert_eq!(counted(1, "batch", "batches"), "1 batch");
/// assert_eq!(counted(0, "batch", "batches"), "0 batches");
/// ```
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many samples of a batch are named.
const SHOWN: usize = 3;

/// An event as lines for people; most events have none. The console and the log file say the same.
#[must_use]
pub fn describe(event: &Event<'_>, lang: Lang) -> Vec<Line> {
    let line = |tone, text| vec![Line::new(tone, text)];
    match event {
        Event::RunStart(start) => opening(start, lang),
        Event::Validated(validated) => epoch_lines(validated, lang),
        Event::NewBest { score, former: None, .. } => {
            line(Tone::Good, tr!(lang, "  ★ first best: score {score:.5}", "  ★ 首个最佳：得分 {score:.5}"))
        }
        Event::NewBest { score, former: Some(former), .. } => {
            let text = tr!(
                lang,
                "  ★ new best: score {former:.5} → {score:.5}",
                "  ★ 新的最佳：得分 {former:.5} → {score:.5}"
            );
            line(Tone::Good, text)
        }
        Event::LearningRate { old, new, .. } => {
            let text = tr!(lang, "  ↓ learning rate {old:.3e} → {new:.3e}", "  ↓ 学习率 {old:.3e} → {new:.3e}");
            line(Tone::Change, text)
        }
        Event::Dropout { old, new, .. } => line(
            Tone::Change,
            tr!(
                lang,
                "  ↑ dropout {old:.3} → {new:.3} (training loss falls, validation loss rises); patience restarts",
                "  ↑ dropout {old:.3} → {new:.3}（训练损失下降而验证损失上升）；早停重新计数"
            ),
        ),
        Event::NearEarlyStop { count, patience, .. } => line(
            Tone::Warning,
            tr!(
                lang,
                "  ! {count} of {patience} validations without improvement before early stop",
                "  ! 已连续 {count} 次验证没有提升，满 {patience} 次即早停"
            ),
        ),
        Event::EarlyStop { count, best, .. } => {
            let best = best.map_or_else(String::new, |best| {
                let (epoch, score) = (best.epoch + 1, best.score);
                tr!(lang, "; best: epoch {epoch}, score {score:.5}", "；最佳：第 {epoch} 轮，得分 {score:.5}")
            });
            let validations = counted(*count, "validation", "validations");
            let text = tr!(
                lang,
                "  ■ early stop: {validations} without improvement{best}",
                "  ■ 早停：连续 {count} 次验证没有提升{best}"
            );
            line(Tone::Head, text)
        }
        Event::Incident(incident) => incident_lines(incident, lang),
        Event::SaveFailed { error, retry_after } => {
            let next = say_duration(*retry_after);
            let text = match retry_after.is_zero() {
                false => tr!(
                    lang,
                    "  ! the checkpoint could not be saved: {error}; earlier ones are untouched, the next try is in {next}",
                    "  ! 检查点未能保存：{error}；先前的检查点完好，{next} 后重试"
                ),
                true => tr!(
                    lang,
                    "  ! the last checkpoint could not be saved: {error}; earlier ones are untouched",
                    "  ! 最后一个检查点未能保存：{error}；先前的检查点完好"
                ),
            };
            line(Tone::Warning, text)
        }
        Event::RunEnd(summary) => closing(summary, lang),
        _ => Vec::new(),
    }
}

fn opening(start: &RunStart, lang: Lang) -> Vec<Line> {
    let head = match start.resumed_at {
        None => tr!(lang, "training starts", "训练开始"),
        Some(at) => {
            let (epoch, batch, step) = (at.epoch + 1, at.batch, at.step);
            tr!(
                lang,
                "training goes on at epoch {epoch}, batch {batch}, step {step}",
                "训练继续：第 {epoch} 轮，第 {batch} 批，第 {step} 步"
            )
        }
    };
    let mut lines = vec![Line::new(Tone::Head, head)];
    let mut fields = Vec::new();
    flatten("", &start.config, &mut fields);
    lines.extend(
        sections(&fields)
            .iter()
            .map(|(section, fields)| Line::new(Tone::Faint, format!("  {section:<23} {}", fields.join("  ")))),
    );
    let RunStart { parameters, train_samples, batches, validation_samples, learning_rate, dropout, .. } = start;
    let (device, instruction_set, threads) = (&start.device, start.instruction_set, start.threads);
    let in_batches = counted(*batches as u64, "batch", "batches");
    let on_threads = counted(threads as u64, "thread", "threads");
    let mut facts = vec![
        (tr!(lang, "parameters", "参数量"), parameters.to_string()),
        (
            tr!(lang, "training samples", "训练样本"),
            tr!(lang, "{train_samples} in {in_batches}", "{train_samples}，共 {batches} 批"),
        ),
        (tr!(lang, "validation samples", "验证样本"), validation_samples.to_string()),
        (
            tr!(lang, "starting at", "起点"),
            tr!(
                lang,
                "learning rate {learning_rate:.2e}, dropout {dropout:.3}",
                "学习率 {learning_rate:.2e}，dropout {dropout:.3}"
            ),
        ),
        (
            tr!(lang, "device", "设备"),
            tr!(lang, "{device}, {instruction_set}, {on_threads}", "{device}，{instruction_set}，{threads} 线程"),
        ),
    ];
    if let Some(best) = start.best {
        let (score, epoch) = (best.score, best.epoch + 1);
        let text = tr!(lang, "score {score:.5} in epoch {epoch}", "得分 {score:.5}，第 {epoch} 轮");
        facts.push((tr!(lang, "best so far", "目前最佳"), text));
    }
    lines.extend(facts.iter().map(|(name, value)| {
        // A Chinese character is two columns wide.
        let width = 23_usize.saturating_sub(name.chars().filter(|c| !c.is_ascii()).count());
        Line::new(Tone::Plain, format!("  {name:<width$} {value}"))
    }));
    lines.extend(start.rescheduled.map(|rescheduled| reschedule_line(rescheduled, lang)));
    lines
}

/// What becomes of the learning rate of a run that is longer or shorter than it was.
fn reschedule_line(rescheduled: Rescheduled, lang: Lang) -> Line {
    let Rescheduled { old_steps, new_steps, old_rate, new_rate, last_rate } = rescheduled;
    let text = tr!(
        lang,
        "  ! the learning-rate schedule now ends at step {new_steps} instead of {old_steps}: the rate is {new_rate:.2e} \
         (it would have been {old_rate:.2e}) and {last_rate:.2e} at the last step",
        "  ! 学习率计划现止于第 {new_steps} 步（原为第 {old_steps} 步）：学习率为 {new_rate:.2e}（原应为 {old_rate:.2e}），最后一步为 {last_rate:.2e}"
    );
    Line::new(Tone::Change, text)
}

fn closing(summary: &Summary, lang: Lang) -> Vec<Line> {
    let time = say_duration(Duration::from_secs_f64(summary.seconds));
    let best = summary.best.map_or_else(
        || tr!(lang, "no validation yet", "尚未验证"),
        |best| {
            let (score, epoch) = (best.score, best.epoch + 1);
            tr!(lang, "best score {score:.5} in epoch {epoch}", "最佳得分 {score:.5}（第 {epoch} 轮）")
        },
    );
    let (epochs, steps) = (summary.epochs, summary.steps);
    let after = format!("{}, {}", counted(epochs, "epoch", "epochs"), counted(steps, "step", "steps"));
    let text =
        tr!(lang, "training ends after {after}, {time}: {best}", "训练结束：{epochs} 轮，{steps} 步，{time}；{best}");
    let mut lines = vec![Line::new(Tone::Head, text)];
    if summary.saves > 0 {
        let share = summary.save_wait.as_secs_f64() / summary.seconds.max(1e-9) * 100.0;
        let (count, wait) = (summary.saves, say_duration(summary.save_wait));
        let what = if count == 1 { "checkpoint" } else { "checkpoints" };
        let text = tr!(
            lang,
            "  {count} {what}; training waited {wait} for them ({share:.2} %)",
            "  {count} 个检查点；训练为此等待 {wait}（{share:.2} %）"
        );
        lines.push(Line::new(Tone::Faint, text));
    }
    if summary.skipped_batches > 0 {
        let count = summary.skipped_batches;
        let what = if count == 1 { "batch was skipped: its" } else { "batches were skipped: their" };
        let text = tr!(lang, "  {count} {what} numbers were wrong", "  有 {count} 批因数值异常被跳过");
        lines.push(Line::new(Tone::Warning, text));
    }
    lines
}

/// What is wrong with which samples.
fn incident_lines(incident: &Incident<'_>, lang: Lang) -> Vec<Line> {
    let Incident { trouble, epoch, batch, step, samples, is_skipped } = incident;
    let what = match is_skipped {
        _ if trouble.is_of_validation() => validation_outcome(*is_skipped, lang),
        true => tr!(lang, "the batch is skipped", "跳过该批"),
        false => tr!(lang, "training stops before it touches the weights", "训练停止，权重未被触及"),
    };
    let epoch = epoch + 1;
    let trouble = match trouble {
        _ if lang == Lang::En => trouble.to_string(),
        Trouble::Loss(value) => format!("损失变为 {value}"),
        Trouble::Gradient(value) => format!("梯度范数变为 {value}"),
        Trouble::ValidationLoss(value) => format!("验证损失变为 {value}"),
        Trouble::Score(value) => format!("验证得分变为 {value}"),
        Trouble::Spike { loss, mean, z } => format!("损失跃升至 {loss:.4}，高出此前均值 {mean:.4} 达 {z:.1} 个标准差"),
    };
    let text = match incident.trouble.is_of_validation() {
        false => tr!(
            lang,
            "  ! {trouble} at step {step} (epoch {epoch}, batch {batch}): {what}",
            "  ! 第 {step} 步（第 {epoch} 轮，第 {batch} 批）{trouble}：{what}"
        ),
        true => tr!(
            lang,
            "  ! {trouble} after step {step} (epoch {epoch}; first in batch {batch} of the validation set): {what}",
            "  ! 第 {step} 步之后（第 {epoch} 轮；验证集中首见于第 {batch} 批）{trouble}：{what}"
        ),
    };
    let mut lines = vec![Line::new(Tone::Warning, text)];
    lines.extend(samples.iter().take(SHOWN).map(|sample| Line::new(Tone::Faint, format!("      {}", sample.place))));
    if samples.len() > SHOWN {
        let more = samples.len() - SHOWN;
        lines.push(Line::new(Tone::Faint, tr!(lang, "      and {more} more", "      另有 {more} 个")));
    }
    lines
}

/// What becomes of a model whose validation was not finite.
fn validation_outcome(goes_on: bool, lang: Lang) -> String {
    match goes_on {
        true => tr!(
            lang,
            "this model cannot be the best; either it has diverged, or a sample is damaged",
            "该模型不会成为最佳；模型已发散，或样本已损坏"
        ),
        false => tr!(
            lang,
            "the model has diverged, or validation samples are damaged; training stops, and this model is not saved",
            "模型已发散，或验证样本已损坏；训练停止，且不保存该模型"
        ),
    }
}

/// What to look at first, then the rest.
fn epoch_lines(validated: &Validated<'_>, lang: Lang) -> Vec<Line> {
    let record = validated.record;
    let with_change = |of: fn(&crate::EpochRecord) -> f64| match validated.previous {
        Some(previous) => format!("{:.4} ({:+.4})", of(record), of(record) - of(previous)),
        None => format!("{:.4}", of(record)),
    };
    let (epoch, epochs) = (record.epoch + 1, validated.epochs);
    let score = with_change(|record| record.score);
    let (train, validation) = (with_change(|record| record.train_loss), with_change(|record| record.validation_loss));
    let figures: Vec<String> = record.figures.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
    let (step, rate, dropout) = (record.step, record.learning_rate, record.dropout);
    let speed = validated.interval.samples_per_second();
    let (time, validation_time) = (say_duration(validated.interval.wall), say_duration(validated.validation_time));
    vec![
        Line::new(
            Tone::Head,
            tr!(
                lang,
                "epoch {epoch}/{epochs}  score {score}  train loss {train}  validation loss {validation}",
                "第 {epoch}/{epochs} 轮  得分 {score}  训练损失 {train}  验证损失 {validation}"
            ),
        ),
        Line::new(Tone::Plain, format!("  {}", figures.join("  "))),
        Line::new(
            Tone::Faint,
            tr!(
                lang,
                "  step {step}  learning rate {rate:.2e}  dropout {dropout:.3}  {speed:.0} samples/s  training {time}  validation {validation_time}",
                "  第 {step} 步  学习率 {rate:.2e}  dropout {dropout:.3}  {speed:.0} 样本/秒  训练 {time}  验证 {validation_time}"
            ),
        ),
    ]
}

/// The fields of each section of a configuration: `trainer.optimizer` has `beta1 0.9`, ….
fn sections(fields: &[(String, String)]) -> Vec<(&str, Vec<String>)> {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    for (path, value) in fields {
        let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
        let field = format!("{name} {value}");
        match sections.iter_mut().find(|(known, _)| *known == section) {
            Some((_, fields)) => fields.push(field),
            None => sections.push((section, vec![field])),
        }
    }
    sections
}

/// A nested configuration as pairs of `model.d_model` and its value.
pub fn flatten(path: &str, value: &serde_json::Value, fields: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(inner) => {
            for (name, value) in inner {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, fields);
            }
        }
        serde_json::Value::String(text) => fields.push((path.to_owned(), text.clone())),
        other => fields.push((path.to_owned(), other.to_string())),
    }
}
