//! Collects rows of batches into columns of text.

use arrow_array::RecordBatch;

use super::leaves::Leaf;
use crate::cell::{self, Tidied};
use crate::input::Input;
use crate::record::CELL_LIMIT;
use crate::{Column, Table};

/// The values of some columns, as far as they have been read.
pub(super) struct Gather {
    leaves: Vec<Leaf>,
    values: Vec<Vec<String>>,
    bytes: usize,
    max_bytes: usize,
    tidied: Tidied,
    cut: u64,
    text: String,
}

impl Gather {
    pub(super) fn new(leaves: Vec<Leaf>, max_bytes: usize) -> Self {
        let values = vec![Vec::new(); leaves.len()];
        Self { leaves, values, bytes: 0, max_bytes, tidied: Tidied::default(), cut: 0, text: String::new() }
    }

    /// Adds some rows of a batch; returns false if there is no room for more.
    pub(super) fn add(&mut self, batch: &RecordBatch, rows: std::ops::Range<usize>) -> bool {
        let Self { leaves, values, bytes, tidied, cut, text, .. } = self;
        for (leaf, values) in leaves.iter().zip(values) {
            let before = values.len();
            leaf.values(batch, |array, has_value| {
                for row in rows.clone() {
                    text.clear();
                    if has_value(row) {
                        super::cells::push(array.as_ref(), row, 0, text);
                    }
                    if text.len() > CELL_LIMIT {
                        *cut += 1;
                        text.truncate(text.floor_char_boundary(CELL_LIMIT));
                    }
                    let value = cell::tidy(text, tidied).into_owned();
                    *bytes += value.capacity() + size_of::<String>() + 16;
                    values.push(value);
                }
            });
            // A batch of another schema has no such column.
            values.resize(before + rows.len(), String::new());
        }
        self.bytes < self.max_bytes
    }

    /// The table composed of parts, each of which has some of its columns.
    pub(super) fn into_table(parts: Vec<Self>, input: &Input, part: &str, format: &'static str) -> Table {
        let mut table = Table::new(input, part, format);
        for part in parts {
            table.cut += part.cut;
            table.invisible += part.tidied.invisible;
            table.entities += part.tidied.entities;
            for (leaf, values) in part.leaves.into_iter().zip(part.values) {
                let name = cell::tidy(&leaf.name, &mut Tidied::default()).trim().to_owned();
                let index = table.columns.len();
                table.columns.push(Column { name, index, declared: Some(leaf.declared), description: None, values });
            }
        }
        // If one part had no room for more, the others are cut to the same number of rows.
        let rows = table.columns.iter().map(|column| column.values.len()).min().unwrap_or(0);
        table.columns.iter_mut().for_each(|column| column.values.truncate(rows));
        table
    }
}
