//! The data model of answers, as programs read them: a table, its columns, their types. docs/answers.md describes it.

use std::path::Path;

use serde::Serialize;
use tabular_sense::annotate::Given;
use tabular_sense::evidence::Why;
use tabular_sense_tables::Remark;

use super::answer::{ColumnAnswer, TableAnswer};
use super::mask::{Shown, shown_examples};
use crate::commands::reading::sentence;
use crate::terminal;

/// A table.
#[derive(Serialize)]
pub(super) struct TableRecord<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(flatten)]
    reading: Reading<'a>,
    columns: Vec<ColumnRecord<'a>>,
}

/// A column with the table that it is in.
#[derive(Serialize)]
pub(super) struct ColumnLine<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(flatten)]
    column: ColumnRecord<'a>,
    #[serde(flatten)]
    reading: Reading<'a>,
}

/// Where a table is.
#[derive(Clone, Copy, Serialize)]
struct Place<'a> {
    file: &'a Path,
    /// The sheet, table or member; omitted if the file itself is the table.
    #[serde(skip_serializing_if = "str::is_empty")]
    table: &'a str,
}

/// How a table was read.
#[derive(Clone, Serialize)]
struct Reading<'a> {
    /// The description of the table in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_description: Option<&'a str>,
    rows: u64,
    /// The number of rows is an estimate.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rows_estimated: bool,
    format: &'a str,
    /// For delimited text only.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
    header: bool,
    remarks: Vec<String>,
}

/// A column and its types.
#[derive(Serialize)]
struct ColumnRecord<'a> {
    /// Its number, from 1.
    column: usize,
    name: &'a str,
    /// The type that the file declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a str>,
    /// The description of the column in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    types: Vec<TypeRecord<'a>>,
    /// The highest level of its types.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<&'static str>,
    /// Whether the column has only a name and no values.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_name_only: bool,
    /// With `--explain`: types that the model predicts but the answer omits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<WithheldRecord>,
    examples: Vec<String>,
}

#[derive(Serialize)]
struct WithheldRecord {
    r#type: &'static str,
    /// The model's probability.
    probability: f32,
    reason: &'static str,
}

/// A type of a column.
#[derive(Serialize)]
struct TypeRecord<'a> {
    r#type: &'a str,
    /// The model's probability, or the share of the values that match the rule; 1 if the rule only checks the name.
    probability: f32,
    /// Whether a rule from the types file assigned it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rule: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a Why>,
}

/// The record of a table.
pub(super) fn table<'a>(answer: &'a TableAnswer<'_>, shown: Shown) -> TableRecord<'a> {
    let columns = answer.columns.iter().map(|column| column_record(column, shown)).collect();
    TableRecord { place: place(answer), reading: reading(answer), columns }
}

/// The records of a table's columns, each with the table.
pub(super) fn lines<'a>(answer: &'a TableAnswer<'_>, shown: Shown) -> impl Iterator<Item = ColumnLine<'a>> {
    let (place, reading) = (place(answer), reading(answer));
    answer.columns.iter().map(move |column| ColumnLine {
        place,
        column: column_record(column, shown),
        reading: reading.clone(),
    })
}

fn place<'a>(answer: &'a TableAnswer<'_>) -> Place<'a> {
    Place { file: answer.file(), table: &answer.table.name }
}

fn reading<'a>(answer: &'a TableAnswer<'_>) -> Reading<'a> {
    let table = &answer.table;
    let remark = |remark: &Remark| sentence(remark, terminal::lang());
    Reading {
        table_description: table.description.as_deref(),
        rows: table.rows,
        rows_estimated: !table.is_counted,
        format: table.format,
        encoding: table.is_delimited_text().then_some(table.encoding),
        delimiter: table.is_delimited_text().then(|| table.delimiter.to_string()),
        header: table.has_header,
        remarks: answer.remarks.iter().map(remark).collect(),
    }
}

fn column_record<'a>(column: &'a ColumnAnswer<'_>, shown: Shown) -> ColumnRecord<'a> {
    let withheld = column.withheld.iter().map(|one| WithheldRecord {
        r#type: one.label.code(),
        probability: one.probability,
        reason: one.reason.0,
    });
    ColumnRecord {
        column: column.index + 1,
        name: &column.name,
        declared: column.declared.as_deref(),
        description: column.description.as_deref(),
        types: column.types.iter().map(type_record).collect(),
        sensitivity: column.level().code(),
        from_name_only: column.from_name_only,
        withheld: withheld.collect(),
        examples: shown_examples(column, shown),
    }
}

fn type_record<'a>(given: &'a Given<'_>) -> TypeRecord<'a> {
    TypeRecord {
        r#type: given.kind.code(),
        probability: given.probability as f32,
        rule: given.kind.is_by_rule(),
        sensitivity: given.kind.level().code(),
        why: given.why.as_ref(),
    }
}
