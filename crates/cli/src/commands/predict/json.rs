//! One JSON object per column on stdout.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use drivetrain::tr;
use serde::Serialize;
use tabular_sense_rules::{Found, OwnType};

use super::answer::Answer;
use super::examples::examples;
use crate::commands::explain::Why;
use crate::commands::reading::sentence;
use crate::terminal::{self, terminal};

#[derive(Serialize)]
struct ColumnReport<'a> {
    file: &'a Path,
    column: usize,
    name: &'a str,
    types: Vec<TypeReport<'a>>,
    /// There was no value to look at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_name_only: bool,
    /// With `--explain`: types that the model gives and the answer does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<WithheldReport>,
    examples: Vec<&'a str>,
    rows: u64,
    encoding: &'a str,
    delimiter: &'a str,
    header: bool,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct WithheldReport {
    r#type: &'static str,
    /// The model's.
    probability: f32,
    reason: &'static str,
}

#[derive(Serialize)]
struct TypeReport<'a> {
    r#type: &'a str,
    /// The model's, or the share of the values that fit the rule; a rule that asks for a name only gives 1.
    probability: f32,
    /// Whether a rule of the types file gave it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rule: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

/// Prints a table's columns, and its remarks on stderr.
pub(super) fn print(path: &Path, answer: &Answer<'_>) -> Result<()> {
    let table = &answer.table;
    let mut out = BufWriter::new(io::stdout().lock());
    let remarks: Vec<String> = table.remarks().iter().map(|remark| sentence(remark, terminal::lang())).collect();
    let delimiter = table.delimiter.to_string();
    for (at, (column, found)) in table.columns.iter().zip(&answer.columns).enumerate() {
        let of_model = found.types.iter().map(|(label, probability)| TypeReport {
            r#type: label.code(),
            probability: *probability,
            rule: false,
            why: answer.why(at, *label, *probability),
        });
        let withheld = found.withheld().map(|(label, probability, (reason, _))| WithheldReport {
            r#type: label.code(),
            probability,
            reason,
        });
        let report = ColumnReport {
            file: path,
            column: column.index + 1,
            name: &column.name,
            types: found.own.iter().map(of_rule).chain(of_model).collect(),
            from_name_only: found.from_name_only && !found.types.is_empty(),
            withheld: withheld.collect(),
            examples: examples(column),
            rows: table.rows,
            encoding: table.encoding,
            delimiter: &delimiter,
            header: table.has_header,
            remarks: &remarks,
        };
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    out.flush()?;
    for remark in remarks {
        let path = path.display();
        terminal().print(&tr!(terminal::lang(), "note: {path}: {remark}", "注意：{path}：{remark}"));
    }
    Ok(())
}

fn of_rule<'a>((own, found): &(&'a OwnType, Found)) -> TypeReport<'a> {
    TypeReport { r#type: own.name(), probability: found.share.unwrap_or(1.0) as f32, rule: true, why: None }
}
