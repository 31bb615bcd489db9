//! Where the training time went.

use std::time::Duration;

use drivetrain_terminal::{Lang, format_duration, tr};
use serde_json::json;

use crate::page::charts::{Chart, Charts, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

pub(in crate::page) fn time(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let total = page.history.total();
    let whole = total.training_s + total.validation_s;
    if whole <= 0.0 {
        return None;
    }
    let steps = total.loading_s + total.forward_s + total.backward_s + total.optimizer_s + total.saving_s;
    let parts = [
        (tr!(lang, "waiting for data", "等待数据"), total.loading_s),
        (tr!(lang, "forward", "前向"), total.forward_s),
        (tr!(lang, "backward", "反向"), total.backward_s),
        (tr!(lang, "optimizer", "优化器"), total.optimizer_s),
        (tr!(lang, "validation", "验证"), total.validation_s),
        (tr!(lang, "waiting for saves", "等待保存"), total.saving_s),
        (tr!(lang, "logging and other work", "日志及其他"), (total.training_s - steps).max(0.0)),
    ];
    let note = |seconds: f64| {
        format!("{:.1} %  {}", seconds / whole * 100.0, format_duration(Duration::from_secs_f64(seconds)))
    };
    let bars: Vec<(String, f64, String)> =
        parts.iter().map(|(name, seconds)| (name.clone(), seconds / whole, note(*seconds))).collect();
    let all = format_duration(Duration::from_secs_f64(whole));
    let (tokens, gflops) = (total.tokens as f64 / total.training_s, total.gflop / (total.forward_s + total.backward_s));
    let tokens = count(tokens as u64);
    let chart = Chart {
        id: "chart-time",
        title: tr!(lang, "Training time", "训练用时"),
        explanation: tr!(
            lang,
            "{all} in all: {tokens} tokens (without padding) and {gflops:.1} GFLOP a second, counted by the model's definition.",
            "总计 {all}。每秒 {tokens} 个真实 token，按模型定义计 {gflops:.1} GFLOP。"
        ),
        summary: bars.iter().map(|(name, _, note)| format!("{name} {note}")).collect::<Vec<_>>().join(", "),
        is_wide: true,
        drawn: Chart::bars(json!({"label": tr!(lang, "share of the time", "时间占比"), "percent": true}), &bars),
        table: Some((
            vec![tr!(lang, "part", "部分"), tr!(lang, "time", "时间")],
            bars.iter().map(|(name, _, note)| vec![name.clone(), note.clone()]).collect(),
        )),
    };
    Some(Section { id: "time", name: tr!(lang, "Time", "时间"), body: figure(charts, chart, lang) })
}
