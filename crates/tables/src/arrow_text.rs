//! The text of a value in an Arrow array.

use arrow_array::Array;

use crate::cell::{self, Tidied};
use crate::formats::columnar::cells;
use crate::record::CELL_LIMIT;
use crate::values;

/// The text of a value in an Arrow array, as a cell of a [`Table`](crate::Table) would hold it: numbers with all of their digits;
/// dates and times in ISO form; lists, structs and maps as JSON; bytes as text or a UUID if they are one, otherwise in hexadecimal.
/// Empty if there is no value or no such row. At most 1 MiB long.
///
/// ```
/// use arrow_array::{Array, Float64Array};
/// use tabular_sense_tables::arrow_text;
///
/// let array = Float64Array::from(vec![Some(27.0), Some(31.5), None]);
/// assert_eq!([0, 1, 2].map(|row| arrow_text(&array, row)), ["27", "31.5", ""]);
/// ```
#[must_use]
pub fn arrow_text(array: &dyn Array, row: usize) -> String {
    let mut text = String::new();
    cells::push(array, row, 0, &mut text);
    cell_text(text)
}

/// A text as a cell of a [`Table`](crate::Table) would hold it: spaces of every width become ordinary spaces, invisible characters
/// are removed, HTML entities are decoded, and anything beyond 1 MiB is cut off.
///
/// ```
/// assert_eq!(tabular_sense_tables::cell_text("O&#039;Hara\u{200b}".to_owned()), "O'Hara");
/// ```
#[must_use]
pub fn cell_text(mut text: String) -> String {
    if text.len() > CELL_LIMIT {
        text.truncate(text.floor_char_boundary(CELL_LIMIT));
    }
    match cell::tidy(&text, &mut Tidied::default()) {
        std::borrow::Cow::Owned(tidied) => tidied,
        std::borrow::Cow::Borrowed(_) => text,
    }
}

/// A number as [`arrow_text`] writes it: with all of its digits, and without an exponent unless it is very large or very small.
///
/// ```
/// assert_eq!([27.0, 0.1, 1e300].map(tabular_sense_tables::float_text), ["27", "0.1", "1e300"]);
/// ```
#[must_use]
pub fn float_text(number: f64) -> String {
    values::float(number)
}

/// Bytes as [`arrow_text`] writes them: as text or a UUID if they are one, otherwise the first ones in hexadecimal.
///
/// ```
/// assert_eq!([tabular_sense_tables::bytes_text(b"abc"), tabular_sense_tables::bytes_text(&[0, 255])], ["abc", "00ff"]);
/// ```
#[must_use]
pub fn bytes_text(bytes: &[u8]) -> String {
    values::bytes(bytes)
}
