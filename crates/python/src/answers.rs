//! The types of columns, as Python objects.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use tabular_sense::annotate::{ColumnTypes, Given, examples};
use tabular_sense::evidence::{Verdict, Why};

/// A column's types, without references to the rules that some of them come from.
pub(crate) struct ColumnAnswer {
    name: String,
    types: Vec<TypeAnswer>,
    level: Option<&'static str>,
    from_name_only: bool,
    withheld: Vec<(&'static str, f64, &'static str)>,
    examples: Vec<String>,
}

struct TypeAnswer {
    code: String,
    probability: f64,
    is_own: bool,
    level: Option<&'static str>,
    why: Option<Why>,
}

impl ColumnAnswer {
    pub(crate) fn new(name: &str, values: &[String], types: ColumnTypes<'_>) -> Self {
        let withheld = types.withheld.iter().map(|one| (one.label.code(), f64::from(one.probability), one.reason.0));
        Self {
            name: name.to_owned(),
            level: types.level().code(),
            from_name_only: types.from_name_only,
            withheld: withheld.collect(),
            examples: examples(values).into_iter().map(str::to_owned).collect(),
            types: types.types.into_iter().map(TypeAnswer::from).collect(),
        }
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let types: Vec<_> = self.types.iter().map(|one| one.to_python(py)).collect::<PyResult<_>>()?;
        let Self { name, level, from_name_only, withheld, examples, .. } = self;
        (name, types, *level, *from_name_only, withheld.clone(), examples.clone()).into_pyobject(py)
    }
}

impl From<Given<'_>> for TypeAnswer {
    fn from(given: Given<'_>) -> Self {
        Self {
            code: given.kind.code().to_owned(),
            probability: given.probability,
            is_own: given.kind.is_by_rule(),
            level: given.kind.level().code(),
            why: given.why,
        }
    }
}

impl TypeAnswer {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let why = self.why.as_ref().map(|why| {
            let settled = why.settled.and_then(Verdict::reason).map(|(reason, _)| reason);
            let (checksum, name_match) = (why.checksum.zip(why.checksum_percent), why.name_match.clone());
            let without_name = f64::from(why.probability_without_name);
            (why.sentence(&why.name), why.form_percent, checksum, name_match, without_name, settled)
        });
        (&self.code, self.probability, self.is_own, self.level, why).into_pyobject(py)
    }
}

/// The answers as a list of tuples, from which `tabular_sense._results` makes objects.
pub(crate) fn to_python<'py>(py: Python<'py>, answers: &[ColumnAnswer]) -> PyResult<Bound<'py, PyList>> {
    let answers: Vec<_> = answers.iter().map(|answer| answer.to_python(py)).collect::<PyResult<_>>()?;
    PyList::new(py, answers)
}
