//! A run's events as lines for people.

use std::time::Duration;

use drivetrain_train::{
    Event, Incident, Monitor, Monitored, Notice, Outlier, Rescheduled, RunStart, Summary, Validated, ValidationRecord,
    flatten,
};

use crate::language::Lang;
use crate::output::{Line, Tone};
use crate::text::{counted, format_duration};
use crate::tr;

/// An event as lines for people; most events have none. The console and the log file print the same.
#[must_use]
pub fn describe(event: &Event<'_>, lang: Lang) -> Vec<Line> {
    let line = |tone, text| vec![Line::new(tone, text)];
    match event {
        Event::RunStart(start) => opening(start, lang),
        Event::Notice { notice, .. } => line(Tone::Warning, format!("  ! {}", notice_text(notice, lang))),
        Event::Validated(validated) => epoch_lines(validated, lang),
        Event::NewBest { .. } => line(Tone::Good, format!("  ★ {}", change_text(event, lang))),
        Event::LearningRate { .. } => line(Tone::Change, format!("  ↓ {}", change_text(event, lang))),
        Event::Dropout { .. } => line(Tone::Change, format!("  ↑ {}", change_text(event, lang))),
        Event::NearEarlyStop { .. } => line(Tone::Warning, format!("  ! {}", change_text(event, lang))),
        Event::EarlyStop { .. } => line(Tone::Head, format!("  ■ {}", change_text(event, lang))),
        Event::Incident(incident) => incident_lines(incident, lang),
        Event::SaveFailed { error, retry_after } => {
            let next = format_duration(*retry_after);
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
                "training resumes at epoch {epoch}, batch {batch}, step {step}",
                "训练继续：第 {epoch} 轮，第 {batch} 批，第 {step} 步"
            )
        }
    };
    let mut lines = vec![Line::new(Tone::Head, head)];
    let mut fields = Vec::new();
    flatten("", &start.config, &mut fields);
    if start.own_optimizer.is_some() {
        fields.retain(|(path, _)| !is_of_an_algorithm(path));
    }
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
    if let Some(optimizer) = &start.own_optimizer {
        let text = tr!(
            lang,
            "{optimizer}, the program's own, in place of the configured one",
            "{optimizer}（程序自带，取代配置中的优化器）"
        );
        facts.insert(0, (tr!(lang, "optimizer", "优化器"), text));
    }
    if let Some(best) = start.best {
        let (name, value, epoch) = (name_of(&start.monitored, lang), best.value, best.epoch + 1);
        let text = tr!(lang, "{name} {value:.5} in epoch {epoch}", "{name} {value:.5}，第 {epoch} 轮");
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

/// The settings of an optimizer that apply to any algorithm, including one of the program's own.
const OF_ANY_OPTIMIZER: [&str; 6] = ["learning_rate", "weight_decay", "clip_norm", "decayed", "layer_decay", "groups"];

/// Whether a field of a configuration is specific to an optimizer's algorithm.
fn is_of_an_algorithm(path: &str) -> bool {
    let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
    (section == "optimizer" || section.ends_with(".optimizer")) && !OF_ANY_OPTIMIZER.contains(&name)
}

/// A notice as text, without a mark in front.
#[must_use]
pub fn notice_text(notice: &Notice, lang: Lang) -> String {
    match notice {
        _ if lang == Lang::En => notice.to_string(),
        Notice::UnseededModules { modules } => {
            let modules = modules.join("、");
            format!(
                "模型中的 {modules} 抽取的随机数不由种子决定：两次训练会不同，继续的训练也与未中断的不同；请改用 `mode.dropout(x, site)`"
            )
        }
        Notice::SkippedLines(skipped) => {
            let lines = skipped.first.iter().map(|line| format!("\n  第 {} 行：{}", line.line, line.problem));
            format!("跳过了 {} 行，它们不是样本：{}", skipped.count, lines.collect::<String>())
        }
        Notice::Truncated(truncated) => {
            format!("{} 个样本超过 max_len：末尾共截去 {} 个 token", truncated.samples, truncated.ids)
        }
        Notice::Other(text) => text.clone(),
    }
}

/// What happens to the learning rate of a run whose length has changed.
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
    let time = format_duration(Duration::from_secs_f64(summary.seconds));
    let best = summary.best.map_or_else(
        || tr!(lang, "no validation yet", "尚未验证"),
        |best| {
            let (name, value, epoch) = (name_of(&summary.monitored, lang), best.value, best.epoch + 1);
            tr!(lang, "best {name} {value:.5} in epoch {epoch}", "最佳{name} {value:.5}（第 {epoch} 轮）")
        },
    );
    let (epochs, steps) = (summary.epochs, summary.steps);
    let after = format!("{}, {}", counted(epochs, "epoch", "epochs"), counted(steps, "step", "steps"));
    let text =
        tr!(lang, "training ends after {after}, {time}: {best}", "训练结束：{epochs} 轮，{steps} 步，{time}；{best}");
    let mut lines = vec![Line::new(Tone::Head, text)];
    if let Some(observer) = &summary.stopped_by {
        let text = tr!(lang, "  stopped by the observer {observer}", "  由观察器 {observer} 要求停止");
        lines.push(Line::new(Tone::Plain, text));
    }
    if summary.saves > 0 {
        let share = summary.save_wait.as_secs_f64() / summary.seconds.max(1e-9) * 100.0;
        let (count, wait) = (summary.saves, format_duration(summary.save_wait));
        let what = if count == 1 { "checkpoint" } else { "checkpoints" };
        let text = tr!(
            lang,
            "  {count} {what}; training waited {wait} for them ({share:.2}%)",
            "  {count} 个检查点；训练为此等待 {wait}（{share:.2}%）"
        );
        lines.push(Line::new(Tone::Faint, text));
    }
    if summary.skipped_batches > 0 {
        let count = summary.skipped_batches;
        let batches = counted(count, "batch was skipped", "batches were skipped");
        let text = tr!(
            lang,
            "  {batches}: non-finite loss or gradient, or loss spike",
            "  跳过 {count} 批：损失或梯度不是有限数，或损失突增"
        );
        lines.push(Line::new(Tone::Warning, text));
    }
    lines
}

