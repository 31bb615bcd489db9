//! The native part of the Python package `tabular-sense`: the module `tabular_sense._native`. Users call the Python
//! code in `python/tabular_sense`; this crate holds the parts that need the Rust libraries.
//!
//! ```text
//! input ─ data frames as columns of texts       classifier ─ the types of their columns
//! answers ─ those types as Python objects       types ─ the types there are
//! training ─ train, evaluate, generate, report  errors ─ errors as Python exceptions
//! interrupt ─ work that Ctrl-C ends             pool ─ threads that survive a fork
//! ```

mod answers;
mod classifier;
mod errors;
mod input;
mod interrupt;
mod pool;
mod training;
mod types;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use super::classifier::Classifier;
    #[pymodule_export]
    use super::input::sample_rows;
    #[pymodule_export]
    use super::training::{evaluate_columns, evaluate_run, generate, held_out, train, write_report};
    #[pymodule_export]
    use super::types::types;
}
