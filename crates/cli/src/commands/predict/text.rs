//! A table's columns as a grid for people.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use drivetrain::terminal::{Lang, grid, shorten};
use drivetrain::tr;
use tabular_sense_rules::Found;

use super::answer::{Answer, ColumnAnswer};
use super::examples::{examples, is_blank, shown_name};
use crate::commands::reading::describe;
use crate::terminal;

/// Prints a table's columns, and the reasons where they are wanted.
pub(super) fn print(path: &Path, answer: &Answer<'_>, is_further: bool) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if is_further {
        writeln!(out)?;
    }
    writeln!(out, "{}  {}", path.display(), describe(&answer.table, terminal::lang()))?;
    writeln!(out, "{}", grid(&columns(answer), &[0]))?;
    if answer.is_explained {
        let reasons = reasons(answer);
        if reasons.len() > 1 {
            writeln!(out, "\n{}", grid(&reasons, &[0]))?;
        }
    }
    Ok(out.flush()?)
}

/// The columns with their types and examples, below a heading.
fn columns(answer: &Answer<'_>) -> Vec<Vec<String>> {
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["#", "column", "types", "examples"],
        Lang::Zh => ["#", "列", "类型", "示例"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut columns = answer.table.columns.iter().zip(&answer.columns).peekable();
    while let Some((column, found)) = columns.next() {
        let examples: Vec<String> = examples(column).into_iter().map(|value| shorten(value, 24)).collect();
        let examples =
            if examples.is_empty() { tr!(lang, "(no values)", "（没有值）") } else { examples.join(" · ") };
        let mut number = (column.index + 1).to_string();
        if is_blank(column) {
            // The empty ends of ragged rows are one line.
            let mut last = column;
            while let Some((next, _)) = columns.next_if(|(next, _)| is_blank(next)) {
                last = next;
            }
            if last.index > column.index {
                number = format!("{number}–{}", last.index + 1);
            }
        }
        rows.push(vec![number, shown_name(column), types(found, lang), examples]);
    }
    rows
}

/// A column's types: those of rules first.
fn types(found: &ColumnAnswer<'_>, lang: Lang) -> String {
    let of_rules = found.own.iter().map(|(own, found)| format!("{} {:.2}", own.name(), found.share.unwrap_or(1.0)));
    let of_model = found.types.iter().map(|(label, probability)| format!("{label} {probability:.2}"));
    let given = of_rules.chain(of_model).collect::<Vec<_>>().join(", ");
    match given {
        _ if found.is_empty() => "–".to_owned(),
        given if found.from_name_only && !found.types.is_empty() => {
            format!("{given} {}", tr!(lang, "(name only)", "（仅凭列名）"))
        }
        given => given,
    }
}

/// Why each column has its types, and why it has others not, below a heading.
fn reasons(answer: &Answer<'_>) -> Vec<Vec<String>> {
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["#", "column", "type", "because"],
        Lang::Zh => ["#", "列", "类型", "理由"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (at, (column, found)) in answer.table.columns.iter().zip(&answer.columns).enumerate() {
        let mut push = |given: String, because: String| {
            rows.push(vec![(column.index + 1).to_string(), shown_name(column), given, because]);
        };
        for (own, found) in &found.own {
            push(format!("{} {:.2}", own.name(), found.share.unwrap_or(1.0)), of_rule(found, own.line(), lang));
        }
        for (label, probability) in &found.types {
            let why = answer.why(at, *label, *probability).map(|why| why.sentence(lang));
            push(format!("{label} {probability:.2}"), why.unwrap_or_default());
        }
        for (label, probability, (reason, zh)) in found.withheld() {
            push(
                tr!(lang, "not {label} {probability:.2}", "非 {label} {probability:.2}"),
                tr!(lang, "{reason}", "{zh}"),
            );
        }
    }
    rows
}

fn of_rule(found: &Found, line: usize, lang: Lang) -> String {
    let percent = found.share.map(|share| (share * 100.0).floor() as u64);
    let values = percent.map(|percent| tr!(lang, "{percent} % of the values fit", "{percent}% 的值符合"));
    let name = found.is_named.then(|| tr!(lang, "the name matches", "列名相符"));
    let rule = tr!(lang, "rule in line {line} of the types file", "类型文件第 {line} 行的规则");
    let parts: Vec<String> = [Some(rule), values, name].into_iter().flatten().collect();
    parts.join(if lang == Lang::Zh { "；" } else { "; " })
}
