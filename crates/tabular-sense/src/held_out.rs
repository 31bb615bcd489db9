//! The held-out columns of the built-in labelled tables, which no model is trained on. They show how sure a model may be on
//! columns that were not generated.

use crate::agreement::Agreement;
use crate::columns::LabelledColumn;
use crate::decision::Decision;
use crate::labels::{LabelSet, Labels};
use crate::model::Classifier;
use tabular_sense_synth::written::written_tables;

/// Every column of the held-out built-in tables.
#[must_use]
pub fn held_out_columns() -> Vec<LabelledColumn> {
    let labels = &Labels::built_in();
    let tables = written_tables().iter().filter(|table| table.is_held_out());
    let columns = tables.flat_map(|table| {
        table.columns.iter().zip(1..).map(move |(column, number)| {
            let values = column.values.iter().map(|value| (*value).to_owned()).collect();
            LabelledColumn {
                id: format!("{}/{number}", table.id),
                name: column.name.to_owned(),
                values,
                labels: labels.set_of(column.labels),
                context: Vec::new(),
                ambiguous: column.is_disputed,
                lang: table.lang.to_owned(),
                source: table.id.to_owned(),
            }
        })
    });
    columns.collect()
}

/// How the model's logits become answers, fitted on the held-out columns, each with and without its name: the temperature that
/// maximises the likelihood of the true labels, the weights that combine form and name with the model, and two thresholds, one
/// of them for columns whose name says nothing. Each threshold applies to all types; one threshold per type gains nothing on
/// tables that it was not fitted on.
#[must_use]
pub fn decide(model: Classifier) -> Decision {
    let columns: Vec<LabelledColumn> = held_out_columns().into_iter().filter(|column| !column.ambiguous).collect();
    let named = columns.iter().map(|column| (column.name.as_str(), column.values.as_slice()));
    let blank = columns.iter().map(|column| ("", column.values.as_slice()));
    let inputs: Vec<(&str, &[String])> = named.chain(blank).collect();
    let truths: Vec<LabelSet> = columns.iter().chain(&columns).map(|column| column.labels.clone()).collect();
    let draws = model.draw_logits(&inputs).into_iter().zip(truths.iter().cloned()).collect::<Vec<_>>();
    let temperature = Decision::temperature_of_means(&draws);
    let usual = model.predict.threshold;
    let decision = Decision { temperature, ..Decision::default() };
    let model = model.deciding(decision.clone());
    let agreement = Some(Agreement::fit(&model.examples(&inputs, &truths)));
    let decision = Decision { agreement, ..decision };
    let model = model.deciding(decision.clone());
    let answers = model.columns(&inputs, &model.predict);
    let decisions = |part: std::ops::Range<usize>| -> Vec<(f64, bool)> {
        let decisions = answers[part.clone()].iter().zip(&truths[part]).flat_map(|(row, truths)| {
            row.iter().enumerate().map(|(label, probability)| (f64::from(*probability), truths.contains(label)))
        });
        decisions.collect()
    };
    let named = Decision::central_threshold(&decisions(0..columns.len()), usual);
    let nameless = Decision::half_of_best_f1(&decisions(columns.len()..inputs.len()));
    Decision { thresholds: vec![named; model.labels().len()], nameless_threshold: Some(nameless), ..decision }
}
