//! Converts data frames to columns of texts.
//!
//! ```text
//! stream ─ columns that arrive through the Arrow C stream interface      gather ─ a sample of their rows as texts
//! values ─ columns that are lists of Python objects                      object ─ a Python object as a text
//! ```

mod gather;
mod object;
mod stream;
mod values;

use pyo3::prelude::*;
use pyo3::types::PyList;

use drivetrain::data::Stop;
use tabular_sense_tables::RowSample;

use crate::errors::Problem;
use stream::Stream;

/// The seed of samples: that of the command line.
const SEED: u64 = 0;

/// The maximum memory for texts, in bytes (roughly): from wide tables, fewer rows are read.
const MAX_BYTES: usize = 1 << 30;

/// The minimum memory that a text takes.
const TEXT_BYTES: usize = size_of::<String>() + 16;

/// A column: its name, and its values as texts.
pub(crate) type TextColumn = (String, Vec<String>);

/// Some columns of a data frame.
pub(crate) struct Part {
    /// The positions of the columns in the table; `None` if they are the whole table.
    positions: Option<Vec<usize>>,
    names: Vec<String>,
    source: Source,
}

enum Source {
    Stream(Stream),
    Values(Vec<Vec<String>>),
}

/// A table: its columns from left to right, and how many rows it has.
pub(crate) struct Table {
    pub(crate) columns: Vec<TextColumn>,
    pub(crate) rows: u64,
}

/// A part as Python passes it: the positions of its columns in the table, their names (`None`: those of the stream), and what holds
/// them: a list of lists of values, or an object with `__arrow_c_stream__`.
pub(crate) type PyPart<'py> = (Option<Vec<usize>>, Option<Vec<String>>, Bound<'py, PyAny>);

impl Part {
    /// Takes the columns; values that are Python objects are converted to texts at once.
    pub(crate) fn new(part: PyPart<'_>) -> PyResult<Self> {
        let (positions, names, object) = part;
        if let Ok(columns) = object.cast::<PyList>() {
            let names = names.unwrap_or_default();
            let source = Source::Values(values::texts(columns, &names)?);
            return Ok(Self { positions, names, source });
        }
        let stream = Stream::open(&object)?;
        Ok(Self { positions, names: names.unwrap_or_else(|| stream.names()), source: Source::Stream(stream) })
    }

    /// Its columns with their positions, and how many rows it has.
    fn read(self, max_rows: usize, stop: &Stop) -> Result<(Vec<(usize, TextColumn)>, u64), Problem> {
        let (values, rows) = match self.source {
            Source::Stream(stream) => stream.read(&self.names, max_rows, stop)?,
            Source::Values(values) => {
                let rows = values.iter().map(Vec::len).max().unwrap_or(0) as u64;
                (values, rows)
            }
        };
        let positions = self.positions.unwrap_or_else(|| (0..self.names.len()).collect());
        if values.len() != self.names.len() || values.len() != positions.len() {
            let (found, expected) = (values.len(), positions.len());
            return Err(Problem::Frame(format!("the table has {found} columns where {expected} were announced")));
        }
        Ok((positions.into_iter().zip(self.names.into_iter().zip(values)).collect(), rows))
    }
}

impl Table {
    /// Reads all parts of a table; of streams, a sample of their rows.
    pub(crate) fn read(parts: Vec<Part>, max_rows: usize, stop: &Stop) -> Result<Self, Problem> {
        let width = parts.iter().map(|part| part.names.len()).sum();
        let max_rows = rows_in_memory(width, max_rows);
        let mut columns = Vec::with_capacity(width);
        let mut rows = 0;
        for part in parts {
            let (read, count) = part.read(max_rows, stop)?;
            rows = rows.max(count);
            columns.extend(read);
        }
        columns.sort_by_key(|(position, _)| *position);
        Ok(Self { columns: columns.into_iter().map(|(_, column)| column).collect(), rows })
    }
}

/// How many rows are read if there are `width` columns.
fn rows_in_memory(width: usize, max_rows: usize) -> usize {
    (MAX_BYTES / (width * TEXT_BYTES).max(1)).clamp(1, max_rows.max(1))
}

/// The numbers of the rows that are read of a table with `rows` rows and `width` columns, in order: a uniform sample of at most
/// `max_rows`.
#[pyfunction]
pub(crate) fn sample_rows(py: Python<'_>, rows: u64, width: usize, max_rows: usize) -> Vec<u64> {
    let mut sample = RowSample::new(SEED, rows_in_memory(width, max_rows));
    py.detach(|| sample.offer(0..rows))
}
