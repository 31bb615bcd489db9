//! The state of a run.

use std::path::Path;

use anyhow::Result;
use drivetrain::terminal::{Lang, grid};
use drivetrain::tr;
use drivetrain::train::{Loaded, Monitor, RunState};
use tabular_sense::run::{RunFolder, existing_config};

use crate::error::in_words;
use crate::terminal;

/// Prints the state of the run in a folder.
pub(super) fn inspect(path: &Path) -> Result<()> {
    let run = RunFolder::new(path);
    let config = existing_config(&run)?;
    let store = run.checkpoints();
    let lang = terminal::lang();
    say!("{}", path.display());
    if store.is_empty() {
        say!("{}", tr!(lang, "no checkpoint yet", "还没有检查点"));
        return Ok(());
    }
    let Loaded { path: newest, checkpoint, damaged } = store.load_latest()?;
    for problem in damaged {
        let problem = in_words(&problem);
        say!("{}", tr!(lang, "damaged: {problem}", "已损坏：{problem}"));
    }
    let state = &checkpoint.meta.state;
    say!("{}", position(state, config.trainer.epochs, lang));
    let newest = newest.display();
    say!("{}", tr!(lang, "newest whole checkpoint: {newest}", "最新的完整检查点：{newest}"));
    for line in [best(state, lang), skipped_batches(state, lang)].into_iter().flatten() {
        say!("{line}");
    }
    let (count, patience) = (state.early_stop.count(), state.early_stop.patience());
    say!(
        "{}",
        tr!(
            lang,
            "early stopping: {count} of {patience} validations without improvement",
            "早停：{patience} 次验证中已有 {count} 次没有改进"
        )
    );
    let (dropout, rate) = (state.dropout.current(), state.learning_rate.at(state.position.step));
    say!("{}", tr!(lang, "dropout {dropout:.3}, learning rate {rate:.3e}", "dropout {dropout:.3}，学习率 {rate:.3e}"));
    let parameters = checkpoint.model.num_values();
    say!("{}", tr!(lang, "parameters: {parameters}", "参数：{parameters}"));
    let is_exported = run.file("export/config.json").exists();
    let export =
        if is_exported { run.file("export").display().to_string() } else { tr!(lang, "none yet", "还没有") };
    say!("{}\n", tr!(lang, "exported model: {export}", "导出的模型：{export}"));
    say!("{}", history(state, lang));
    Ok(())
}

/// How far the run has got.
fn position(state: &RunState, epochs: u64, lang: Lang) -> String {
    let at = state.position;
    let status = if state.stopped_early {
        tr!(lang, "ended by early stopping", "因早停而结束")
    } else if at.epoch >= epochs {
        tr!(lang, "complete", "已完成")
    } else {
        tr!(lang, "unfinished", "未完成")
    };
    let (epoch, batch, step) = (at.epoch + 1, at.batch, at.step);
    tr!(
        lang,
        "state: {status}; next is epoch {epoch}, batch {batch}, step {step}",
        "状态：{status}；接下来是第 {epoch} 轮，第 {batch} 批，第 {step} 步"
    )
}

/// The best validation, if there was one.
fn best(state: &RunState, lang: Lang) -> Option<String> {
    let best = state.best.as_ref()?;
    let (value, epoch, step) = (best.value, best.epoch + 1, best.step);
    let name = match &state.monitored.monitor {
        Monitor::Loss => tr!(lang, "validation loss", "验证损失"),
        Monitor::Score => tr!(lang, "score", "分数"),
        metric => metric.name().to_owned(),
    };
    Some(tr!(
        lang,
        "best: {name} {value:.5} in epoch {epoch}, step {step}",
        "最佳：第 {epoch} 轮第 {step} 步，{name} {value:.5}"
    ))
}

/// How many batches were skipped, if any.
fn skipped_batches(state: &RunState, lang: Lang) -> Option<String> {
    let skipped = state.skipped_batches;
    (skipped > 0).then(|| {
        tr!(
            lang,
            "batches skipped for a non-finite loss or gradient, or a loss spike: {skipped}",
            "因损失或梯度不是有限数，或损失突增而跳过的批次：{skipped}"
        )
    })
}

/// The validations as a table.
fn history(state: &RunState, lang: Lang) -> String {
    let head = match lang {
        Lang::En => ["epoch", "step", "train loss", "val loss", "score", "lr", "dropout"],
        Lang::Zh => ["轮", "步", "训练损失", "验证损失", "分数", "学习率", "dropout"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(state.history.iter().map(|record| {
        vec![
            (record.epoch + 1).to_string(),
            record.step.to_string(),
            format!("{:.4}", record.train_loss),
            format!("{:.4}", record.validation_loss),
            format!("{:.4}", record.score),
            format!("{:.2e}", record.learning_rate),
            format!("{:.3}", record.dropout),
        ]
    }));
    grid(&rows, &[0, 1, 2, 3, 4, 5, 6])
}
