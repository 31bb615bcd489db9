//! Metadata of CSV on the Web. <https://www.w3.org/TR/tabular-metadata/>

use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use super::Form;
use super::catalogue::{description, slashed, unique_names};
use super::json::write_pretty;
use super::vocabulary;
use crate::commands::predict::answer::TableAnswer;

const CONTEXT: &str = "http://www.w3.org/ns/csvw";

#[derive(Default)]
pub(super) struct Csvw {
    tables: Vec<Value>,
}

impl<'a> Form<'a> for Csvw {
    fn table(&mut self, answer: TableAnswer<'a>, _out: &mut dyn Write) -> Result<()> {
        self.tables.push(table(&answer));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<()> {
        let mut tables = std::mem::take(&mut self.tables);
        let document = match tables.as_mut_slice() {
            [table] => {
                let mut table = table.take();
                table["@context"] = CONTEXT.into();
                table
            }
            _ => json!({ "@context": CONTEXT, "tables": tables }),
        };
        write_pretty(&document, out)
    }

    fn is_written(&self) -> bool {
        false
    }
}

fn table(answer: &TableAnswer<'_>) -> Value {
    let columns = answer.columns.iter().zip(unique_names(answer)).map(|(column, name)| {
        let datatype = vocabulary::data(column).name();
        let mut described = json!({ "titles": name, "datatype": datatype });
        if let Some(concept) = vocabulary::concept(column) {
            described["propertyUrl"] = concept.into();
        }
        // The standard allows properties of common vocabularies only.
        if let Some(description) = description(column) {
            described["dc:description"] = description.into();
        }
        if !column.types.is_empty() {
            let mut keywords: Vec<&str> = column.types.iter().map(|given| given.kind.code()).collect();
            keywords.extend(column.level().code());
            described["schema:keywords"] = keywords.join(", ").into();
        }
        described
    });
    let mut table = json!({
        "url": slashed(answer.file()),
        "tableSchema": { "columns": columns.collect::<Vec<_>>() },
    });
    if !answer.table.name.is_empty() {
        table["dc:title"] = answer.table.title().into();
    }
    if let Some(description) = &answer.table.description {
        table["dc:description"] = description.as_str().into();
    }
    if answer.table.is_delimited_text() {
        let delimiter = match answer.table.delimiter.to_string() {
            tab if tab == "tab" => "\t".to_owned(),
            other => other,
        };
        table["dialect"] = json!({
            "encoding": answer.table.encoding.to_lowercase(),
            "delimiter": delimiter,
            "header": answer.table.has_header,
        });
    }
    table
}
