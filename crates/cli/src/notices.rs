//! The notices of a training run, in the user's language.

use drivetrain::run::RunNotice;
use drivetrain::terminal::{Lang, notice_text};
use drivetrain::{tr, train};
use tabular_sense::train::Notice;

use crate::chinese;
use crate::error::in_words;
use crate::terminal::{lang, terminal};

/// Prints a notice, or a warning.
pub(crate) fn print(notice: &Notice) {
    let text = match lang() {
        Lang::En => notice.to_string(),
        Lang::Zh => in_chinese(notice),
    };
    match notice {
        Notice::Run(RunNotice::DamagedCheckpoint { .. }) => {
            terminal().warn(&tr!(lang(), "warning: {text}", "警告：{text}"))
        }
        Notice::SkippedLines(_) | Notice::Truncated(_) | Notice::OneSamplePerBatch { .. } => terminal().warn(&text),
        Notice::Run(_) | Notice::StartsFrom { .. } | Notice::Complete { .. } => {
            text.lines().for_each(|line| terminal().print(line));
        }
    }
}

fn in_chinese(notice: &Notice) -> String {
    match notice {
        Notice::Run(RunNotice::NoCheckpoint { run }) => format!("{} 尚无检查点：从头开始", run.display()),
        Notice::Run(RunNotice::DamagedCheckpoint { problem, older }) => {
            format!("{}；改从 {} 继续", in_words(problem), older.display())
        }
        Notice::Run(RunNotice::Changed(change)) => format!("自上次保存以来已更改：{}", chinese::change(change)),
        Notice::StartsFrom { folder, tensors, is_head_new } => {
            let head = if *is_head_new { "；该模型的类型不同，因此分类头是新的" } else { "" };
            format!("从 {} 开始：载入 {tensors} 个张量{head}", folder.display())
        }
        Notice::SkippedLines(skipped) => {
            let mut skipped = skipped.clone();
            skipped.first.iter_mut().for_each(|line| line.problem = chinese::translate(&line.problem));
            notice_text(&train::Notice::SkippedLines(skipped), Lang::Zh)
        }
        Notice::Truncated(truncated) => notice_text(&train::Notice::Truncated(*truncated), Lang::Zh),
        Notice::OneSamplePerBatch { token_budget } => {
            format!("每批只有一个样本：data.token_budget = {token_budget} 个 token 容不下两个；增大它可加快训练")
        }
        Notice::Complete { run, epochs, steps, early_stop } => {
            let run = run.display();
            let done = format!("{run} 已训练完毕：{epochs} 轮，{steps} 步");
            let Some((count, patience)) = early_stop else { return done };
            format!(
                "{done}\n连续 {count} 次验证没有提升，已早停（trainer.early_stop.patience = {patience}）；若要继续训练，请在 {run}/config.toml 中调大它，并加上 --allow-change trainer.early_stop.patience"
            )
        }
    }
}
