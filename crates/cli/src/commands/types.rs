//! `types check`: what each rule of a types file matches in tables.

use std::path::PathBuf;

use anyhow::Result;
use drivetrain::terminal::{Lang, grid, shorten};
use tabular_sense::annotate::RULE_SAMPLE;
use tabular_sense_rules::RuleTypes;
use tabular_sense_tables::{Cells, Table};

use super::reading::Reading;
use crate::terminal;

/// Check a file of custom types.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check a file of custom types, and show what each rule matches in the given tables.
    Check {
        /// Read the rules from this file.
        #[arg(value_name = "TYPES")]
        types: PathBuf,
        /// Try the rules on these tables; without tables, only the types file is checked.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
}

pub(super) fn run(args: &Args) -> Result<()> {
    let Action::Check { types, files, reading } = &args.action;
    let rule_types = RuleTypes::read(types)?;
    let mut tables: Vec<Table> = Vec::new();
    for file in files {
        for table in reading.tables(file, false)? {
            tables.push(table?);
        }
    }
    let lang = terminal::lang();
    let head = match lang {
        Lang::En => ["line", "type", "columns", "values", "examples"],
        Lang::Zh => ["行", "类型", "列", "值", "示例"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut found = vec![Matched::default(); rule_types.len()];
    for column in tables.iter().flat_map(|table| &table.columns) {
        let values = Cells::of(&column.values).sample(RULE_SAMPLE);
        for given in rule_types.find(&column.name, &values) {
            found[given.index].columns.push(column.name.clone());
        }
        for (at, matched) in found.iter_mut().enumerate() {
            let hits = rule_types.matching(at, &values);
            matched.values += hits.len();
            let new = hits.into_iter().filter(|hit| !matched.examples.iter().any(|known| known == hit));
            let room = 3_usize.saturating_sub(matched.examples.len());
            let new: Vec<String> = new.take(room).map(str::to_owned).collect();
            matched.examples.extend(new);
        }
    }
    for (rule, matched) in rule_types.iter().zip(found) {
        let list = |texts: &[String], width| {
            let shown: Vec<String> = texts.iter().map(|text| shorten(text, width)).collect();
            if shown.is_empty() { "–".to_owned() } else { shown.join(" · ") }
        };
        rows.push(vec![
            rule.line().to_string(),
            rule.name().to_owned(),
            list(&matched.columns, 24),
            matched.values.to_string(),
            list(&matched.examples, 24),
        ]);
    }
    say!("{}", grid(&rows, &[0, 3]));
    Ok(())
}

/// What one rule matches.
#[derive(Clone, Default)]
struct Matched {
    /// The names of the columns to which the type is assigned.
    columns: Vec<String>,
    /// Number of values that match, in all columns.
    values: usize,
    /// Some of them.
    examples: Vec<String>,
}
