//! Answers as CSV: one line for each column.

use std::io::Write;

use anyhow::Result;

use super::Form;
use crate::commands::predict::answer::TableAnswer;
use crate::commands::predict::mask::{Shown, shown_examples};

const HEAD: &str = "file,table,column,name,declared,types,probabilities,sensitivity,from_name_only,examples";

pub(super) struct Csv {
    shown: Shown,
    has_head: bool,
}

impl Csv {
    pub(super) const fn new(shown: Shown) -> Self {
        Self { shown, has_head: false }
    }
}

impl<'a> Form<'a> for Csv {
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()> {
        if !std::mem::replace(&mut self.has_head, true) {
            writeln!(out, "{HEAD}")?;
        }
        let file = answer.file().display().to_string();
        for column in &answer.columns {
            let types: Vec<&str> = column.types.iter().map(|given| given.kind.code()).collect();
            let probabilities: Vec<String> =
                column.types.iter().map(|given| format!("{:.4}", given.probability)).collect();
            let cells = [
                file.as_str(),
                &answer.table.name,
                &(column.index + 1).to_string(),
                &column.name,
                column.declared.as_deref().unwrap_or_default(),
                &types.join("; "),
                &probabilities.join("; "),
                column.level().code().unwrap_or_default(),
                &column.from_name_only.to_string(),
                &shown_examples(column, self.shown).join(" · "),
            ];
            writeln!(out, "{}", cells.map(quoted).join(","))?;
        }
        Ok(())
    }
}

/// A cell, in quotes where it has to be.
fn quoted(cell: &str) -> String {
    let is_plain = !cell.contains([',', '"', '\n', '\r']) && cell.trim() == cell;
    if is_plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}
