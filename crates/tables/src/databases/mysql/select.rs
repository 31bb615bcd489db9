//! Selects values as text: the server sends values of all types as text, which is then converted to the form that other
//! formats use.

use ::mysql::Value;

use crate::databases::sql::backticked;
use crate::record::CELL_LIMIT;
use crate::values;

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) declared: String,
    pub(super) description: Option<String>,
    pub(super) shape: Shape,
    /// Whether it is in the primary key.
    pub(super) is_key: bool,
}

/// How the values of a type are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    /// A whole number.
    Whole,
    /// Text and JSON, which may be long.
    Text,
    Float,
    Bytes,
    Bits,
    Geometry,
}

impl Shape {
    /// From the name of a type, in lower case.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => Self::Whole,
            "json" => Self::Text,
            "float" | "double" => Self::Float,
            "bit" => Self::Bits,
            "binary" | "varbinary" => Self::Bytes,
            "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
            | "geometrycollection" | "geomcollection" => Self::Geometry,
            _ if name.ends_with("text") => Self::Text,
            _ if name.ends_with("blob") => Self::Bytes,
            _ => Self::Plain,
        }
    }
}

/// The `SELECT` list: each column as text, with long values cut off a little above the limit for a cell.
pub(super) fn list(columns: &[Column]) -> String {
    let expression = |column: &Column| {
        let name = backticked(&column.name);
        match column.shape {
            Shape::Text | Shape::Bytes => format!("LEFT({name}, {})", CELL_LIMIT + 1),
            Shape::Bits => format!("{name} + 0"),
            Shape::Geometry => format!("ST_AsText({name})"),
            Shape::Plain | Shape::Whole | Shape::Float => name,
        }
    };
    columns.iter().map(expression).collect::<Vec<_>>().join(", ")
}

/// The text of a value; `None` for NULL.
pub(super) fn shown(value: &Value, shape: Shape) -> Option<String> {
    let bytes = match value {
        Value::NULL => return None,
        Value::Bytes(bytes) => bytes,
        // The text protocol sends only bytes.
        other => return Some(other.as_sql(true).trim_matches('\'').to_owned()),
    };
    if shape == Shape::Bytes {
        return Some(values::bytes(bytes));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    Some(match shape {
        Shape::Float => text.parse().map_or(text, values::float),
        _ => text,
    })
}
