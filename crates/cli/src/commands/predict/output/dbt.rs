//! A `schema.yml` for dbt: one source with all tables; their columns have a description, meta and tags.
//!
//! <https://docs.getdbt.com/reference/source-properties>

use std::collections::HashSet;
use std::io::Write;

use anyhow::Result;

use super::catalogue::{description, own_fields, unique, unique_names};
use super::{Form, short_name};
use crate::commands::predict::answer::TableAnswer;

#[derive(Default)]
pub(super) struct Dbt {
    tables: Vec<String>,
    names: HashSet<String>,
}

impl<'a> Form<'a> for Dbt {
    fn table(&mut self, answer: TableAnswer<'a>, _out: &mut dyn Write) -> Result<()> {
        let name = unique(short_name(&answer), '_', &mut self.names);
        self.tables.push(table(&name, &answer));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<()> {
        let tables = if self.tables.is_empty() { "      []\n".to_owned() } else { self.tables.concat() };
        Ok(write!(out, "version: 2\n\nsources:\n  - name: tabular_sense\n    tables:\n{tables}")?)
    }

    fn is_written(&self) -> bool {
        false
    }
}

fn table(name: &str, answer: &TableAnswer<'_>) -> String {
    let mut yaml = format!(
        "      - name: {}\n        description: {}\n        columns:\n",
        quoted(name),
        quoted(answer.table.description.as_ref().unwrap_or(&answer.table.title()))
    );
    for (column, name) in answer.columns.iter().zip(unique_names(answer)) {
        yaml += &format!("          - name: {}\n", quoted(&name));
        if let Some(description) = description(column) {
            yaml += &format!("            description: {}\n", quoted(&description));
        }
        let Some(own) = own_fields(column) else { continue };
        let tags = column.types.iter().map(|given| given.kind.code()).chain(column.level().code());
        let tags: Vec<String> = tags.map(quoted).collect();
        // JSON is valid YAML.
        yaml += &format!("            meta: {{\"tabular_sense\": {own}}}\n");
        yaml += &format!("            tags: [{}]\n", tags.join(", "));
    }
    yaml
}

/// A text in double quotes; quoted JSON strings are valid YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
