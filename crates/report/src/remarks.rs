//! What the figures mean, in plain words, each with its evidence. docs/diagnosis.md explains every one of them.

use drivetrain_terminal::{Lang, counted, tr};

use crate::analysis::Analysis;
use crate::data_facts::DataFacts;
use crate::history::{RunHistory, Validation};

/// Most remarks at a time: more would be read by nobody.
const MOST: usize = 5;

/// A loss below this is small whatever it was before: what is twice as much is still small.
const SMALL_LOSS: f64 = 0.02;

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something is wrong.
    Warning,
    /// Something could be better.
    Hint,
    /// All is well.
    Good,
}

/// Something that the figures say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What docs/diagnosis.md has it under.
    pub topic: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// What is so.
    pub claim: String,
    /// The figures that say so.
    pub evidence: String,
    /// What to try; empty where there is nothing.
    pub advice: String,
}

/// What is known of a run, and the language to speak.
#[derive(Clone, Copy)]
struct Known<'a> {
    history: &'a RunHistory,
    data: Option<&'a DataFacts>,
    analysis: Option<&'a Analysis>,
    lang: Lang,
}

/// What a run's figures say, the weightiest first.
#[must_use]
pub fn remarks(history: &RunHistory, data: Option<&DataFacts>, analysis: Option<&Analysis>, lang: Lang) -> Vec<Remark> {
    let known = Known { history, data, analysis, lang };
    // In the order in which they matter, within a weight.
    let all = [
        known.bad_numbers(),
        known.diverging(),
        known.overfitting(),
        known.oscillating(),
        known.never_found(),
        known.still_learning(),
        known.waiting_for_data(),
        known.slow_saves(),
        known.repeated_sample(),
        known.cut_samples(),
        known.one_label(),
        known.unequal_labels(),
        known.small_validation(),
        known.overconfident(),
    ];
    let mut found: Vec<Remark> = all.into_iter().flatten().collect();
    if found.iter().all(|remark| remark.weight != Weight::Warning) {
        found.extend(known.sound());
    }
    found.sort_by_key(|remark| remark.weight);
    found.truncate(MOST);
    found
}

