//! What to do about a loss or gradient that is not finite.

use tabular_sense::error::{DivergedError, NewestCheckpoint};

const LOWER: &str = "调低学习率（在配置中修改，并加上 --allow-change learning_rate）";

pub(super) fn hint(error: &DivergedError) -> String {
    let incidents = error.incidents.display();
    let what = match (error.in_validation, error.is_model_sound) {
        (true, _) => format!("请{LOWER}；若无效，请检查 {incidents} 中的验证样本"),
        (false, true) => format!(
            "该批次的样本记录在 {incidents} 中：请检查，或用 --on-nonfinite skip 跳过这样的批次；若再次发生，请{LOWER}"
        ),
        (false, false) => format!("请{LOWER}；该批次的样本记录在 {incidents} 中"),
    };
    what + &before_resuming(error)
}

fn before_resuming(error: &DivergedError) -> String {
    let checkpoints = error.checkpoints.display();
    match error.newest {
        NewestCheckpoint::Sound => String::new(),
        NewestCheckpoint::SavedAfter { step } => {
            format!("；最新的检查点保存的是已经发散的模型：继续之前，请删除 {checkpoints} 中第 {step} 步的文件夹")
        }
        NewestCheckpoint::Diverged { last_sound } => {
            let before = match last_sound {
                None => "此前没有完好的检查点：请用 --run 换一个文件夹重新训练".to_owned(),
                Some(step) => {
                    format!("最后一个完好的模型在第 {step} 步：请删除 {checkpoints} 中更新的文件夹")
                }
            };
            format!("；最新检查点的验证结果也不是有限值，说明它已经发散，或有验证样本损坏；{before}")
        }
    }
}
