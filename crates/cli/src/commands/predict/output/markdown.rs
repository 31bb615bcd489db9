//! Answers as tables in Markdown.

use std::io::Write;

use anyhow::Result;
use drivetrain::terminal::Lang;
use drivetrain::tr;
use tabular_sense::annotate::Level;

use super::Form;
use crate::commands::predict::answer::TableAnswer;
use crate::commands::predict::mask::{Shown, shown_examples};
use crate::commands::reading::describe;
use crate::terminal;

pub(super) struct Markdown {
    shown: Shown,
    is_further: bool,
}

impl Markdown {
    pub(super) const fn new(shown: Shown) -> Self {
        Self { shown, is_further: false }
    }
}

impl<'a> Form<'a> for Markdown {
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()> {
        let lang = terminal::lang();
        if std::mem::replace(&mut self.is_further, true) {
            writeln!(out)?;
        }
        writeln!(out, "## {}\n", escaped(&answer.table.title()))?;
        writeln!(out, "{}\n", escaped(&describe(&answer.table, &answer.remarks, lang)))?;
        writeln!(
            out,
            "{}",
            match lang {
                Lang::En => "| # | column | types | personal data | examples |\n|--:|---|---|---|---|",
                Lang::Zh => "| # | 列 | 类型 | 个人信息 | 示例 |\n|--:|---|---|---|---|",
            }
        )?;
        for column in &answer.columns {
            let types = column.types.iter().map(|given| format!("{} {:.2}", given.kind.code(), given.probability));
            let cells = [
                (column.index + 1).to_string(),
                escaped(&column.name),
                escaped(&types.collect::<Vec<_>>().join(", ")),
                level_name(column.level(), lang),
                escaped(&shown_examples(column, self.shown).join(" · ")),
            ];
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// The name of a level; empty if nothing is personal data.
pub(super) fn level_name(level: Level, lang: Lang) -> String {
    match level {
        Level::NotPersonal => String::new(),
        Level::Personal => tr!(lang, "personal", "个人信息"),
        Level::Sensitive => tr!(lang, "sensitive", "敏感个人信息"),
    }
}

/// A text with the characters escaped that have a meaning in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '~' | '&' => escaped.extend(['\\', char]),
            char if char.is_control() => {}
            char => escaped.push(char),
        }
    }
    escaped
}
