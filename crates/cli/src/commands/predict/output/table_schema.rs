//! Frictionless Table Schema; for several tables, a Data Package with one resource per table.
//!
//! <https://specs.frictionlessdata.io/table-schema/>, version 1.

use std::collections::HashSet;
use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use super::catalogue::{description, own_fields, slashed, unique, unique_names};
use super::json::write_pretty;
use super::vocabulary;
use super::{Form, short_name};
use crate::commands::predict::answer::TableAnswer;

#[derive(Default)]
pub(super) struct TableSchema {
    /// A resource for each table.
    resources: Vec<Value>,
    names: HashSet<String>,
}

impl<'a> Form<'a> for TableSchema {
    fn table(&mut self, answer: TableAnswer<'a>, _out: &mut dyn Write) -> Result<()> {
        let name = self.unique_name(&short_name(&answer));
        let mut resource = json!({
            "name": name,
            "title": answer.table.title(),
            "path": slashed(answer.file()),
            "profile": "tabular-data-resource",
            "schema": schema(&answer),
        });
        if let Some(description) = &answer.table.description {
            resource["description"] = description.as_str().into();
        }
        if answer.table.is_delimited_text() {
            resource["encoding"] = answer.table.encoding.to_lowercase().into();
        }
        self.resources.push(resource);
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<()> {
        let mut resources = std::mem::take(&mut self.resources);
        if let [resource] = resources.as_mut_slice() {
            return write_pretty(&resource["schema"].take(), out);
        }
        write_pretty(&json!({ "profile": "data-package", "resources": resources }), out)
    }

    fn is_written(&self) -> bool {
        false
    }
}

impl TableSchema {
    /// A unique name for a resource, from lower-case ASCII letters, digits, `.`, `-` and `_`.
    fn unique_name(&mut self, name: &str) -> String {
        let allowed = |char: char| if char.is_ascii_alphanumeric() || ".-_".contains(char) { char } else { '-' };
        unique(name.to_lowercase().chars().map(allowed).collect(), '-', &mut self.names)
    }
}

fn schema(answer: &TableAnswer<'_>) -> Value {
    let fields = answer.columns.iter().zip(unique_names(answer)).map(|(column, name)| {
        let kind = vocabulary::data(column).name();
        let mut field = json!({ "name": name, "type": kind });
        if let Some(concept) = vocabulary::concept(column) {
            field["rdfType"] = concept.into();
        }
        if let Some(description) = description(column) {
            field["description"] = description.into();
        }
        if let Some(own) = own_fields(column) {
            field["tabular-sense"] = own;
        }
        field
    });
    let missing = ["", "-", "N/A", "NA", "NULL", "null", "None"];
    json!({ "fields": fields.collect::<Vec<_>>(), "missingValues": missing })
}
