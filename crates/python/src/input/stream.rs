//! Columns that arrive through the Arrow C stream interface.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{ArrayReader, ArrayRef};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType};
use drivetrain::data::Stop;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::gather::Gather;
use crate::errors::{Problem, exception, panic_text};

/// A stream of arrays: structs, which are the rows of a table, or values of one column.
pub(super) struct Stream(ArrayStreamReader);

impl Stream {
    /// Takes the stream out of `object.__arrow_c_stream__()`, without copying.
    ///
    /// # Errors
    /// Whatever the object raises; also if it returns no stream, or one of a type that cannot be read.
    pub(super) fn open(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast::<FFI_ArrowArrayStream>().as_ptr();
        // SAFETY: a capsule of this name holds a pointer to such a stream, by the definition of the Arrow PyCapsule interface. The
        // stream is moved out of it and marked as released there, so that it is released once.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer) };
        if let Some(problem) = guarded(|| unsupported(&mut stream))? {
            return Err(problem.into());
        }
        let reader = ArrayStreamReader::try_new(stream);
        let unreadable = |error: &ArrowError| format!("the table cannot be read as an Arrow stream: {error}");
        reader.map(Self).map_err(|error| exception(object.py(), "TableError", &unreadable(&error), None))
    }

    /// The names of its columns.
    pub(super) fn names(&self) -> Vec<String> {
        match self.0.field().data_type() {
            DataType::Struct(fields) => fields.iter().map(|field| field.name().clone()).collect(),
            _ => vec![self.0.field().name().clone()],
        }
    }

    /// A sample of its rows as texts, column by column, and how many rows there are.
    pub(super) fn read(
        mut self,
        names: &[String],
        max_rows: usize,
        stop: &Stop,
    ) -> Result<(Vec<Vec<String>>, u64), Problem> {
        let mut gather = Gather::new(self.width(), max_rows);
        while let Some(array) = guarded(|| self.0.next())? {
            if stop.is_requested() {
                return Err(Problem::Stopped);
            }
            let array = array.map_err(|error| Problem::Frame(format!("the table's rows cannot be read: {error}")))?;
            add(&mut gather, &array, names)?;
        }
        Ok(gather.finish())
    }

    fn width(&self) -> usize {
        match self.0.field().data_type() {
            DataType::Struct(fields) => fields.len(),
            _ => 1,
        }
    }
}

/// The first column of a stream whose type the Arrow library does not know.
fn unsupported(stream: &mut FFI_ArrowArrayStream) -> Option<Problem> {
    let get_schema = stream.get_schema()?;
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream's own callback, with the stream and an empty schema, by the definition of the Arrow C stream interface.
    let status = unsafe { get_schema(stream, &raw mut schema) };
    if status != 0 {
        return None;
    }
    let is_table = schema.format() == "+s";
    let columns: Vec<&FFI_ArrowSchema> = if is_table { schema.children().collect() } else { vec![&schema] };
    let (at, column) = columns.iter().enumerate().find(|(_, column)| DataType::try_from(**column).is_err())?;
    let (name, kind) = (column.name().unwrap_or_default(), unknown_type(column));
    Some(Problem::Column(format!("column {} (`{name}`) is of the Arrow type `{kind}`, which is not supported", at + 1)))
}

/// The innermost type that is not known, as the Arrow C data interface writes it.
fn unknown_type(schema: &FFI_ArrowSchema) -> &str {
    let mut inside = schema.children().chain(schema.dictionary());
    inside.find(|inner| DataType::try_from(*inner).is_err()).map_or_else(|| schema.format(), unknown_type)
}

/// Adds some rows, if they are valid Arrow data.
fn add(gather: &mut Gather, array: &ArrayRef, names: &[String]) -> Result<(), Problem> {
    let columns = match array.as_struct_opt() {
        Some(rows) => rows.columns(),
        None => std::slice::from_ref(array),
    };
    let unreadable = |column: usize, problem: &dyn Display| {
        let name = names.get(column).map_or("", String::as_str);
        Problem::Column(format!("column {} (`{name}`) cannot be read: {problem}", column + 1))
    };
    for (at, column) in columns.iter().enumerate() {
        guarded(|| column.to_data().validate_full())?.map_err(|error| unreadable(at, &error))?;
    }
    guarded(|| gather.add(columns, array.len()))?.map_err(|(column, problem)| unreadable(column, &problem))
}

/// Runs `work`; a panic becomes an error. Arrays that contradict their own lengths make the Arrow library panic.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        Problem::Frame(format!("the table's Arrow arrays contradict themselves: {}", panic_text(panic.as_ref())))
    })
}
