//! Metrics on one split of a run's samples, and what the model gets right and wrong there.

use drivetrain::burn::module::Module;
use drivetrain::burn::tensor::{Device, Tensor};
use drivetrain::data::{Dataset, MultiHot, Progress, SequenceBatch, Unit, Work};
use drivetrain::nn::{SequenceClassifier, StateDict};
use drivetrain::report::{Analysis, Label, MultiLabelOutcomes, Shown};
use drivetrain::train::{Evaluation, Fit, Metric, MetricValues, MultiLabelValues, TrainError, evaluate};
use serde::{Deserialize, Serialize};
use tabular_sense_synth::sample::SampleLine;

use crate::changes::check_data;
use crate::columns::TypeReport;
use crate::config::RunConfig;
use crate::decision::{Decision, softmax};
use crate::error::{Result, SamplesError};
use crate::held_out;
use crate::model::{Classifier, choose};
use crate::objective::{ColumnLoss, ColumnMetric};
use crate::part::Part;
use crate::prepare::{ColumnLoader, Prepared};
use crate::run::{RunFolder, existing_config};

/// The metrics of a checkpoint on one split of the samples, as stored in `test.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SplitReport {
    /// [`Part::name`].
    pub split: String,
    /// The checkpoint's step.
    pub step: u64,
    /// Identifies what was measured: it changes with the weights and with the threshold.
    #[serde(default)]
    pub of: String,
    /// How many.
    pub samples: u64,
    /// The mean loss per sample.
    pub loss: f64,
    /// The score by which checkpoints are compared.
    pub score: f64,
    /// Micro-averaged precision.
    pub precision: f64,
    /// Micro-averaged recall.
    pub recall: f64,
    /// Micro-averaged F1.
    pub f1: f64,
    /// Macro-averaged F1 over the types that occur.
    pub macro_f1: f64,
    /// Share of all decisions that are wrong.
    pub hamming_loss: f64,
    /// Share of samples that were assigned exactly their true types.
    pub exact_match: f64,
    /// The metrics of each type.
    pub types: Vec<TypeReport>,
}

/// A run's samples, and how they are measured.
#[derive(Clone, Copy)]
pub struct Evaluator<'a> {
    /// The run's configuration.
    pub config: &'a RunConfig,
    /// Its samples.
    pub prepared: &'a Prepared,
    /// Receives progress, and can request a stop.
    pub progress: &'a dyn Progress,
}

/// Evaluates a run's best checkpoint on one split of the samples in its folder.
///
/// # Errors
/// When there is no run or no checkpoint in the folder, its samples have changed, the split is empty, or a stop was requested.
pub fn evaluate_run(run: &RunFolder, part: Part, progress: &dyn Progress) -> Result<SplitReport> {
    let config = existing_config(run)?;
    let prepared = Prepared::reopen(&config, run, progress)?;
    let best = run.checkpoints().load_best()?.checkpoint;
    check_data(run, &best.meta.identity, &prepared, &[])?;
    let step = best.meta.state.position.step;
    let evaluator = Evaluator { config: &config, prepared: &prepared, progress };
    Ok(evaluator.report(best.into_validated_weights(), &Decision::default(), step, String::new(), part)?.0)
}

