//! What to do about a run that a non-finite loss ended.

use drivetrain::tr;
use drivetrain::train::{ModelAtEnd, RunState};

use tabular_sense::run::RunFolder;
use tabular_sense::terminal::lang;

/// What to do about a batch whose loss or gradient is not finite, or far above those before.
pub(super) fn batch_hint(run: &RunFolder, state: &RunState, model: ModelAtEnd) -> String {
    let incidents = run.file("incidents").display().to_string();
    let lower = lower_rate();
    let hint = match model {
        ModelAtEnd::Sound => tr!(
            lang(),
            "the batch's samples are in {incidents}: check them, or leave out such batches with --on-nonfinite skip; if it \
             happens again, {lower}",
            "该批次的样本记录在 {incidents} 中：请检查，或用 --on-nonfinite skip 跳过这样的批次；若再次发生，请{lower}"
        ),
        _ => tr!(
            lang(),
            "{lower}; the batch's samples are in {incidents}",
            "请{lower}；该批次的样本记录在 {incidents} 中"
        ),
    };
    hint + &after_divergence(run, state, model)
}

/// What to do about a validation without any finite loss.
pub(super) fn validation_hint(run: &RunFolder, state: &RunState, model: ModelAtEnd) -> String {
    let incidents = run.file("incidents").display().to_string();
    let lower = lower_rate();
    let hint = tr!(
        lang(),
        "{lower}; if that does not help, check the validation samples in {incidents}",
        "请{lower}；若无效，请检查 {incidents} 中的验证样本"
    );
    hint + &after_divergence(run, state, model)
}

fn lower_rate() -> String {
    tr!(
        lang(),
        "lower the learning rate (in the configuration, with --allow-change learning_rate)",
        "调低学习率（在配置中修改，并加上 --allow-change learning_rate）"
    )
}

/// Which checkpoint to resume from where the newest is of a model that may have diverged already: a run that skipped such
/// batches, was saved right after the step that ruined it, or was trained by an earlier version.
fn after_divergence(run: &RunFolder, state: &RunState, model: ModelAtEnd) -> String {
    let checkpoints = run.file("checkpoints").display().to_string();
    if state.history.last().is_some_and(|record| !record.is_finite()) {
        let sound = state.history.iter().rev().find(|record| record.is_finite());
        let before = sound.map_or_else(
            || {
                tr!(
                    lang(),
                    "no checkpoint before it is sound: start a new run with another --run",
                    "此前没有完好的检查点：请用 --run 换一个文件夹重新训练"
                )
            },
            |record| {
                let step = record.step;
                tr!(
                    lang(),
                    "the last sound one is of step {step}: remove the newer folders in {checkpoints}",
                    "最后一个完好的模型在第 {step} 步：请删除 {checkpoints} 中更新的文件夹"
                )
            },
        );
        return tr!(
            lang(),
            "; the validation of the newest checkpoint was not finite either, so it has diverged already, or a validation \
             sample is damaged; {before}",
            "；最新检查点的验证结果也不是有限值，说明它已经发散，或有验证样本损坏；{before}"
        );
    }
    let step = state.position.step;
    match model {
        ModelAtEnd::DivergedAfterSave => tr!(
            lang(),
            "; the newest checkpoint holds the model that has diverged: before you resume, remove the folders of step {step} in \
             {checkpoints}",
            "；最新的检查点保存的是已经发散的模型：继续之前，请删除 {checkpoints} 中第 {step} 步的文件夹"
        ),
        _ => String::new(),
    }
}
