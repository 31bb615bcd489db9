//! Answers as JSON: one document, or one object for each column.

use std::io::{self, Write};

use anyhow::Result;
use drivetrain::tr;
use serde::Serialize;

use super::Form;
use crate::commands::predict::answer::TableAnswer;
use crate::commands::predict::mask::Shown;
use crate::commands::predict::record;
use crate::commands::reading::sentence;
use crate::terminal::{self, terminal};

/// One object for each column; a table's remarks are printed as messages too.
pub(super) struct Lines(pub(super) Shown);

impl<'a> Form<'a> for Lines {
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()> {
        for line in record::lines(&answer, self.0) {
            serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        out.flush()?;
        for remark in &answer.remarks {
            let (table, remark) = (answer.table.title(), sentence(remark, terminal::lang()));
            terminal().print(&tr!(terminal::lang(), "note: {table}: {remark}", "注意：{table}：{remark}"));
        }
        Ok(())
    }
}

/// All tables in one document.
pub(super) struct Document<'a> {
    shown: Shown,
    answers: Vec<TableAnswer<'a>>,
}

impl Document<'_> {
    pub(super) const fn new(shown: Shown) -> Self {
        Self { shown, answers: Vec::new() }
    }
}

#[derive(Serialize)]
struct Contents<'a> {
    program: &'static str,
    version: &'static str,
    tables: Vec<record::TableRecord<'a>>,
}

impl<'a> Form<'a> for Document<'a> {
    fn table(&mut self, answer: TableAnswer<'a>, _out: &mut dyn Write) -> Result<()> {
        self.answers.push(answer);
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<()> {
        let tables = self.answers.iter().map(|answer| record::table(answer, self.shown)).collect();
        let contents = Contents { program: "tabular-sense", version: env!("CARGO_PKG_VERSION"), tables };
        write_pretty(&contents, out)
    }

    fn is_written(&self) -> bool {
        false
    }
}

/// Writes an indented document.
pub(super) fn write_pretty(document: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}