impl Evaluator<'_> {
    /// How the logits of `weights` become answers. Fitted on the held-out columns of the built-in labelled tables if the run
    /// was trained on the other tables, otherwise on the run's validation samples.
    ///
    /// # Errors
    /// When a sample cannot be read, or a stop was requested.
    pub fn decide(&self, weights: StateDict) -> Result<Decision> {
        let Self { config, prepared, .. } = *self;
        if config.samples.written > 0 && prepared.given_file().is_none() {
            let tokenizer = prepared.tokenizer.clone();
            let encoder = config.encoder(tokenizer.vocab_size());
            return Ok(held_out::decide(Classifier::of_weights(
                &encoder,
                weights,
                tokenizer,
                config.predict,
                prepared.labels.clone(),
            )?));
        }
        let threshold = self.config.predict.threshold;
        let (found, _) = self.measure(weights, threshold, Part::Validation)?;
        let CollectedLogits { logits_sc, truths_sc, .. } = found.metrics;
        let n_labels = prepared.labels.len();
        Ok(match prepared.labels.is_single() {
            true => Decision::fit_single(&logits_sc, &truths_sc, n_labels),
            false => Decision::fit(&logits_sc, &truths_sc, n_labels, threshold),
        })
    }

    /// Evaluates `weights` on one split of the samples. The metrics use calibrated probabilities and a single threshold, that
    /// of the run. `step` is the checkpoint's step; `of` becomes [`SplitReport::of`].
    ///
    /// # Errors
    /// When the split is empty, a sample cannot be read, or a stop was requested.
    pub fn report(
        &self,
        weights: StateDict,
        decision: &Decision,
        step: u64,
        of: String,
        part: Part,
    ) -> Result<(SplitReport, Analysis)> {
        let threshold = self.config.predict.threshold;
        let (found, loader) = self.measure(weights, decision.uncalibrated(threshold), part)?;
        let CollectedLogits { values, logits_sc, truths_sc } = found.metrics;
        let probabilities_sc: Vec<f32> = match self.prepared.labels.is_single() {
            true => single_probabilities(&logits_sc, self.prepared.labels.len(), decision),
            false => logits_sc.iter().map(|logit| decision.probability(*logit)).collect(),
        };
        // Samples in the order of the batches.
        let order: Vec<usize> = loader.plan(0).iter().flatten().map(|&index| index as usize).collect();
        let samples = loader.dataset();
        let show = |row: usize| {
            let (text, place) = (samples.text(order[row]).unwrap_or_default(), samples.describe(order[row]));
            match SampleLine::parse(&text) {
                Ok(column) => {
                    let values: Vec<&str> = column.values().collect();
                    Shown { title: column.name().to_owned(), text: values.join(" · "), place }
                }
                Err(_) => Shown { title: String::new(), text: text.clone(), place },
            }
        };
        let names = &self.prepared.labels;
        let labels: Vec<Label> = names.names().map(Label::new).collect();
        let outcomes = MultiLabelOutcomes {
            labels: &labels,
            probabilities_sc: &probabilities_sc,
            truths_sc: &truths_sc,
            threshold,
        };
        let analysis = outcomes.analyse(part.name(), step, show);
        let types = names.names().zip(&values.per_class);
        let report = SplitReport {
            split: part.name().to_owned(),
            step,
            of,
            samples: values.samples,
            loss: found.loss,
            score: values.score,
            precision: values.micro.precision,
            recall: values.micro.recall,
            f1: values.micro.f1,
            macro_f1: values.macro_mean.f1,
            hamming_loss: values.hamming_loss,
            exact_match: values.exact_match,
            types: types.map(|(label, metrics)| TypeReport::new(label, *metrics)).collect(),
        };
        Ok((report, analysis))
    }

    /// The logits and the metrics of `weights` on one split of the samples, and the loader that produced the samples.
    fn measure(
        &self,
        weights: StateDict,
        threshold: f64,
        part: Part,
    ) -> Result<(Evaluation<CollectedLogits>, ColumnLoader)> {
        let Self { config, prepared, progress } = *self;
        let samples = prepared.part(part);
        if samples.is_empty() {
            return Err(SamplesError::EmptyPart { part, samples: prepared.store.len() }.into());
        }
        let n_classes = prepared.labels.len();
        let encoder = config.encoder(prepared.tokenizer.vocab_size());
        let model = weights.load_into(SequenceClassifier::new(&encoder, n_classes, 0, &Device::flex())?)?;
        let loader = prepared.eval_loader(config, samples)?;
        let name = format!("evaluating on the {part} split");
        progress.start(Work::Named(&name), loader.batches(0) as u64, Unit::Batches);
        let metric = ColumnMetric::new(&prepared.labels, threshold);
        let metric = CollectLogits { metric, logits_sc: Vec::new(), truths_sc: Vec::new() };
        let mut on_batch = |_, _| {
            progress.advance(1);
            if progress.is_stop_requested() { Err(TrainError::Stopped) } else { Ok(()) }
        };
        let found = evaluate(&model.valid(), &ColumnLoss::of(&prepared.labels), metric, &loader, &mut on_batch)?;
        progress.finish();
        Ok((found, loader))
    }
}

/// Updates the metric, and keeps every logit.
#[derive(Clone)]
struct CollectLogits {
    metric: ColumnMetric,
    logits_sc: Vec<f32>,
    truths_sc: Vec<bool>,
}

#[derive(Clone, Debug, Serialize)]
struct CollectedLogits {
    values: MultiLabelValues,
    logits_sc: Vec<f32>,
    truths_sc: Vec<bool>,
}

impl Metric<Tensor<2>, SequenceBatch<MultiHot>> for CollectLogits {
    type Values = CollectedLogits;

    fn update(&mut self, logits_bc: &Tensor<2>, batch: &SequenceBatch<MultiHot>) {
        self.metric.update(logits_bc, batch);
        self.logits_sc.extend(logits_bc.clone().into_data_as::<f32>().as_slice::<f32>().unwrap_or_default());
        self.truths_sc.extend(batch.labels.values_bc.iter().map(|label| *label > 0.5));
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &SequenceBatch<MultiHot>) -> Fit {
        self.metric.check(logits_bc, batch)
    }

    fn compute(&self) -> CollectedLogits {
        let (logits_sc, truths_sc) = (self.logits_sc.clone(), self.truths_sc.clone());
        CollectedLogits {
            values: Metric::<Tensor<2>, SequenceBatch<MultiHot>>::compute(&self.metric),
            logits_sc,
            truths_sc,
        }
    }
}

impl MetricValues for CollectedLogits {
    fn score(&self) -> f64 {
        self.values.score
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        self.values.named()
    }
}

/// The probabilities of labels of which each sample has exactly one. Only the probability of the most likely label is one half
/// or more, so only this label counts as assigned.
fn single_probabilities(logits_sc: &[f32], n_labels: usize, decision: &Decision) -> Vec<f32> {
    let rows = logits_sc.chunks_exact(n_labels.max(1)).map(|logits| {
        let mut row = softmax(logits, decision.temperature);
        let best = choose(&row, None, Some(1)).first().map_or(0, |(label, _)| *label);
        row.iter_mut().enumerate().for_each(|(at, p)| *p = if at == best { p.max(0.5) } else { p.min(0.499) });
        row
    });
    rows.flatten().collect()
}
