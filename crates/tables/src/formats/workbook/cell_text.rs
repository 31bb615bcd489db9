//! The text that cells show.

use calamine::{Data, DataRef};

use super::number_format::{NumberFormat, general};

/// Appends the text of a cell to `text`. `format` is its number format, if known.
pub(super) fn push(cell: &DataRef<'_>, format: Option<&NumberFormat>, is_1904: bool, text: &mut String) {
    match cell {
        DataRef::Empty => {}
        DataRef::String(shown) => text.push_str(shown),
        DataRef::SharedString(shown) => text.push_str(shown),
        DataRef::Int(number) => text.push_str(&number_text(*number as f64, format, is_1904)),
        DataRef::Float(number) => text.push_str(&number_text(*number, format, is_1904)),
        DataRef::DateTime(date) => {
            let without = if date.is_duration() { NumberFormat::duration() } else { NumberFormat::date(date.as_f64()) };
            text.push_str(&format.unwrap_or(without).show(date.as_f64(), is_1904));
        }
        DataRef::Bool(bool) => text.push_str(if *bool { "TRUE" } else { "FALSE" }),
        DataRef::DateTimeIso(date) | DataRef::DurationIso(date) => {
            text.push_str(date.replacen('T', " ", 1).trim_end_matches(" 00:00:00"));
        }
        DataRef::Error(error) => text.push_str(&error.to_string()),
    }
}

/// The same for an owned value.
pub(super) fn push_owned(cell: &Data, format: Option<&NumberFormat>, is_1904: bool, text: &mut String) {
    let cell = match cell {
        Data::Empty => return,
        Data::String(shown) => DataRef::SharedString(shown),
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::Bool(bool) => DataRef::Bool(*bool),
        Data::DateTimeIso(date) | Data::DurationIso(date) => DataRef::DateTimeIso(date.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    };
    push(&cell, format, is_1904, text);
}

fn number_text(number: f64, format: Option<&NumberFormat>, is_1904: bool) -> String {
    format.map_or_else(|| general(number), |format| format.show(number, is_1904))
}
