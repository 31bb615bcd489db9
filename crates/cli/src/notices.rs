//! The notices of a training run, in the user's language.

use drivetrain::data::SkippedLines;
use drivetrain::run::RunNotice;
use drivetrain::terminal::{Lang, counted};
use drivetrain::tr;
use drivetrain::train::Change;
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
        Notice::SkippedLines(skipped) => terminal().warn(&skipped_lines(skipped)),
        Notice::Truncated { samples, tokens } => {
            let are_longer = counted(*samples, "sample is", "samples are");
            let were_cut = counted(*tokens, "token was", "tokens were");
            let ends = if *samples == 1 { "its end" } else { "their ends" };
            terminal().warn(&tr!(
                lang(),
                "{are_longer} longer than max_len: {were_cut} cut from {ends}",
                "{samples} 个样本超过 max_len：末尾共截去 {tokens} 个 token"
            ));
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

fn skipped_lines(skipped: &SkippedLines) -> String {
    let what = if skipped.count == 1 { "line is no sample and was" } else { "lines are no samples and were" };
    let count = skipped.count;
    let mut text = tr!(lang(), "{count} {what} skipped:", "跳过了 {count} 行，它们不是样本：");
    for line in &skipped.first {
        let (number, problem) = (line.line, &line.problem);
        text += &match lang() {
            Lang::En => format!("\n  line {number}: {problem}"),
            Lang::Zh => format!("\n  第 {number} 行：{}", chinese::translate(problem)),
        };
    }
    text
}
