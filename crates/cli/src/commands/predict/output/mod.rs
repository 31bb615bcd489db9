//! The output formats, one file each.
//!
//! ```text
//! text, markdown, html ─ for people       json, csv ─ for programs
//! table_schema, csvw, openlineage, dbt ─ for catalogues and validators; without values
//! ```

mod catalogue;
mod csv;
mod csvw;
mod dbt;
mod html;
mod json;
mod markdown;
mod openlineage;
mod table_schema;
mod text;
mod vocabulary;

use std::io::{self, BufWriter, Stdout, Write};
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::write_atomically;

use super::answer::TableAnswer;
use super::args::{Args, Format};

/// An output format.
trait Form<'a> {
    /// Takes a table, and writes it at once if the format is written table by table.
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()>;

    /// Writes what is left after the last table.
    fn finish(&mut self, _out: &mut dyn Write) -> Result<()> {
        Ok(())
    }

    /// Whether everything is written after each table.
    fn is_written(&self) -> bool {
        true
    }
}

/// Where answers are written, and how.
pub(super) struct Output<'a> {
    form: Box<dyn Form<'a> + 'a>,
    target: Target,
    /// Whether only columns with personal data are shown.
    personal: bool,
}

enum Target {
    Stdout(BufWriter<Stdout>),
    /// A file, which is written as a whole.
    File {
        path: PathBuf,
        content: Vec<u8>,
    },
}

impl<'a> Output<'a> {
    pub(super) fn new(args: &Args) -> Self {
        let shown = args.shown();
        let form: Box<dyn Form<'a> + 'a> = match args.format() {
            Format::Text => Box::new(text::Text::new(shown)),
            Format::Jsonl => Box::new(json::Lines(shown)),
            Format::Json => Box::new(json::Document::new(shown)),
            Format::Csv => Box::new(csv::Csv::new(shown)),
            Format::Markdown => Box::new(markdown::Markdown::new(shown)),
            Format::Html => Box::new(html::Page::new(shown)),
            Format::TableSchema => Box::new(table_schema::TableSchema::default()),
            Format::Csvw => Box::new(csvw::Csvw::default()),
            Format::Openlineage => Box::new(openlineage::OpenLineage),
            Format::Dbt => Box::new(dbt::Dbt::default()),
        };
        let target = match &args.output {
            Some(path) => Target::File { path: path.clone(), content: Vec::new() },
            None => Target::Stdout(BufWriter::new(io::stdout())),
        };
        Self { form, target, personal: args.personal }
    }

    /// Writes a table, or keeps it until [`Output::finish`].
    pub(super) fn write(&mut self, mut answer: TableAnswer<'a>) -> Result<()> {
        if self.personal {
            answer.columns.retain(|column| column.level().is_personal());
            if answer.columns.is_empty() {
                return Ok(());
            }
        }
        match &mut self.target {
            Target::Stdout(out) => {
                self.form.table(answer, out)?;
                Ok(out.flush()?)
            }
            Target::File { content, .. } => self.form.table(answer, content),
        }
    }

    /// Whether the tables so far have reached their destination.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.target, Target::Stdout(_)) && self.form.is_written()
    }

    /// Writes what is left.
    pub(super) fn finish(&mut self) -> Result<()> {
        match &mut self.target {
            Target::Stdout(out) => {
                self.form.finish(out)?;
                Ok(out.flush()?)
            }
            Target::File { path, content } => {
                self.form.finish(content)?;
                write_atomically(path, |out| out.write_all(content))?;
                Ok(())
            }
        }
    }
}

/// The name of a table without the folders that it is in.
fn short_name(answer: &TableAnswer<'_>) -> String {
    let file = answer.file().file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match answer.table.name.as_str() {
        "" => file,
        part => format!("{file}.{part}"),
    }
}
