//! `report`.

use std::io::Write;
use std::path::PathBuf;

use drivetrain::data::write_atomically;
use drivetrain::report::{Language, run_page};
use pyo3::prelude::*;
use tabular_sense::report::gather;
use tabular_sense::run::RunFolder;

use crate::errors::Problem;

/// Writes the report of a run as one HTML file.
#[pyfunction]
pub(crate) fn write_report(py: Python<'_>, run: PathBuf, output: PathBuf) -> PyResult<()> {
    let write = move || -> Result<(), Problem> {
        let html = run_page(&gather(&RunFolder::new(&run))?, Language::ENGLISH);
        write_atomically(&output, |writer| writer.write_all(html.as_bytes()))
            .map_err(|error| Problem::Write(format!("cannot write {}: {error}", output.display())))
    };
    Ok(py.detach(write)?)
}
