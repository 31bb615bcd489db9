//! Turns a sample of rows into columns.

use super::cell::{self, Tidied};
use super::sample::Sample;
use super::{Column, ReadOptions};

/// Turns a sample of rows into `width` columns.
pub(super) fn columns(
    mut names: Vec<String>,
    width: usize,
    mut sample: Sample,
    options: &ReadOptions,
) -> (Vec<Column>, Tidied) {
    // Short rows are padded, and even an empty string takes memory.
    sample.shrink_to((options.max_bytes / (width * size_of::<String>()).max(1)).clamp(1, options.max_rows.max(1)));
    let rows = sample.into_rows();
    names.resize(width, String::new());
    let mut tidied = Tidied::default();
    let mut columns: Vec<Column> = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| Column {
            name: cell::tidy(&name, &mut tidied).trim().to_owned(),
            declared: None,
            description: None,
            index,
            values: Vec::with_capacity(rows.len()),
        })
        .collect();
    // Row by row, so that each row is freed as soon as its cells have been moved into the columns.
    for row in rows {
        for column in &mut columns {
            column.values.push(cell::tidy(row.get(column.index), &mut tidied).into_owned());
        }
    }
    (columns, tidied)
}
