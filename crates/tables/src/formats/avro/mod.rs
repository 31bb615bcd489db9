//! Avro: files of records, with their schema. Nested records become columns `a.b`.

mod blocks;
mod schema;
mod values;

use crate::input::Input;
use crate::named_rows::NamedRows;
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

use blocks::Blocks;
use schema::{Kind, Schema};

/// What error messages call it.
const FILE: &str = "an Avro file";
const MAGIC: &[u8] = b"Obj\x01";

pub(super) struct Avro;

impl Source for Avro {
    fn name(&self) -> &'static str {
        "Avro"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["avro"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        start.starts_with(MAGIC)
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let table = read(&input, options)?;
        Ok(Box::new(std::iter::once(Ok(table))))
    }
}

fn read(input: &Input, options: &ReadOptions) -> Result<Table, TableError> {
    let mut rows = NamedRows::new(options);
    let damaged =
        |place: String, problem: String| TableError::Damaged { path: input.name(), format: FILE, place, problem };
    let mut blocks = Blocks::open(input.reader()?).map_err(|problem| damaged("its header".into(), problem))?;
    let schema = Schema::parse(blocks.schema()).map_err(|problem| damaged("its schema".into(), problem))?;
    schema.add_columns(&mut rows);
    let (mut number, mut unread) = (0_u64, 0);
    loop {
        number += 1;
        let block = blocks.next().map_err(|problem| damaged(format!("block {number}"), problem))?;
        let Some((count, bytes)) = block else { break };
        if options.names_only {
            unread += count;
            continue;
        }
        read_block(&schema, count, &bytes, &mut rows).map_err(|problem| damaged(format!("block {number}"), problem))?;
    }
    let mut table = rows.into_table(input, "", "Avro", options)?;
    table.rows += unread;
    Ok(table)
}

fn read_block(schema: &Schema, count: u64, bytes: &[u8], rows: &mut NamedRows) -> Result<(), String> {
    let mut bytes = bytes;
    for _ in 0..count {
        // A record without fields takes no bytes, so a block may claim to hold any number of them; only one is read.
        if bytes.is_empty() && !matches!(schema.root(), Kind::Record(fields) if fields.is_empty()) {
            return Err("it holds fewer records than it says".into());
        }
        let before = bytes.len();
        values::read_row(schema, &mut bytes, rows)?;
        rows.end_row();
        if bytes.len() == before {
            break;
        }
    }
    Ok(())
}
