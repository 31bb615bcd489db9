//! A table's columns as aligned text.

use std::io::Write;

use anyhow::Result;
use drivetrain::terminal::{Lang, grid, shorten};
use drivetrain::tr;
use tabular_sense::annotate::{Kind, Withheld};
use tabular_sense_rules::Found;

use super::Form;
use crate::commands::explain;
use crate::commands::predict::answer::{ColumnAnswer, TableAnswer};
use crate::commands::predict::examples::shown_name;
use crate::commands::predict::mask::{Shown, shown_examples};
use crate::commands::reading::describe;
use crate::terminal;

pub(super) struct Text {
    shown: Shown,
    /// Whether a table was written already.
    is_further: bool,
}

impl Text {
    pub(super) const fn new(shown: Shown) -> Self {
        Self { shown, is_further: false }
    }
}

impl<'a> Form<'a> for Text {
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()> {
        if std::mem::replace(&mut self.is_further, true) {
            writeln!(out)?;
        }
        let about = describe(&answer.table, &answer.remarks, terminal::lang());
        writeln!(out, "{}  {about}", answer.table.title())?;
        writeln!(out, "{}", grid(&columns(&answer, self.shown), &[0]))?;
        if answer.is_explained {
            let reasons = reasons(&answer);
            if reasons.len() > 1 {
                writeln!(out, "\n{}", grid(&reasons, &[0]))?;
            }
        }
        Ok(())
    }
}

/// The columns with their types and examples, below a heading.
fn columns(answer: &TableAnswer<'_>, shown: Shown) -> Vec<Vec<String>> {
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["#", "column", "types", "examples"],
        Lang::Zh => ["#", "列", "类型", "示例"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut columns = answer.columns.iter().peekable();
    while let Some(column) = columns.next() {
        let examples: Vec<String> = shown_examples(column, shown).iter().map(|value| shorten(value, 24)).collect();
        let examples =
            if examples.is_empty() { tr!(lang, "(no values)", "（没有值）") } else { examples.join(" · ") };
        let mut number = (column.index + 1).to_string();
        if column.is_blank {
            // Consecutive blank columns, as at the end of ragged rows, are shown on one line.
            let mut last = column;
            while let Some(next) = columns.next_if(|next| next.is_blank) {
                last = next;
            }
            if last.index > column.index {
                number = format!("{number}–{}", last.index + 1);
            }
        }
        rows.push(vec![number, shown_name(&column.name), types(column, lang), examples]);
    }
    rows
}

/// A column's types: those of rules first.
fn types(column: &ColumnAnswer<'_>, lang: Lang) -> String {
    if column.types.is_empty() {
        return "–".to_owned();
    }
    let given = column.types.iter().map(|given| format!("{} {:.2}", given.kind.code(), given.probability));
    let given = given.collect::<Vec<_>>().join(", ");
    if column.from_name_only { format!("{given} {}", tr!(lang, "(name only)", "（仅凭列名）")) } else { given }
}

/// Why each column has its types, and why others were withheld, below a heading.
fn reasons(answer: &TableAnswer<'_>) -> Vec<Vec<String>> {
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["#", "column", "type", "because"],
        Lang::Zh => ["#", "列", "类型", "理由"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for column in &answer.columns {
        let mut push = |given: String, because: String| {
            rows.push(vec![(column.index + 1).to_string(), shown_name(&column.name), given, because]);
        };
        for given in &column.types {
            let because = match &given.kind {
                Kind::Rule(rule, found) => of_rule(found, rule.line(), lang),
                Kind::Learned(_) => tr!(lang, "learned from examples", "从示例中学到"),
                Kind::BuiltIn(_) => given.why.as_ref().map(|why| explain::sentence(why, lang)).unwrap_or_default(),
            };
            push(format!("{} {:.2}", given.kind.code(), given.probability), because);
        }
        for Withheld { label, probability, reason: (reason, zh) } in &column.withheld {
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
    let values = percent.map(|percent| tr!(lang, "{percent}% of the values fit", "{percent}% 的值符合"));
    let name = found.is_named.then(|| tr!(lang, "the name matches", "列名相符"));
    let rule = tr!(lang, "rule in line {line} of the types file", "类型文件第 {line} 行的规则");
    let parts: Vec<String> = [Some(rule), values, name].into_iter().flatten().collect();
    parts.join(if lang == Lang::Zh { "；" } else { "; " })
}
