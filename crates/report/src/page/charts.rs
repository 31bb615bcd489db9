//! What the charts are drawn from, and the figures that hold them.

use std::time::Duration;

use drivetrain_terminal::format_duration;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::language::{Language, text};

/// The data of a page's charts, by the id of their figures.
#[derive(Default)]
pub(crate) struct Charts(Map<String, Value>);

impl Charts {
    /// As JSON that is safe inside a script element.
    pub(crate) fn json(&self) -> String {
        // `</script>` in a text would end the element.
        Value::Object(self.0.clone()).to_string().replace('<', "\\u003c")
    }
}

/// A line of a chart. Points are (x, y); what is not a number is a gap.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
    /// `solid`, `dashed`, `faint` or `dots`.
    pub(crate) style: &'static str,
}

/// Something that happened at x.
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) label: String,
    /// `best`, `rate`, `dropout`, `stop`, `incident` or `resumed`.
    pub(crate) kind: &'static str,
}

/// A chart: what is drawn, and the same as a table.
pub(crate) struct Chart {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) explanation: String,
    /// What it shows, in words.
    pub(crate) summary: String,
    pub(crate) is_wide: bool,
    pub(crate) drawn: Value,
    /// Header and rows.
    pub(crate) table: Option<(Vec<String>, Vec<Vec<String>>)>,
}

impl Chart {
    /// Lines over x, with marks.
    pub(crate) fn lines(x: &str, y: Value, series: &[Series], marks: &[Mark]) -> Value {
        let series: Vec<Value> = series
            .iter()
            .map(|series| json!({"name": series.name, "points": series.points, "style": series.style}))
            .collect();
        let marks: Vec<Value> =
            marks.iter().map(|mark| json!({"x": mark.x, "label": mark.label, "kind": mark.kind})).collect();
        json!({"kind": "lines", "x": {"label": x}, "y": y, "series": series, "marks": marks})
    }

    /// Bars: name, value, and what is written at the end.
    pub(crate) fn bars(x: Value, bars: &[(String, f64, String)]) -> Value {
        let bars: Vec<Value> =
            bars.iter().map(|(name, value, note)| json!({"name": name, "value": value, "note": note})).collect();
        json!({"kind": "bars", "x": x, "bars": bars})
    }
}

/// The figure of a chart; its data goes to `charts`.
pub(crate) fn figure(charts: &mut Charts, chart: Chart, lang: Language) -> Markup {
    charts.0.insert(chart.id.clone(), chart.drawn);
    html! {
        figure.chart.wide[chart.is_wide] id=(chart.id) {
            figcaption { b { (chart.title) } " " (chart.explanation) }
            div.plot role="img" aria-label=(chart.summary) {}
            @if let Some((head, rows)) = &chart.table {
                details {
                    summary { (text!(lang, "data")) }
                    (table(head, rows))
                }
            }
        }
    }
}

/// A table whose first column names the rows.
pub(crate) fn table(head: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        table {
            thead { tr { @for (i, name) in head.iter().enumerate() { th scope="col" class=[(i > 0).then_some("num")] { (name) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (i, cell) in row.iter().enumerate() {
                            @if i == 0 { th scope="row" { (cell) } } @else { td.num { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// The axis of losses: logarithmic, unless a loss is negative, as that of a density model may be.
pub(crate) fn loss_axis(mut losses: impl Iterator<Item = f64>, lang: Language) -> Value {
    if losses.any(|loss| loss < 0.0) {
        json!({"label": text!(lang, "loss")})
    } else {
        json!({"label": text!(lang, "loss (log scale)"), "log": true})
    }
}

/// `4m 05s`; an invalid duration counts as 0.
pub(crate) fn duration(seconds: f64) -> String {
    format_duration(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}

/// `1,234,567`
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
