//! Rehearsal: columns of the built-in types and columns without a type, from which the learned types must be distinguished.

use tabular_sense_synth::GeneratorConfig;
use tabular_sense_synth::sample::ColumnSample;
use tabular_sense_synth::written::written_tables;

use super::examples::Example;
use crate::learned_types::KnownNames;

/// Generated columns of each type.
const PER_TYPE: usize = 12;

/// One in this many columns of the built-in labelled tables is used. More columns would make it slower and add little.
const STRIDE: usize = 3;

/// Columns of the built-in labelled tables and generated columns, with their types. Held-out tables are left out. So are
/// columns without a type whose name may mean the same as the name of an example, because they may be of the type to be
/// learned.
pub(super) fn rehearsal(examples: &[Example]) -> Vec<Example> {
    let named = KnownNames::of(examples.iter().map(|example| example.name.as_str()));
    let tables = written_tables().iter().filter(|table| !table.is_held_out());
    let written =
        tables.flat_map(|table| table.columns.iter().filter(|column| !column.is_disputed)).map(|column| Example {
            name: column.name.to_owned(),
            values: column.values.iter().map(|value| (*value).to_owned()).collect(),
            labels: column.labels.iter().map(|label| label.code().to_owned()).collect(),
            ..Example::default()
        });
    let generator = GeneratorConfig { per_type: PER_TYPE, seed: 11 };
    let generated = (0..generator.total()).map(|i| generator.sample(i)).map(|sample| {
        let ColumnSample { name, values, labels } = sample;
        let labels = labels.iter().map(|label| label.code().to_owned()).collect();
        Example { name, values, labels, ..Example::default() }
    });
    let may_be_new = |example: &Example| example.labels.is_empty() && named.may_mean_the_same(&example.name);
    written.step_by(STRIDE).chain(generated).filter(|example| example.has_values() && !may_be_new(example)).collect()
}
