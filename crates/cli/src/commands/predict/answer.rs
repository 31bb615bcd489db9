//! A table and the types of its columns: the basis of every output format.

use std::path::PathBuf;

use tabular_sense::annotate::{
    AnnotateOptions, ColumnTypes, Given, Level, Withheld, annotate, examples, highest_level,
};
use tabular_sense::model::Classifier;
use tabular_sense_rules::RuleTypes;
use tabular_sense_tables::{Column, Remark, Table};

use super::Args;
use super::examples::is_blank;

/// What to classify a table with: the arguments, the model and the custom types.
pub(super) struct Question<'a> {
    pub(super) args: &'a Args,
    pub(super) classifier: &'a Classifier,
    pub(super) rule_types: Option<&'a RuleTypes>,
}

/// A table, and the types of each of its columns.
pub(super) struct TableAnswer<'a> {
    /// How the table was read. The values of its columns have been removed, because those of a large table take much memory.
    pub(super) table: Table,
    /// What was odd about it.
    pub(super) remarks: Vec<Remark>,
    pub(super) columns: Vec<ColumnAnswer<'a>>,
    /// Whether reasons are wanted.
    pub(super) is_explained: bool,
}

/// The types of one column.
pub(super) struct ColumnAnswer<'a> {
    pub(super) name: String,
    /// Its position from the left, from 0.
    pub(super) index: usize,
    /// The type that the file declares for it.
    pub(super) declared: Option<String>,
    /// Its description in the database, if any.
    pub(super) description: Option<String>,
    /// Types assigned by rules, then types assigned by the model.
    pub(super) types: Vec<Given<'a>>,
    /// Whether the model's types come from the name alone.
    pub(super) from_name_only: bool,
    /// Up to three different values.
    pub(super) examples: Vec<String>,
    /// Whether there is neither a name nor a value.
    pub(super) is_blank: bool,
    /// Types that the model predicts but the answer omits; filled only if reasons were requested.
    pub(super) withheld: Vec<Withheld>,
}

impl<'a> TableAnswer<'a> {
    /// Finds the types of the columns of a table.
    pub(super) fn of(question: &Question<'a>, mut table: Table) -> Self {
        let Question { args, classifier, rule_types } = *question;
        let options = AnnotateOptions {
            threshold: args.threshold,
            top_k: args.top_k.map(usize::from),
            draws: args.draws.map(usize::from),
            is_explained: args.explain,
        };
        let columns: Vec<(&str, &[String])> =
            table.columns.iter().map(|column| (column.name.as_str(), column.values.as_slice())).collect();
        let types = annotate(classifier, rule_types, &columns, &options);
        let columns = table.columns.iter().zip(types).map(|(column, types)| ColumnAnswer::new(column, types)).collect();
        let remarks = table.remarks();
        table.columns.iter_mut().for_each(|column| column.values = Vec::new());
        Self { table, remarks, columns, is_explained: args.explain }
    }

    /// The file.
    pub(super) const fn file(&self) -> &PathBuf {
        &self.table.path
    }
}

impl<'a> ColumnAnswer<'a> {
    fn new(column: &Column, types: ColumnTypes<'a>) -> Self {
        let ColumnTypes { types, from_name_only, withheld } = types;
        Self {
            name: column.name.clone(),
            index: column.index,
            declared: column.declared.clone(),
            description: column.description.clone(),
            types,
            from_name_only,
            examples: examples(&column.values).into_iter().map(str::to_owned).collect(),
            is_blank: is_blank(column),
            withheld,
        }
    }

    /// How much its values reveal about a person: the highest level of its types.
    pub(super) fn level(&self) -> Level {
        highest_level(&self.types)
    }

    /// The name, or `column 1` (counted from 1) for a column without one.
    pub(super) fn display_name(&self) -> String {
        if self.name.is_empty() { format!("column {}", self.index + 1) } else { self.name.clone() }
    }
}
