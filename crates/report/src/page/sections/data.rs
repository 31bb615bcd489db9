//! The samples that a run was trained on.

use drivetrain_terminal::{Lang, counted, tr};
use maud::html;
use serde_json::json;

use crate::page::charts::{Chart, Charts, count, figure};
use crate::page::content::RunPage;
use crate::page::frame::Section;

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
                "Tokens in a training sample; none is longer than max_len ({max_len}).",
                "训练样本的 token 数；没有超过 max_len（{max_len}）的。"
            ),
            cut => tr!(
                lang,
                "Tokens in a training sample; {cut} samples were truncated at max_len ({max_len}).",
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
        title: tr!(lang, "Padding with length groups", "按长度分组后的填充"),
        explanation: tr!(
            lang,
            "Share of a batch's positions that are padding. (On a CPU, padding is never computed.)",
            "批次中填充位置的占比。（在 CPU 上填充不参与计算。）"
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
            "Training samples with each label; a sample may have several.",
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
