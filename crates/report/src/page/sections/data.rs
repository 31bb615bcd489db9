//! What a run was trained on, and where its time went.

use std::time::Duration;

use drivetrain_terminal::{Lang, counted, format_duration, tr};
use maud::html;
use serde_json::json;

use crate::page::{Chart, Charts, RunPage, Section, count, figure};

pub(in crate::page) fn data(page: &RunPage, charts: &mut Charts, lang: Lang) -> Option<Section> {
    let data = page.data.as_ref()?;
    let max_len = data.max_len;
    let bins: Vec<_> = data.lengths.iter().map(|b| json!({"from": b.from, "to": b.to, "count": b.count})).collect();
    let longest = data.lengths.last().map_or(0.0, |bin| bin.to);
    let lengths = Chart {
        id: "chart-lengths",
        title: tr!(lang, "Lengths", "长度"),
        explanation: match data.truncated_samples {
            0 => tr!(
                lang,
                "Tokens of a training sample; none is longer than max_len ({max_len}).",
                "训练样本的 token 数；没有超过 max_len（{max_len}）的。"
            ),
            cut => tr!(
                lang,
                "Tokens of a training sample; {cut} samples were cut at max_len ({max_len}).",
                "训练样本的 token 数；{cut} 个样本在 max_len（{max_len}）处被截断。"
            ),
        },
        summary: tr!(lang, "up to {longest} tokens", "最长 {longest} 个 token"),
        is_wide: false,
        drawn: json!({
            "kind": "histogram", "x": {"label": "tokens"}, "y": {"label": tr!(lang, "samples", "样本")}, "bins": bins,
        }),
        table: Some((
            vec!["tokens".to_owned(), tr!(lang, "samples", "样本")],
            data.lengths.iter().map(|b| vec![format!("{}–{}", b.from, b.to - 1.0), count(b.count)]).collect(),
        )),
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let (grouped, ungrouped) = (data.padding.grouped, data.padding.ungrouped);
    let padding = Chart {
        id: "chart-padding",
        title: tr!(lang, "Padding that grouping by length saves", "按长度分组节省的填充"),
        explanation: tr!(
            lang,
            "Positions of a batch that hold nothing. (On a CPU they are not computed either way.)",
            "批次中没有内容的位置。（在 CPU 上它们本就不参与计算。）"
        ),
        summary: format!("{} → {}", percent(ungrouped), percent(grouped)),
        is_wide: false,
        drawn: Chart::bars(
            json!({"label": tr!(lang, "share of positions", "位置占比"), "percent": true}),
            &[
                (tr!(lang, "in file order", "按文件顺序"), ungrouped, percent(ungrouped)),
                (tr!(lang, "this run", "本次训练"), grouped, percent(grouped)),
            ],
        ),
        table: None,
    };
    let mut counts = data.labels.clone();
    counts.push((tr!(lang, "(none)", "（无）"), data.unlabelled));
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let labels = Chart {
        id: "chart-labels",
        title: tr!(lang, "Labels", "标签"),
        explanation: tr!(
            lang,
            "Training samples that have each; a sample may have several.",
            "各标签的训练样本数；一个样本可有多个标签。"
        ),
        summary: counts.iter().take(3).map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", "),
        is_wide: true,
        drawn: Chart::bars(
            json!({"label": tr!(lang, "training samples", "训练样本")}),
            &counts.iter().map(|(name, n)| (name.clone(), *n as f64, count(*n))).collect::<Vec<_>>(),
        ),
        table: None,
    };
    let splits: Vec<String> =
        data.splits.iter().map(|split| format!("{} {}", split_name(&split.name, lang), count(split.samples))).collect();
    let (source, skipped) = (&data.source, data.skipped_lines);
    let skipped_lines = counted(skipped, "line was no sample and was", "lines were no samples and were");
    Some(Section {
        id: "data",
        name: tr!(lang, "Data", "数据"),
        body: html! {
            p.intro {
                (source) ": " (splits.join(" · "))
                @if skipped > 0 { " · " (tr!(lang, "{skipped_lines} skipped", "跳过 {skipped} 行非样本")) }
            }
            div.grid {
                (figure(charts, lengths, lang))
                (figure(charts, padding, lang))
                @if !data.labels.is_empty() { (figure(charts, labels, lang)) }
            }
        },
    })
}

fn split_name(name: &str, lang: Lang) -> String {
    match name {
        "train" => tr!(lang, "training", "训练"),
        "validation" => tr!(lang, "validation", "验证"),
        "test" => tr!(lang, "test", "测试"),
        other => other.to_owned(),
    }
}

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
        (tr!(lang, "logs and the rest", "日志及其他"), (total.training_s - steps).max(0.0)),
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
        title: tr!(lang, "Where the time went", "时间花在哪里"),
        explanation: tr!(
            lang,
            "Of {all} in all. {tokens} real tokens and {gflops:.1} GFLOP a second of what the model's definition asks for.",
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
