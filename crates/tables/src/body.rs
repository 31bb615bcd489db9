//! Turns rows into a table: recognises what is above, between and below the rows of data, and keeps a sample of the rows.

use std::collections::VecDeque;

use super::columns::columns;
use super::input::Input;
use super::labels::is_label;
use super::layout::{self, Layout};
use super::names::names;
use super::record::Record;
use super::sample::Sample;
use super::tail;
use super::widths::Widths;
use super::{PassedOver, ReadOptions, Table, TableError};

/// From how many rows it is judged what the first column usually holds.
const SOME: usize = 100;

/// A source of rows, which are read one after the other.
pub(super) trait RowSource {
    /// Reads the next row; returns false at the end.
    fn next_into(&mut self, record: &mut Record) -> Result<bool, TableError>;
}

/// How the lines of a table are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    /// Lines such as `----+----` are drawn between rows.
    pub(super) drawn: bool,
    /// There is one column, and nothing separates cells.
    pub(super) single: bool,
}

/// What was read of a table's rows.
pub(super) struct Body {
    first: Option<Record>,
    sample: Sample,
    widths: Widths,
    rows: u64,
    blank: u64,
    passed: PassedOver,
}

impl Body {
    pub(super) fn read(
        rows: &mut impl RowSource,
        lines: Lines,
        layout: &Layout,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let mut body = Self {
            first: None,
            sample: Sample::new(options.seed, options.max_rows.max(1), options.max_bytes),
            widths: Widths::default(),
            rows: 0,
            blank: 0,
            passed: PassedOver::default(),
        };
        let mut record = Record::default();
        // The last records wait here until it is known whether they are rows.
        let mut last: VecDeque<Record> = VecDeque::new();
        let (mut preamble, mut further) = (layout.preamble, layout.further);
        while rows.next_into(&mut record)? {
            if lines.drawn && layout::is_rule(&record) {
                body.passed.rules += 1;
            } else if preamble > 0 {
                preamble -= 1;
                if is_blank(&record, lines) { body.blank += 1 } else { body.passed.preamble += 1 }
            } else if is_blank(&record, lines) {
                body.blank += 1;
            } else if body.first.is_none() {
                body.first = Some(std::mem::take(&mut record));
            } else if layout.is_comment(&record) {
                body.passed.comments += 1;
            } else if further > 0 {
                further -= 1;
                body.passed.header_lines += 1;
            } else if layout.has_header && body.repeats_header(&record) {
                body.passed.repeated_headers += 1;
            } else {
                last.push_back(std::mem::take(&mut record));
                if last.len() > tail::LIMIT
                    && let Some(row) = last.pop_front()
                {
                    body.add(&row);
                    record = row;
                }
            }
        }
        if layout.has_header {
            let tail = tail::take(&mut last, body.width(), &body.sample.some(SOME));
            (body.passed.notes, body.passed.totals) = (tail.notes, tail.totals);
        }
        last.iter().for_each(|record| body.add(record));
        Ok(body)
    }

    fn add(&mut self, record: &Record) {
        self.rows += 1;
        self.widths.add(record);
        self.sample.offer(self.rows, record);
    }

    /// The number of columns, judging by the header and the rows so far.
    fn width(&self) -> usize {
        self.first.as_ref().map_or(0, Record::used).max(self.widths.common_used())
    }

    /// Whether a record repeats the header, as happens in files that were joined.
    fn repeats_header(&self, record: &Record) -> bool {
        let is_again = |first: &Record| {
            let is_distinct = first.filled() >= 2 || is_label(first.get(0).trim());
            is_distinct && record.cells().map(str::trim).eq(first.cells().map(str::trim))
        };
        self.first.as_ref().is_some_and(is_again)
    }

    pub(super) fn into_table(
        mut self,
        input: &Input,
        part: &str,
        format: &'static str,
        layout: &Layout,
        options: &ReadOptions,
    ) -> Result<Table, TableError> {
        let Some(first) = self.first.take() else { return Err(TableError::NoColumns { path: input.name_of(part) }) };
        let names = if layout.has_header {
            names(&first, &self.widths, &self.sample)
        } else {
            self.rows += 1;
            self.widths.add(&first);
            self.sample.offer(0, &first);
            Vec::new()
        };
        let width = if layout.has_header { names.len().max(self.widths.common_used()) } else { self.widths.common() };
        let (columns, tidied) = columns(names, width, self.sample, options);
        let (ragged, surplus) = self.widths.beyond(width);
        Ok(Table {
            has_header: layout.has_header,
            rows: self.rows,
            columns,
            passed_over: self.passed,
            blank: self.blank,
            ragged,
            surplus,
            invisible: tidied.invisible,
            entities: tidied.entities,
            ..Table::new(input, part, format)
        })
    }
}

/// Whether a line holds nothing but delimiters and white space. In a table of one column, the common delimiters count as well: a
/// line that consists of them was once a row of empty cells.
fn is_blank(record: &Record, lines: Lines) -> bool {
    record.used() == 0
        || (lines.single && record.get(0).chars().all(|char| char.is_whitespace() || ",;|".contains(char)))
}
