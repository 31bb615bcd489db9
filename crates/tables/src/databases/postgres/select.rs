//! Selects values as text: the server sends values of all types as text, which is then converted to the form that other
//! formats use.

use std::error::Error as StdError;

use ::postgres::types::{FromSql, Type};
use ::postgres::{Error, Row};

use crate::databases::sql::standard;
use crate::record::CELL_LIMIT;
use crate::values;

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) declared: String,
    pub(super) description: Option<String>,
    pub(super) shape: Shape,
}

/// How the values of a type are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    /// Arrays and composite values, which are shown as JSON.
    Nested,
    Float,
    Bytes,
    /// A timestamp with a time zone.
    Moment,
    /// The address of a host.
    Host,
}

impl Shape {
    /// From the category and the name of a type.
    pub(super) fn of(category: &str, name: &str) -> Self {
        match (category, name) {
            ("A" | "C", _) => Self::Nested,
            (_, "float4" | "float8") => Self::Float,
            (_, "bytea") => Self::Bytes,
            (_, "timestamptz") => Self::Moment,
            (_, "inet") => Self::Host,
            _ => Self::Plain,
        }
    }
}

/// The `SELECT` list: each column as text, with long values cut off a little above the limit for a cell.
pub(super) fn list(columns: &[Column]) -> String {
    let limit = CELL_LIMIT + 1;
    let expression = |column: &Column| {
        let name = standard(&column.name);
        match column.shape {
            Shape::Bytes => format!("substring({name} FROM 1 FOR {limit})"),
            Shape::Nested => format!("left(to_json({name})::text, {limit})"),
            // Cast to text, it would end in `/32`.
            Shape::Host => format!("abbrev({name})"),
            Shape::Plain | Shape::Float | Shape::Moment => format!("left({name}::text, {limit})"),
        }
    };
    columns.iter().map(expression).collect::<Vec<_>>().join(", ")
}

/// The text of a value; `None` for NULL.
pub(super) fn shown(row: &Row, at: usize, shape: Shape) -> Result<Option<String>, Error> {
    let Some(Raw(bytes)) = row.try_get::<_, Option<Raw>>(at)? else { return Ok(None) };
    if shape == Shape::Bytes {
        return Ok(Some(values::bytes(&bytes)));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Some(match shape {
        Shape::Float => text.parse::<f64>().ok().filter(|number| number.is_finite()).map_or(text, values::float),
        // `+00`; the other formats write `+00:00`.
        Shape::Moment if text.ends_with("+00") => text + ":00",
        _ => text,
    }))
}

/// A text from the system catalogs, which need not be valid UTF-8.
pub(super) fn text(row: &Row, at: usize) -> Result<Option<String>, Error> {
    Ok(row.try_get::<_, Option<Raw>>(at)?.map(|Raw(bytes)| String::from_utf8_lossy(&bytes).into_owned()))
}

/// The bytes of a value as the server sends them. In databases without an encoding, the bytes of a text need not be
/// valid UTF-8.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(bytes.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