impl Known<'_> {
    fn validations(&self) -> &[Validation] {
        &self.history.validations
    }

    fn bad_numbers(&self) -> Option<Remark> {
        let count = self.history.mishaps.len();
        let first = self.history.mishaps.first()?;
        let (what, step) = (&first.what, first.step);
        let times = counted(count as u64, "time", "times");
        Some(Remark {
            topic: "bad-numbers",
            weight: Weight::Warning,
            claim: tr!(self.lang, "Numbers went wrong.", "数值出现异常。"),
            evidence: tr!(
                self.lang,
                "{times}; the first at step {step}: {what}.",
                "共 {count} 次；最早在第 {step} 步：{what}。"
            ),
            advice: tr!(
                self.lang,
                "Look at their samples in incidents/; a lower learning rate often helps.",
                "请查看 incidents/ 中的样本；降低学习率常有帮助。"
            ),
        })
    }

    /// The training loss is far above what it has been: it has lost a good part of what it had won, and is not small.
    fn diverging(&self) -> Option<Remark> {
        let losses: Vec<f64> = self.validations().iter().map(|v| v.train_loss).collect();
        let (&last, before) = losses.split_last()?;
        let best = before.iter().copied().fold(f64::INFINITY, f64::min);
        let won = before.first()? - best;
        let is_far_above = last > 2.0 * best && last - best > 0.1 * won && last > SMALL_LOSS;
        (best.is_finite() && (is_far_above || last.is_nan())).then(|| Remark {
            topic: "diverging",
            weight: Weight::Warning,
            claim: tr!(self.lang, "Training has diverged.", "训练已发散。"),
            evidence: tr!(
                self.lang,
                "The training loss is {last:.4}, after {best:.4} before.",
                "训练损失为 {last:.4}，此前曾为 {best:.4}。"
            ),
            advice: tr!(
                self.lang,
                "Try a third of the learning rate, or a longer warm-up.",
                "请尝试三分之一的学习率，或更长的预热。"
            ),
        })
    }

    /// The training loss fell at each of the last three validations while the validation loss rose.
    fn overfitting(&self) -> Option<Remark> {
        let all = self.validations();
        let grows = |pair: &[Validation]| {
            pair[1].validation_loss > pair[0].validation_loss && pair[1].train_loss < pair[0].train_loss
        };
        let since = all.windows(2).rposition(|pair| !grows(pair)).map_or(0, |at| at + 1);
        let (first, last) = (all.get(since)?, all.last()?);
        let gap = |v: &Validation| v.validation_loss - v.train_loss;
        if all.len() - 1 - since < 3 || last.validation_loss < 1.05 * first.validation_loss {
            return None;
        }
        let epoch = first.epoch + 1;
        let (old, new) = (first.validation_loss, last.validation_loss);
        let (train_old, train_new) = (first.train_loss, last.train_loss);
        let (gap_old, gap_new) = (gap(first), gap(last));
        Some(Remark {
            topic: "overfitting",
            weight: Weight::Warning,
            claim: tr!(
                self.lang,
                "Overfitting: the gap between training and validation has grown since epoch {epoch}.",
                "过拟合：自第 {epoch} 轮起，训练与验证的差距不断扩大。"
            ),
            evidence: tr!(
                self.lang,
                "Validation loss {old:.4} → {new:.4} while training loss {train_old:.4} → {train_new:.4}; the gap {gap_old:.4} → {gap_new:.4}.",
                "验证损失 {old:.4} → {new:.4}，训练损失 {train_old:.4} → {train_new:.4}；差距 {gap_old:.4} → {gap_new:.4}。"
            ),
            advice: tr!(
                self.lang,
                "More samples help most; then more dropout, a smaller model, or fewer epochs. The best checkpoint is kept.",
                "增加样本最有效；其次是加大 dropout、缩小模型或减少轮数。最佳检查点已保留。"
            ),
        })
    }

    /// The training loss rises and falls in turn, by more than a tenth, at the last validations.
    fn oscillating(&self) -> Option<Remark> {
        let recent = &self.validations()[self.validations().len().saturating_sub(6)..];
        if recent.len() < 5 {
            return None;
        }
        let changes: Vec<f64> = recent.windows(2).map(|p| p[1].train_loss / p[0].train_loss - 1.0).collect();
        let turns = changes.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        let swing = changes.iter().map(|change| change.abs()).sum::<f64>() / changes.len() as f64 * 100.0;
        (turns >= 3 && swing > 10.0).then(|| Remark {
            topic: "oscillating",
            weight: Weight::Warning,
            claim: tr!(self.lang, "The learning rate looks too high.", "学习率似乎过高。"),
            evidence: tr!(
                self.lang,
                "The training loss goes up and down, by {swing:.0} % from one validation to the next.",
                "训练损失上下振荡，相邻两次验证平均变化 {swing:.0} %。"
            ),
            advice: tr!(
                self.lang,
                "Try a third of it, or a schedule that lowers it.",
                "请尝试三分之一，或使用会下降的调度。"
            ),
        })
    }

    /// Classes that are there, and of which not one was found in the last validation.
    fn never_found(&self) -> Option<Remark> {
        // What was not found at first may yet be.
        if self.validations().len() < 3 && self.history.sessions.last()?.why_ended.is_none() {
            return None;
        }
        let classes = &self.history.best()?.classes;
        let name = |class: usize| match (self.analysis, self.data) {
            (Some(analysis), _) if class < analysis.labels.len() => analysis.labels[class].code.clone(),
            (_, Some(data)) if class < data.labels.len() => data.labels[class].0.clone(),
            _ => format!("#{class}"),
        };
        let missed: Vec<String> = (0..classes.len())
            .filter(|&class| classes[class].support >= 5 && classes[class].recall == 0.0)
            .map(name)
            .collect();
        let count = missed.len();
        let names = missed.join(", ");
        (count > 0).then(|| Remark {
            topic: "never-found",
            weight: Weight::Warning,
            claim: match count {
                1 => tr!(self.lang, "One type is never found.", "有一个类型从未被识别。"),
                _ => tr!(self.lang, "{count} types are never found.", "有 {count} 个类型从未被识别。"),
            },
            evidence: tr!(
                self.lang,
                "In the best validation, recall is 0 for {names}.",
                "在最佳验证中，下列类型召回率为 0：{names}。"
            ),
            advice: tr!(
                self.lang,
                "Train longer; if it stays so, look whether their samples differ from the others at all.",
                "请训练更久；若仍如此，请检查其样本是否与其他类型有区别。"
            ),
        })
    }

    /// The score still rose by more than its noise when the epochs were over.
    fn still_learning(&self) -> Option<Remark> {
        let all = self.validations();
        let session = self.history.sessions.last()?;
        let is_last_epoch = session.why_ended.as_deref() == Some("completed");
        let [.., before, last] = all else { return None };
        let is_best = self.history.best().is_some_and(|best| best.step == last.step);
        let rise = last.score - before.score;
        if !(is_last_epoch && is_best && rise > 0.005) {
            return None;
        }
        let (old, new) = (before.score, last.score);
        Some(Remark {
            topic: "still-learning",
            weight: Weight::Hint,
            claim: tr!(self.lang, "It was still learning when it ended.", "训练结束时仍在进步。"),
            evidence: tr!(
                self.lang,
                "The last validation was the best: score {old:.4} → {new:.4}.",
                "最后一次验证即为最佳：得分 {old:.4} → {new:.4}。"
            ),
            advice: tr!(self.lang, "Give it more epochs.", "请增加训练轮数。"),
        })
    }

    fn waiting_for_data(&self) -> Option<Remark> {
        let total = self.history.total();
        let share = total.loading_s / total.training_s * 100.0;
        (share > 20.0).then(|| Remark {
            topic: "waiting-for-data",
            weight: Weight::Warning,
            claim: tr!(self.lang, "Training waits for its data.", "训练在等待数据。"),
            evidence: tr!(
                self.lang,
                "{share:.0} % of the training time went by waiting for the loader.",
                "训练时间中有 {share:.0} % 用于等待加载器。"
            ),
            advice: tr!(
                self.lang,
                "Try more data.workers or a larger data.prefetch.",
                "请增大 data.workers 或 data.prefetch。"
            ),
        })
    }

    fn slow_saves(&self) -> Option<Remark> {
        let total = self.history.total();
        let share = total.saving_s / total.training_s * 100.0;
        (share > 5.0).then(|| Remark {
            topic: "slow-saves",
            weight: Weight::Hint,
            claim: tr!(self.lang, "Saving holds up training.", "保存拖慢了训练。"),
            evidence: tr!(
                self.lang,
                "{share:.0} % of the training time went by waiting for checkpoints.",
                "训练时间中有 {share:.0} % 用于等待检查点。"
            ),
            advice: tr!(
                self.lang,
                "Save less often (trainer.checkpoint), or to a faster disk.",
                "请降低保存频率（trainer.checkpoint），或使用更快的磁盘。"
            ),
        })
    }

    /// One text is at least fifty samples and one in two hundred.
    fn repeated_sample(&self) -> Option<Remark> {
        let data = self.data?;
        let repeated = data.repeated.as_ref()?;
        let all: u64 = data.splits.iter().map(|split| split.samples).sum();
        let (count, text) = (repeated.count, &repeated.text);
        let share = count as f64 / all.max(1) as f64 * 100.0;
        (count >= 50 && share >= 0.5).then(|| Remark {
            topic: "repeated-sample",
            weight: Weight::Warning,
            claim: tr!(self.lang, "One sample text is there {count} times.", "同一样本文本重复了 {count} 次。"),
            evidence: tr!(
                self.lang,
                "`{text}` is {share:.1} % of the samples, in training and in validation: the score is too kind.",
                "`{text}` 占样本的 {share:.1} %，训练与验证中都有：得分偏高。"
            ),
            advice: tr!(self.lang, "Leave repeated samples out of the file.", "请从文件中去除重复样本。"),
        })
    }

    /// One sample in twenty is longer than the model reads.
    fn cut_samples(&self) -> Option<Remark> {
        let data = self.data?;
        let all: u64 = data.splits.iter().map(|split| split.samples).sum();
        let (cut, max_len) = (data.truncated_samples, data.max_len);
        let share = cut as f64 / all.max(1) as f64 * 100.0;
        (share > 5.0).then(|| Remark {
            topic: "cut-samples",
            weight: Weight::Hint,
            claim: tr!(self.lang, "Many samples are longer than the model reads.", "许多样本超出模型的读取长度。"),
            evidence: tr!(
                self.lang,
                "{share:.0} % of them were cut at {max_len} tokens.",
                "{share:.0} % 的样本在 {max_len} 个 token 处被截断。"
            ),
            advice: tr!(
                self.lang,
                "A larger data.max_len reads them whole, for more time.",
                "增大 data.max_len 可读全，但更耗时。"
            ),
        })
    }

    /// All training samples have the same one label, or none has any.
    fn one_label(&self) -> Option<Remark> {
        let data = self.data?;
        let mut occurring = data.labels.iter().filter(|(_, count)| *count > 0);
        let (claim, evidence) = match (occurring.next(), occurring.next()) {
            (Some(_), Some(_)) => return None,
            (Some((label, count)), None) if data.unlabelled == 0 => {
                let samples = counted(*count, "training sample is", "training samples are");
                (
                    tr!(self.lang, "Only one label occurs.", "只出现了一种标签。"),
                    tr!(self.lang, "The {samples} all {label}.", "训练样本全部（{count} 个）都是 {label}。"),
                )
            }
            (None, _) if data.unlabelled > 0 => {
                let count = data.unlabelled;
                let samples = counted(count, "training sample has", "training samples have");
                (
                    tr!(self.lang, "No label occurs.", "没有出现任何标签。"),
                    tr!(self.lang, "The {samples} no label.", "训练样本（{count} 个）都没有标签。"),
                )
            }
            _ => return None,
        };
        Some(Remark {
            topic: "one-label",
            weight: Weight::Warning,
            claim,
            evidence,
            advice: tr!(
                self.lang,
                "The model can learn to say that of everything: add samples of other types.",
                "模型只需对一切给出同样的答案：请加入其他类型的样本。"
            ),
        })
    }

    /// The most frequent label is twenty times as frequent as the rarest.
    fn unequal_labels(&self) -> Option<Remark> {
        let labels = &self.data?.labels;
        let most = labels.iter().max_by_key(|(_, count)| count)?;
        let least = labels.iter().filter(|(_, count)| *count > 0).min_by_key(|(_, count)| count)?;
        let ((most, most_count), (least, least_count)) = (most, least);
        (*most_count >= 20 * least_count).then(|| Remark {
            topic: "unequal-labels",
            weight: Weight::Hint,
            claim: tr!(self.lang, "The labels are very unequal.", "标签分布很不均衡。"),
            evidence: tr!(
                self.lang,
                "{most_count} training samples are {most}, {least_count} are {least}.",
                "训练样本中 {most} 有 {most_count} 个，{least} 只有 {least_count} 个。"
            ),
            advice: tr!(
                self.lang,
                "The score hides the rare ones: judge them by their own F1, and add samples of them.",
                "总得分会掩盖少数类型：请看各自的 F1，并补充样本。"
            ),
        })
    }

    /// Chance alone moves the score by more than a hundredth.
    fn small_validation(&self) -> Option<Remark> {
        let best = self.history.best()?;
        let samples = self.history.sessions.last()?.validation_samples;
        if samples == 0 {
            return None;
        }
        let so_many = counted(samples, "sample", "samples");
        let share = best.figure("exact_match").or_else(|| best.figure("accuracy")).unwrap_or(best.score);
        // Half the width of a 95 % interval of a share (normal approximation), never of 0.
        let share = share.clamp(0.5 / samples as f64, 1.0 - 0.5 / samples as f64);
        let noise = 1.96 * (share * (1.0 - share) / samples as f64).sqrt();
        (noise > 0.01).then(|| Remark {
            topic: "small-validation",
            weight: Weight::Hint,
            claim: tr!(self.lang, "The validation set is small.", "验证集偏小。"),
            evidence: tr!(
                self.lang,
                "With {so_many}, differences below {noise:.3} can be chance.",
                "只有 {samples} 个样本时，小于 {noise:.3} 的差异可能只是偶然。"
            ),
            advice: tr!(
                self.lang,
                "Do not choose between settings by less than that, or set more samples aside.",
                "请勿据此取舍配置，或留出更多样本。"
            ),
        })
    }

    fn overconfident(&self) -> Option<Remark> {
        let calibration = &self.analysis?.calibration;
        let error = calibration.error;
        (error > 0.05).then(|| Remark {
            topic: "overconfident",
            weight: Weight::Hint,
            claim: tr!(self.lang, "Its probabilities are not to be taken at their word.", "其概率不可尽信。"),
            evidence: tr!(
                self.lang,
                "On average they are {error:.3} away from the share that is true.",
                "平均而言，概率与实际比例相差 {error:.3}。"
            ),
            advice: tr!(
                self.lang,
                "Choose the threshold by the curve below rather than by its meaning.",
                "请按下方曲线选择阈值，而非按字面含义。"
            ),
        })
    }

    /// The loss fell, and the gap is no reason to worry.
    fn sound(&self) -> Option<Remark> {
        let all = self.validations();
        let (first, last) = (all.first()?, all.last()?);
        let best = self.history.best()?;
        let falls = last.validation_loss < first.validation_loss;
        if all.len() < 2 || !falls {
            return None;
        }
        let (old, new, train) = (first.validation_loss, last.validation_loss, last.train_loss);
        let (score, epoch) = (best.score, best.epoch + 1);
        Some(Remark {
            topic: "sound",
            weight: Weight::Good,
            claim: tr!(self.lang, "It learned, without overfitting.", "学习有效，且没有过拟合。"),
            evidence: tr!(
                self.lang,
                "Validation loss {old:.4} → {new:.4}, training loss {train:.4}; the best score {score:.4} came in epoch {epoch}.",
                "验证损失 {old:.4} → {new:.4}，训练损失 {train:.4}；最佳得分 {score:.4} 出现在第 {epoch} 轮。"
            ),
            advice: String::new(),
        })
    }
}

#[cfg(test)]
mod tests;
