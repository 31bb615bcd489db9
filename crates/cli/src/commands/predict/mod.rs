//! `predict`: the types of the columns of tables.
//!
//! ```text
//! args ─ the flags                         files ─ the files to read, also in folders
//! answer ─ a table and its types           in_order ─ processes several files at a time
//! record ─ answers as programs read them   mask, examples ─ how values and columns are displayed
//! corrections ─ answers to correct         bar ─ the progress bar
//! output ─ the output formats              scans, summary ─ files answered earlier; what was found
//! ```

mod answer;
mod args;
mod bar;
mod corrections;
mod examples;
mod files;
mod in_order;
mod mask;
mod output;
mod record;
mod scans;
mod summary;

use std::io::IsTerminal;
use std::path::Path;

use anyhow::Result;
use drivetrain::tr;
use tabular_sense::learn::Correction;
use tabular_sense::model::Classifier;
use tabular_sense_rules::RuleTypes;
use tabular_sense_tables::TableError;

use crate::error::{self, PersonalData, UserError};
use crate::terminal::{self, terminal};
use answer::{Question, TableAnswer};
pub(super) use args::{Args, probability};
use bar::Bar;
use files::Found;
use output::Output;
use scans::{List, Scan, Scans};
use summary::Summary;

pub(super) fn run(args: &Args) -> Result<()> {
    let found = files::find(args)?;
    let rule_types = args.types.as_deref().map(RuleTypes::read).transpose()?;
    let open_scans = |list| Scans::open(list, args, rule_types.as_ref());
    let (scans, list) = args.resume.as_deref().map(open_scans).transpose()?.unzip();
    let classifier = Classifier::open(args.model.as_deref())?;
    let question = Question { args, classifier: &classifier, rule_types: rule_types.as_ref() };
    let mut sink = AnswerSink::new(args, &found, list);
    // A bar and tables on one screen would be in each other's way.
    let has_bar = args.output.is_some() || !std::io::stdout().is_terminal();
    let mut bar = Bar::start(&found.files, has_bar);
    in_order::in_order(
        &found.files,
        |path, send| {
            read(&question, path, scans.as_ref().and_then(|scans: &Scans| scans.check(path, &args.reading)), send)
        },
        |event| {
            let is_end = matches!(event, FileEvent::End(_) | FileEvent::Unchanged);
            sink.take(event)?;
            bar.advance(&sink.summary, is_end);
            Ok(())
        },
    )?;
    drop(bar);
    sink.end()
}

/// What happens to a file.
enum FileEvent<'a> {
    /// The file has not changed since it was answered.
    Unchanged,
    Answer(Box<TableAnswer<'a>>),
    /// The file, or one of its tables, cannot be read.
    Unreadable {
        error: anyhow::Error,
        is_file: bool,
    },
    /// There are no more tables in it.
    End(Option<Scan>),
}

/// Reads a file and classifies the columns of its tables.
fn read<'a>(question: &Question<'a>, path: &Path, scan: Option<Scan>, send: &mut dyn FnMut(FileEvent<'a>)) {
    if scan.as_ref().is_some_and(|scan| scan.is_known) {
        return send(FileEvent::Unchanged);
    }
    match question.args.reading.tables(path, question.args.no_values) {
        Ok(tables) => {
            for table in tables {
                send(match table {
                    Ok(table) => FileEvent::Answer(Box::new(TableAnswer::of(question, table))),
                    Err(error) => FileEvent::Unreadable { error, is_file: false },
                });
            }
        }
        Err(error) => send(FileEvent::Unreadable { error, is_file: true }),
    }
    send(FileEvent::End(scan));
}

/// Takes the answers in order, and writes them.
struct AnswerSink<'a> {
    args: &'a Args,
    output: Output<'a>,
    summary: Summary,
    has_folder: bool,
    /// Whether a single file was given; then its error is the program's error.
    is_single: bool,
    /// The list in which answered files are recorded; below, the files whose answers have not been written yet.
    list: Option<List>,
    answered: Vec<Scan>,
    /// Number of tables of the current file that cannot be read.
    failed_here: usize,
    /// Answers for a person to correct, if requested.
    corrections: Vec<Correction>,
}

impl<'a> AnswerSink<'a> {
    fn new(args: &'a Args, found: &Found, list: Option<List>) -> Self {
        let mut sink = Self {
            args,
            output: Output::new(args),
            summary: Summary { others: found.others, ..Summary::default() },
            has_folder: found.has_folder,
            is_single: args.files.len() == 1 && !found.has_folder,
            list,
            answered: Vec::new(),
            failed_here: 0,
            corrections: Vec::new(),
        };
        for (path, error) in &found.unreadable {
            let source = std::io::Error::new(error.kind(), error.to_string());
            sink.warn(&TableError::Io { path: path.clone(), source }.into());
        }
        sink
    }

    fn take(&mut self, event: FileEvent<'a>) -> Result<()> {
        match event {
            FileEvent::Unchanged => self.summary.unchanged += 1,
            FileEvent::Answer(answer) => {
                self.summary.add(&answer);
                if self.args.corrections.is_some() {
                    self.corrections.extend(corrections::of(&answer));
                }
                self.output.write(*answer)?;
            }
            FileEvent::Unreadable { error, is_file: true } if self.is_single => return Err(error),
            // One unreadable table does not keep the others from being read.
            FileEvent::Unreadable { error, .. } => {
                self.warn(&error);
                self.failed_here += 1;
            }
            FileEvent::End(scan) => {
                let is_answered = std::mem::take(&mut self.failed_here) == 0;
                self.answered.extend(scan.filter(|_| is_answered));
                if self.output.is_written() {
                    self.note_answered()?;
                }
            }
        }
        Ok(())
    }

    /// Notes the files whose answers have been written.
    fn note_answered(&mut self) -> Result<()> {
        let answered = std::mem::take(&mut self.answered);
        self.list.iter_mut().try_for_each(|list| answered.iter().try_for_each(|scan| list.add(scan)))
    }

    fn warn(&mut self, error: &anyhow::Error) {
        terminal().warn(&format!("{}{}", error::heading(), error::describe(error)));
        self.summary.failed += 1;
    }

    /// Writes what is left, and says what was found.
    fn end(mut self) -> Result<()> {
        self.output.finish()?;
        self.note_answered()?;
        if let Some(path) = &self.args.corrections {
            corrections::write(path, &self.corrections)?;
        }
        let lang = terminal::lang();
        if self.args.no_values {
            let note = tr!(
                lang,
                "note: no values were used; the types are from the columns' names alone",
                "注意：没有使用任何值，类型仅凭列名得出"
            );
            terminal().print(&note);
        }
        if self.has_folder || self.args.resume.is_some() {
            terminal().print(&self.summary.sentence());
        }
        let (failed, all) = (self.summary.failed, self.summary.failed + self.summary.tables);
        let unreadable =
            tr!(lang, "{failed} of {all} tables could not be read", "{all} 个表格中有 {failed} 个无法读取");
        if let Some(found) = self.args.fail_on.and_then(|level| self.summary.found(level)) {
            if failed > 0 {
                terminal().warn(&format!("{}{unreadable}", error::heading()));
            }
            return Err(PersonalData::new(found).into());
        }
        if failed > 0 { Err(UserError::new(unreadable).into()) } else { Ok(()) }
    }
}