/// The name of the value that validations are compared by.
fn name_of(monitored: &Monitored, lang: Lang) -> String {
    match &monitored.monitor {
        Monitor::Loss => tr!(lang, "validation loss", "验证损失"),
        Monitor::Score => tr!(lang, "score", "得分"),
        other => other.name().to_owned(),
    }
}

/// A change of the run as text: English as the event itself has it, or Chinese.
fn change_text(event: &Event<'_>, lang: Lang) -> String {
    match event {
        _ if lang == Lang::En => event.to_string(),
        Event::NewBest { monitored, value, former, .. } => {
            let name = name_of(monitored, lang);
            match former {
                None => format!("首个最佳：{name} {value:.5}"),
                Some(former) => format!("新的最佳：{name} {former:.5} → {value:.5}"),
            }
        }
        Event::LearningRate { old, new, .. } => format!("学习率 {old:.3e} → {new:.3e}"),
        Event::Dropout { old, new, .. } => {
            format!("dropout {old:.3} → {new:.3}（训练损失下降而验证损失上升）；早停重新计数")
        }
        Event::NearEarlyStop { count, patience, .. } => {
            format!("已连续 {count} 次验证没有提升，满 {patience} 次即早停")
        }
        Event::EarlyStop { count, best, monitored, .. } => {
            let name = name_of(monitored, lang);
            let best = best
                .map_or_else(String::new, |best| format!("；最佳：第 {} 轮，{name} {:.5}", best.epoch + 1, best.value));
            format!("早停：连续 {count} 次验证没有提升{best}")
        }
        _ => String::new(),
    }
}

/// An incident and where the first samples of its batch come from.
fn incident_lines(incident: &Incident<'_>, lang: Lang) -> Vec<Line> {
    let text = match lang {
        Lang::En => incident.to_string(),
        Lang::Zh => incident_in_chinese(incident),
    };
    let mut lines = vec![Line::new(Tone::Warning, format!("  ! {text}"))];
    let (places, more) = incident.first_places();
    lines.extend(places.iter().map(|place| Line::new(Tone::Faint, format!("      {place}"))));
    if more > 0 {
        lines.push(Line::new(Tone::Faint, tr!(lang, "      and {more} more", "      另有 {more} 个")));
    }
    lines
}

fn incident_in_chinese(incident: &Incident<'_>) -> String {
    let Incident { outlier, epoch, batch, step, is_skipped, .. } = incident;
    let epoch = epoch + 1;
    let problem = match outlier {
        Outlier::NonFiniteLoss(value) => format!("损失变为 {value}"),
        Outlier::NonFiniteGradient(value) => format!("梯度范数变为 {value}"),
        Outlier::NonFiniteValidationLoss(value) => format!("验证损失变为 {value}"),
        Outlier::NonFiniteScore(value) => format!("验证得分变为 {value}"),
        Outlier::NonFiniteMetric { name, value } => format!("验证指标 `{name}` 变为 {value}"),
        Outlier::LossSpike { loss, mean, z } => {
            format!("损失跃升至 {loss:.4}，高出此前均值 {mean:.4} 达 {z:.1} 个标准差")
        }
    };
    let outcome = match (outlier.is_of_validation(), is_skipped) {
        (true, true) => "该模型不会成为最佳；模型已发散，或样本已损坏",
        (true, false) => "模型已发散，或验证样本已损坏；训练停止，且不保存该模型",
        (false, true) => "跳过该批",
        (false, false) => "训练停止，权重未被触及",
    };
    match outlier.is_of_validation() {
        true => format!("第 {step} 步之后（第 {epoch} 轮；验证集中首见于第 {batch} 批）{problem}：{outcome}"),
        false => format!("第 {step} 步（第 {epoch} 轮，第 {batch} 批）{problem}：{outcome}"),
    }
}

/// The most important numbers first, then the rest.
fn epoch_lines(validated: &Validated<'_>, lang: Lang) -> Vec<Line> {
    let record = validated.record;
    let with_change = |of: fn(&ValidationRecord) -> f64| match validated.previous {
        Some(previous) => format!("{:.4} ({:+.4})", of(record), of(record) - of(previous)),
        None => format!("{:.4}", of(record)),
    };
    let (epoch, epochs) = (record.epoch + 1, validated.epochs);
    let score = with_change(|record| record.score);
    let (train, validation) = (with_change(|record| record.train_loss), with_change(|record| record.validation_loss));
    let metrics: Vec<String> = record.metrics.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
    let (step, rate, dropout) = (record.step, record.learning_rate, record.dropout);
    let speed = validated.throughput.samples_per_second();
    let (time, validation_time) =
        (format_duration(validated.throughput.wall), format_duration(validated.validation_time));
    vec![
        Line::new(
            Tone::Head,
            tr!(
                lang,
                "epoch {epoch}/{epochs}  score {score}  train loss {train}  validation loss {validation}",
                "第 {epoch}/{epochs} 轮  得分 {score}  训练损失 {train}  验证损失 {validation}"
            ),
        ),
        Line::new(Tone::Plain, format!("  {}", metrics.join("  "))),
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
