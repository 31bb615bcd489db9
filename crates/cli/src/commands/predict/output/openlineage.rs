//! OpenLineage: an event for each table, whose facets hold the schema and a tag for each type. One line each.
//!
//! <https://openlineage.io/docs/spec/facets/dataset-facets/>

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Form;
use super::catalogue::{slashed, unique_names};
use crate::commands::predict::answer::Answer;

const PRODUCER: &str = concat!("tabular-sense:", env!("CARGO_PKG_VERSION"));
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent";
const SCHEMA: &str = "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet";
const TAGS: &str = "https://openlineage.io/spec/facets/1-0-0/TagsDatasetFacet.json#/$defs/TagsDatasetFacet";

pub(super) struct OpenLineage;

impl<'a> Form<'a> for OpenLineage {
    fn table(&mut self, answer: Answer<'a>, out: &mut dyn Write) -> Result<()> {
        serde_json::to_writer(&mut *out, &event(&answer)).map_err(io::Error::from)?;
        Ok(writeln!(out)?)
    }
}

fn event(answer: &Answer<'_>) -> Value {
    let names = unique_names(answer);
    let fields = answer.columns.iter().zip(&names).map(|(column, name)| match &column.declared {
        Some(declared) => json!({ "name": name, "type": declared }),
        None => json!({ "name": name }),
    });
    let tags = answer.columns.iter().zip(&names).flat_map(|(column, field)| {
        let tag =
            |key: &str, value: &str| json!({ "key": key, "value": value, "source": "TABULAR_SENSE", "field": field });
        let types = column.types.iter().map(|given| tag("semantic_type", given.kind.code())).collect::<Vec<_>>();
        types.into_iter().chain(column.level().code().map(|level| tag("sensitivity", level)))
    });
    json!({
        "eventTime": now(),
        "producer": PRODUCER,
        "schemaURL": EVENT,
        "dataset": {
            "namespace": "file",
            "name": name(answer),
            "facets": {
                "schema": { "_producer": PRODUCER, "_schemaURL": SCHEMA, "fields": fields.collect::<Vec<_>>() },
                "tags": { "_producer": PRODUCER, "_schemaURL": TAGS, "tags": tags.collect::<Vec<_>>() },
            },
        },
    })
}

/// The absolute path, as OpenLineage names files; the part of the file follows.
fn name(answer: &Answer<'_>) -> String {
    let path = answer.file();
    let path =
        if path == Path::new("-") { path.clone() } else { std::path::absolute(path).unwrap_or_else(|_| path.clone()) };
    match answer.table.name.as_str() {
        "" => slashed(&path),
        part => format!("{}/{part}", slashed(&path)),
    }
}

/// The time, as RFC 3339 has it.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (date, time) = (now.date(), now.time());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
