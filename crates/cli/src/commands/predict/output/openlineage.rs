//! OpenLineage: one event per table, whose facets contain the schema and a tag for each type. Each event is on one line.
//!
//! <https://openlineage.io/docs/spec/facets/dataset-facets/>

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Form;
use super::catalogue::{slashed, unique_names};
use crate::commands::predict::answer::TableAnswer;

const PRODUCER: &str = concat!("tabular-sense:", env!("CARGO_PKG_VERSION"));
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent";
const SCHEMA: &str = "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet";
const TAGS: &str = "https://openlineage.io/spec/facets/1-0-0/TagsDatasetFacet.json#/$defs/TagsDatasetFacet";

pub(super) struct OpenLineage;

impl<'a> Form<'a> for OpenLineage {
    fn table(&mut self, answer: TableAnswer<'a>, out: &mut dyn Write) -> Result<()> {
        serde_json::to_writer(&mut *out, &event(&answer)).map_err(io::Error::from)?;
        Ok(writeln!(out)?)
    }
}

fn event(answer: &TableAnswer<'_>) -> Value {
    let names = unique_names(answer);
    let fields = answer.columns.iter().zip(&names).map(|(column, name)| {
        let mut field = json!({ "name": name });
        let said = [("type", &column.declared), ("description", &column.description)];
        for (key, text) in said.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            field[key] = text.as_str().into();
        }
        field
    });
    let tags = answer.columns.iter().zip(&names).flat_map(|(column, field)| {
        let tag =
            |key: &str, value: &str| json!({ "key": key, "value": value, "source": "TABULAR_SENSE", "field": field });
        let types = column.types.iter().map(|given| tag("semantic_type", given.kind.code())).collect::<Vec<_>>();
        types.into_iter().chain(column.level().code().map(|level| tag("sensitivity", level)))
    });
    let (namespace, name) = place(answer);
    json!({
        "eventTime": now(),
        "producer": PRODUCER,
        "schemaURL": EVENT,
        "dataset": {
            "namespace": namespace,
            "name": name,
            "facets": {
                "schema": { "_producer": PRODUCER, "_schemaURL": SCHEMA, "fields": fields.collect::<Vec<_>>() },
                "tags": { "_producer": PRODUCER, "_schemaURL": TAGS, "tags": tags.collect::<Vec<_>>() },
            },
        },
    })
}

/// The namespace and the name, following OpenLineage's naming. For a file: its absolute path, followed by the part of the file.
/// For an address: the server or bucket and what it contains, without the user.
fn place(answer: &TableAnswer<'_>) -> (String, String) {
    let (path, part) = (answer.file(), answer.table.name.as_str());
    if let Some((scheme, rest)) = path.to_str().and_then(|address| address.split_once("://")) {
        let (server, inside) = rest.split_once('/').unwrap_or((rest, ""));
        let server = server.rsplit_once('@').map_or(server, |(_, server)| server);
        // A dot separates a database from its tables. In MySQL, the part already contains the database.
        let name = match (scheme, part) {
            (_, "") => inside.to_owned(),
            ("mysql" | "mariadb", part) => part.to_owned(),
            (_, part) => format!("{inside}.{part}"),
        };
        return (format!("{scheme}://{server}"), name);
    }
    let path =
        if path == Path::new("-") { path.clone() } else { std::path::absolute(path).unwrap_or_else(|_| path.clone()) };
    let name = if part.is_empty() { slashed(&path) } else { format!("{}/{part}", slashed(&path)) };
    ("file".to_owned(), name)
}

/// The current time in RFC 3339 format.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (date, time) = (now.date(), now.time());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
