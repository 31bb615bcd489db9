//! The types of the columns of tables.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use drivetrain::data::Stop;
use pyo3::prelude::*;
use pyo3::types::PyList;
use tabular_sense::annotate::{AnnotateOptions, annotate};
use tabular_sense_rules::RuleTypes;
use tabular_sense_tables::{Delimiter, Header, ReadOptions, Table as FileTable, TablePattern, tables};

use crate::answers::{ColumnAnswer, to_python};
use crate::errors::{Problem, exception};
use crate::input::{Part, PyPart, Table, TextColumn};
use crate::interrupt::{OnInterrupt, interruptible};

/// How many columns are processed at a time; after each such chunk, the work can be interrupted.
const CHUNK: usize = 1024;

/// A trained model, ready to read tables. It never changes, so that any number of threads may use it.
#[pyclass(frozen, module = "tabular_sense._native")]
pub(crate) struct Classifier {
    model: Arc<tabular_sense::model::Classifier>,
    rule_types: Option<Arc<RuleTypes>>,
}

/// The options as Python passes them: threshold, number of types, draws, and whether reasons are wanted.
type PyOptions = (Option<f64>, Option<usize>, Option<usize>, bool);

/// How a file is read, as Python passes it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct PyReading {
    header: Option<bool>,
    delimiter: Option<String>,
    encoding: Option<String>,
    skip_rows: usize,
    comment: Option<String>,
    /// Patterns of tables of a database; all tables if there are none.
    tables: Vec<String>,
    /// In seconds.
    time_limit: Option<f64>,
}

#[pymethods]
impl Classifier {
    #[new]
    #[pyo3(signature = (model=None, types=None))]
    fn new(py: Python<'_>, model: Option<PathBuf>, types: Option<PathBuf>) -> PyResult<Self> {
        let open = move || -> Result<Self, Problem> {
            let model = Arc::new(tabular_sense::model::Classifier::open(model.as_deref())?);
            let rule_types = types.as_deref().map(RuleTypes::read).transpose()?.map(Arc::new);
            Ok(Self { model, rule_types })
        };
        Ok(py.detach(open)?)
    }

    /// The types of the columns of a data frame, and how many rows it has.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        parts: Vec<PyPart<'py>>,
        max_rows: usize,
        options: PyOptions,
    ) -> PyResult<(Bound<'py, PyList>, u64)> {
        let parts = parts.into_iter().map(Part::new).collect::<PyResult<Vec<Part>>>()?;
        let stop = Stop::new();
        let job = self.job(options, &stop);
        let answers = interruptible(py, &stop, OnInterrupt::Leave, move || {
            let Table { columns, rows } = Table::read(parts, max_rows, &job.stop)?;
            Ok::<_, Problem>((job.answers(columns)?, rows))
        })?;
        let (answers, rows) = answers?;
        Ok((to_python(py, &answers)?, rows))
    }

    /// For each table in a file or a database, or only for the one called `part` if it is given: the types of its columns, how many
    /// rows it has, and what was odd about it. With `passes_over`, also the message and the hint for each table that cannot be
    /// read.
    #[pyo3(signature = (path, part, reading, options, passes_over))]
    fn predict_file<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        part: Option<String>,
        reading: PyReading,
        options: PyOptions,
        passes_over: bool,
    ) -> PyResult<(Vec<PyFileTable<'py>>, Vec<PyMessage>)> {
        let reading = read_options(py, reading)?;
        let stop = Stop::new();
        let job = self.job(options, &stop);
        let answers = interruptible(py, &stop, OnInterrupt::Leave, move || {
            let tables = tables(&path, &reading)?;
            let is_wanted = |table: &FileTable| part.as_ref().is_none_or(|part| *part == table.name);
            let (mut answers, mut unreadable) = (Vec::new(), Vec::new());
            for table in tables.filter(|table| table.as_ref().map_or(true, is_wanted)) {
                match table {
                    Err(error) if passes_over => unreadable.push(Problem::from(error).texts()),
                    table => answers.push(job.file_answers(table?)?),
                }
            }
            Ok::<(Vec<FileAnswers>, Vec<PyMessage>), Problem>((answers, unreadable))
        })?;
        let (answers, unreadable) = answers?;
        let answers = answers.into_iter().map(|table| {
            let FileAnswers { name, answers, rows, remarks } = table;
            Ok((name, to_python(py, &answers)?, rows, remarks))
        });
        Ok((answers.collect::<PyResult<_>>()?, unreadable))
    }
}

/// The message and the hint of an error.
type PyMessage = (String, Option<String>);

/// The types of the columns of a table in a file.
struct FileAnswers {
    /// Empty where the file is the table.
    name: String,
    answers: Vec<ColumnAnswer>,
    rows: u64,
    remarks: Vec<String>,
}

/// The same, as it is passed to Python.
type PyFileTable<'py> = (String, Bound<'py, PyList>, u64, Vec<String>);

impl Classifier {
    fn job(&self, (threshold, top_k, draws, is_explained): PyOptions, stop: &Stop) -> Job {
        let options = AnnotateOptions { threshold, top_k, draws, is_explained };
        Job { model: Arc::clone(&self.model), rule_types: self.rule_types.clone(), options, stop: stop.clone() }
    }
}

/// What a thread needs to answer.
struct Job {
    model: Arc<tabular_sense::model::Classifier>,
    rule_types: Option<Arc<RuleTypes>>,
    options: AnnotateOptions,
    stop: Stop,
}

impl Job {
    fn file_answers(&self, table: FileTable) -> Result<FileAnswers, Problem> {
        let remarks = table.remarks().iter().map(ToString::to_string).collect();
        let columns = table.columns.into_iter().map(|column| (column.name, column.values)).collect();
        Ok(FileAnswers { name: table.name, answers: self.answers(columns)?, rows: table.rows, remarks })
    }

    fn answers(&self, columns: Vec<TextColumn>) -> Result<Vec<ColumnAnswer>, Problem> {
        let mut answers = Vec::with_capacity(columns.len());
        for chunk in columns.chunks(CHUNK) {
            if self.stop.is_requested() {
                return Err(Problem::Stopped);
            }
            let asked: Vec<(&str, &[String])> =
                chunk.iter().map(|(name, values)| (name.as_str(), &values[..])).collect();
            let types = annotate(&self.model, self.rule_types.as_deref(), &asked, &self.options);
            let answer = |((name, values), types): (&TextColumn, _)| ColumnAnswer::new(name, values, types);
            answers.extend(chunk.iter().zip(types).map(answer));
        }
        Ok(answers)
    }
}

fn read_options(py: Python<'_>, reading: PyReading) -> PyResult<ReadOptions> {
    let PyReading { header, delimiter, encoding, skip_rows, comment, tables, time_limit } = reading;
    let delimiter = delimiter.map(|text| text.parse::<Delimiter>()).transpose();
    let patterns: Result<Vec<TablePattern>, String> = tables.iter().map(|pattern| pattern.parse()).collect();
    let defaults = ReadOptions::default();
    Ok(ReadOptions {
        header: match header {
            None => Header::Auto,
            Some(true) => Header::Present,
            Some(false) => Header::Absent,
        },
        delimiter: delimiter.map_err(|error| exception(py, "TableError", &error.to_string(), None))?,
        encoding,
        skip_rows,
        comment,
        tables: patterns.map_err(|error| exception(py, "TableError", &format!("tables: {error}"), None))?,
        time_limit: time_limit.map_or(defaults.time_limit, Duration::from_secs_f64),
        ..defaults
    })
}
