//! Converts a Python object to the text of a cell.

use arrow_array::DurationMicrosecondArray;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use tabular_sense_tables::{arrow_text, bytes_text, cell_text, float_text};

/// The text of a value: the same as [`tabular_sense_tables::arrow_text`] returns for this value in an array. Empty for `None`, NaN,
/// `NaT` and `pandas.NA`; JSON for dicts, lists and tuples; `str` of anything else.
pub(super) fn text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(cell_text(text.to_string_lossy().into_owned()));
    }
    if value.is_none() {
        return Ok(String::new());
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Ok(number_text(number.value()));
    }
    if let Ok(bool) = value.cast::<PyBool>() {
        return Ok(bool.is_true().to_string());
    }
    if value.cast::<PyInt>().is_ok() {
        return match value.extract::<i64>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => shown(value),
        };
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(cell_text(bytes_text(bytes.as_bytes())));
    }
    if value.cast::<PyDict>().is_ok() || value.cast::<PyList>().is_ok() || value.cast::<PyTuple>().is_ok() {
        return json(value);
    }
    other(value)
}

fn number_text(number: f64) -> String {
    if number.is_nan() { String::new() } else { float_text(number) }
}

/// Values of libraries: their missing values, and NumPy's numbers and arrays.
fn other(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let kind = value.get_type();
    let name = kind.name()?;
    match name.to_str()? {
        "NAType" | "NaTType" => Ok(String::new()),
        "Decimal" if value.call_method0(intern!(value.py(), "is_nan"))?.is_truthy()? => Ok(String::new()),
        "datetime" | "time" | "Timestamp" => Ok(without_trailing_zeros(&shown(value)?)),
        "timedelta" | "Timedelta" => duration(value),
        "datetime64" => {
            let text = shown(value)?;
            // NumPy has a `T` between date and time.
            Ok(if text == "NaT" { String::new() } else { without_trailing_zeros(&text.replacen('T', " ", 1)) })
        }
        // The digits of the number itself, not those of the nearest double.
        "float16" | "float32" => {
            let text = shown(value)?;
            Ok(text.parse().map_or(text, number_text))
        }
        "ndarray" => json(&value.call_method0(intern!(value.py(), "tolist"))?),
        _ if kind.module()?.to_str()? == "numpy" => {
            let item = value.call_method0(intern!(value.py(), "item"))?;
            // An item that is still a NumPy value would be converted again forever.
            if item.get_type().is(&kind) { shown(value) } else { text(&item) }
        }
        _ => shown(value),
    }
}

/// A duration as [`tabular_sense_tables::arrow_text`] shows it: hours, minutes and seconds.
fn duration(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let part = |name| value.getattr(name)?.extract::<i64>();
    let seconds = part("days")? * 86_400 + part("seconds")?;
    let array = DurationMicrosecondArray::from(vec![seconds * 1_000_000 + part("microseconds")?]);
    Ok(arrow_text(&array, 0))
}

/// A time without trailing zeros in its fraction of a second: `05.6+08:00`.
fn without_trailing_zeros(moment: &str) -> String {
    let Some((before, after)) = moment.split_once('.') else { return moment.to_owned() };
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (fraction, zone) = after.split_at(end);
    match fraction.trim_end_matches('0') {
        "" => format!("{before}{zone}"),
        fraction => format!("{before}.{fraction}{zone}"),
    }
}

fn shown(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(cell_text(value.str()?.to_string_lossy().into_owned()))
}

/// A value that contains others, as JSON; values that JSON cannot represent are converted by `str`.
fn json(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = value.py();
    let options = PyDict::new(py);
    options.set_item(intern!(py, "ensure_ascii"), false)?;
    options.set_item(intern!(py, "default"), py.get_type::<PyString>())?;
    let json = py.import(intern!(py, "json"))?.call_method(intern!(py, "dumps"), (value,), Some(&options));
    match json {
        Ok(json) => shown(&json),
        // Keys that are not strings, or a value that contains itself.
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyException>(py) => shown(value),
        Err(error) => Err(error),
    }
}
