//! The notices of a training run, in the user's language.

use drivetrain::data::SkippedLines;
use drivetrain::run::RunNotice;
use drivetrain::terminal::{Lang, counted, notice_text};
use drivetrain::tr;
use drivetrain::train::{self, Change};
use tabular_sense::train::Notice;

use crate::chinese;
use crate::error::in_words;
use crate::terminal::{lang, terminal};

/// Prints a notice, or a warning.
pub(crate) fn print(notice: &Notice) {
    match notice {
        Notice::Run(RunNotice::NoCheckpoint { run }) => {
            let run = run.display();
            terminal().print(&tr!(
                lang(),
                "{run} has no checkpoint yet: the run starts at its beginning",
                "{run} 尚无检查点：从头开始"
            ));
        }
        Notice::Run(RunNotice::DamagedCheckpoint { problem, older }) => {
            let (problem, older) = (in_words(problem), older.display());
            terminal().warn(&tr!(lang(), "warning: {problem}; resuming from {older}", "警告：{problem}；改从 {older} 继续"));
        }
        Notice::Run(RunNotice::Changed(change)) => {
            let change = change_in_words(change);
            terminal().print(&tr!(
                lang(),
                "changed since the run was saved: {change}",
                "自上次保存以来已更改：{change}"
            ));
        }
        Notice::StartsFrom { folder, tensors, is_head_new } => {
            let folder = folder.display();
            let loaded = counted(*tensors as u64, "tensor", "tensors");
            let text = match is_head_new {
                true => tr!(
                    lang(),
                    "starting from {folder}: {loaded} loaded; the head is new, since the model has other types",
                    "从 {folder} 开始：载入 {tensors} 个张量；该模型的类型不同，因此分类头是新的"
                ),
                false => tr!(lang(), "starting from {folder}: {loaded} loaded", "从 {folder} 开始：载入 {tensors} 个张量"),
            };
            terminal().print(&text);
        }
        Notice::SkippedLines(skipped) => {
            let notice = train::Notice::SkippedLines(in_language(skipped.clone()));
            terminal().warn(&notice_text(&notice, lang()));
        }
        Notice::Truncated(truncated) => {
            terminal().warn(&notice_text(&train::Notice::Truncated(*truncated), lang()));
        }
        Notice::OneSamplePerBatch { token_budget } => terminal().warn(&tr!(
            lang(),
            "every batch is one sample: no two of them fit into data.token_budget = {token_budget} tokens; a larger one trains faster",
            "每批只有一个样本：data.token_budget = {token_budget} 个 token 容不下两个；增大它可加快训练"
        )),
        Notice::Complete { run, epochs, steps, early_stop } => {
            let run = run.display();
            let done = format!("{}, {}", counted(*epochs, "epoch", "epochs"), counted(*steps, "step", "steps"));
            terminal().print(&tr!(lang(), "{run} is trained: {done}", "{run} 已训练完毕：{epochs} 轮，{steps} 步"));
            if let Some((count, patience)) = early_stop {
                let validations = counted(*count, "validation", "validations");
                terminal().print(&tr!(
                    lang(),
                    "early stopping ended it after {validations} without improvement (trainer.early_stop.patience = {patience}); \
                     to train on, raise that in {run}/config.toml and add --allow-change trainer.early_stop.patience",
                    "连续 {count} 次验证没有提升，已早停（trainer.early_stop.patience = {patience}）；若要继续训练，请在 {run}/config.toml 中调大它，并加上 --allow-change trainer.early_stop.patience"
                ));
            }
        }
    }
}

fn change_in_words(change: &Change) -> String {
    match lang() {
        Lang::En => change.to_string(),
        Lang::Zh => chinese::change(change),
    }
}

/// The lines with what is wrong with them in the user's language.
fn in_language(mut skipped: SkippedLines) -> SkippedLines {
    if lang() == Lang::Zh {
        skipped.first.iter_mut().for_each(|line| line.problem = chinese::translate(&line.problem));
    }
    skipped
}
