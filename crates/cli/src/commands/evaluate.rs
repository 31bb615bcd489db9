use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::burn::module::Module;
use drivetrain::burn::tensor::{Device, Tensor};
use drivetrain::data::{Dataset, MultiHot, Progress, SequenceBatch, Stop, Unit, Work, write_atomically};
use drivetrain::nn::{SequenceClassifier, StateDict};
use drivetrain::report::{Analysis, Label, Outcomes};
use drivetrain::terminal::{Lang, counted};
use drivetrain::tr;
use drivetrain::train::{
    BceWithLogits, ClassFigures, Evaluation, Figures, Fit, Metric, MultiLabelFigures, MultiLabelMetric, TrainError,
    evaluate,
};
use serde::{Deserialize, Serialize};

use super::DEFAULT_RUN;
use drivetrain::terminal::shorten;
use tabular_sense::changes;
use tabular_sense::columns::{ColumnsReport, Judged, TypeReport, read_columns, type_table};
use tabular_sense::config::RunConfig;
use tabular_sense::decision::Decision;
use tabular_sense::error::UserError;
use tabular_sense::model::{Classifier, Probabilities, choose, one_threshold};
use tabular_sense::prepare::{ColumnLoader, Prepared};
use tabular_sense::run::RunFolder;
use tabular_sense::steadiness::Steadiness;
use tabular_sense::terminal;
use tabular_sense_synth::sample::{ColumnSample, parse_line};
use tabular_sense_synth::types::{SemanticType, TypeSet};

/// Measure a run on its own splits, or a model on labelled columns.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run whose best checkpoint is measured.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN, conflicts_with = "columns")]
    run: PathBuf,
    /// The part of the run's samples.
    #[arg(long, value_enum, default_value_t = Part::Test, conflicts_with = "columns")]
    split: Part,
    /// Measure on the labelled columns of this file instead, one a line as in a sample file, with an exported model.
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// The exported model for --columns [default: the one that comes with the program].
    #[arg(long, value_name = "FOLDER", requires = "columns")]
    model: Option<PathBuf>,
    /// With --columns: write one line per column, `{"id", "labels", "probabilities"}`.
    #[arg(long, value_name = "FILE", requires = "columns")]
    predictions: Option<PathBuf>,
    /// With --columns: show the model no names.
    #[arg(long, requires = "columns")]
    blank_names: bool,
    /// With --columns: show the model the names and no values. `int` and `float`, which no name tells, do not count.
    #[arg(long, requires = "columns", conflicts_with = "blank_names")]
    names_only: bool,
    /// With --columns: in how many columns do the types change with the order of the rows, or with the sample of the cells?
    #[arg(long, requires = "columns")]
    steadiness: bool,
    /// With --columns: the probability from which on a type is given, whatever it is.
    #[arg(long, value_name = "P", value_parser = super::predict::probability)]
    threshold: Option<f64>,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Part {
    Train,
    Validation,
    Test,
}

pub(super) fn run(args: &Args) -> Result<()> {
    match &args.columns {
        Some(path) => on_columns(args, path),
        None => on_split(args),
    }
}

fn on_split(args: &Args) -> Result<()> {
    let run = RunFolder::new(&args.run);
    let config = run.existing_config()?;
    let prepared = Prepared::reopen(&config, &run, &terminal::progress(&Stop::new()))?;
    let best = run.checkpoints().load_best()?.checkpoint;
    changes::check_data(&run, &best.meta.identity, &prepared, &[])?;
    let split = match args.split {
        Part::Train => "train",
        Part::Validation => "validation",
        Part::Test => "test",
    };
    let step = best.meta.state.position.step;
    let decision = Decision::default();
    let (report, _) = evaluate_split(&config, &prepared, best.model, &decision, step, split, &Stop::new())?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{}\n\n{}", report.headline(), report.table());
    }
    Ok(())
}

/// What a checkpoint is worth on a split.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SplitReport {
    split: String,
    /// The checkpoint's step.
    pub(super) step: u64,
    /// What was measured: changes with the weights, and with the threshold.
    #[serde(default)]
    pub(super) of: String,
    samples: u64,
    loss: f64,
    pub(super) score: f64,
    precision: f64,
    recall: f64,
    f1: f64,
    macro_f1: f64,
    hamming_loss: f64,
    exact_match: f64,
    types: Vec<TypeReport>,
}

fn type_reports(figures: &[ClassFigures]) -> Vec<TypeReport> {
    SemanticType::ALL.iter().zip(figures).map(|(label, figures)| TypeReport::new(*label, *figures)).collect()
}

impl SplitReport {
    pub(super) fn headline(&self) -> String {
        let lang = terminal::lang();
        let split = match (lang, self.split.as_str()) {
            (Lang::Zh, "train") => "训练集",
            (Lang::Zh, "validation") => "验证集",
            (Lang::Zh, "test") => "测试集",
            (_, split) => split,
        };
        let (samples, counted) = (self.samples, counted(self.samples, "sample", "samples"));
        let Self { score, loss, precision, recall, f1, macro_f1, hamming_loss, exact_match, .. } = self;
        tr!(
            lang,
            "{split} split, {counted}: score {score:.4}  loss {loss:.4}  precision {precision:.4}  recall {recall:.4}  \
             F1 {f1:.4}  macro-F1 {macro_f1:.4}  hamming {hamming_loss:.5}  exact match {exact_match:.4}",
            "{split}，{samples} 个样本：分数 {score:.4}  损失 {loss:.4}  精确率 {precision:.4}  召回率 {recall:.4}  \
             F1 {f1:.4}  宏平均 F1 {macro_f1:.4}  汉明损失 {hamming_loss:.5}  完全匹配 {exact_match:.4}"
        )
    }

    fn table(&self) -> String {
        type_table(&self.types, false)
    }
}

/// Counts what the metric counts, and keeps every logit.
#[derive(Clone)]
struct Keeping {
    metric: MultiLabelMetric,
    logits_sc: Vec<f32>,
    truths_sc: Vec<bool>,
}

#[derive(Clone, Debug, Serialize)]
struct Kept {
    figures: MultiLabelFigures,
    logits_sc: Vec<f32>,
    truths_sc: Vec<bool>,
}

impl Metric<Tensor<2>, SequenceBatch<MultiHot>> for Keeping {
    type Figures = Kept;

    fn count(&mut self, logits_bc: &Tensor<2>, batch: &SequenceBatch<MultiHot>) {
        self.metric.count(logits_bc, batch);
        self.logits_sc.extend(logits_bc.clone().into_data_as::<f32>().as_slice::<f32>().unwrap_or_default());
        self.truths_sc.extend(batch.labels.values_bc.iter().map(|label| *label > 0.5));
    }

    fn check(&self, logits_bc: &Tensor<2>, batch: &SequenceBatch<MultiHot>) -> Fit {
        self.metric.check(logits_bc, batch)
    }

    fn figures(&self) -> Kept {
        let (logits_sc, truths_sc) = (self.logits_sc.clone(), self.truths_sc.clone());
        Kept { figures: self.metric.figures(), logits_sc, truths_sc }
    }
}

impl Figures for Kept {
    fn score(&self) -> f64 {
        self.figures.score
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        self.figures.named()
    }
}

/// What `weights` say of a part of the run's samples, and the loader that gave them.
fn measure(
    config: &RunConfig,
    prepared: &Prepared,
    weights: StateDict,
    threshold: f64,
    split: &str,
    stop: &Stop,
) -> Result<(Evaluation<Kept>, ColumnLoader)> {
    let indices = match split {
        "train" => &prepared.split.train,
        "validation" => &prepared.split.validation,
        _ => &prepared.split.test,
    };
    if indices.is_empty() {
        let count = prepared.store.len();
        let all = counted(count as u64, "sample", "samples");
        let split_zh = match split {
            "train" => "训练集",
            "validation" => "验证集",
            _ => "测试集",
        };
        return Err(UserError::new(tr!(
            terminal::lang(),
            "the {split} split has no samples: `data.split` leaves it none of {all}",
            "{split_zh}没有样本：按 `data.split`，{count} 个样本一个也没有分给它"
        ))
        .hint(tr!(
            terminal::lang(),
            "measure on another part with --split, or on columns of your own with --columns",
            "请用 --split 评估其他部分，或用 --columns 评估自己的列"
        ))
        .into());
    }
    let n_classes = SemanticType::ALL.len();
    let encoder = config.model.encoder(prepared.tokenizer.vocab_size(), config.data.max_len);
    let model = weights.load_into(SequenceClassifier::new(&encoder, n_classes, 0, &Device::flex())?)?;
    let loader = prepared.eval_loader(config, indices)?;
    let progress = terminal::progress(stop);
    let name = tr!(terminal::lang(), "evaluating on the {split} split", "评估 {split} 部分");
    progress.start(Work::Named(&name), loader.batches(0) as u64, Unit::Batches);
    let metric = MultiLabelMetric::new(n_classes, threshold);
    let metric = Keeping { metric, logits_sc: Vec::new(), truths_sc: Vec::new() };
    let mut on_batch = |_, _| {
        progress.advance(1);
        if stop.is_requested() { Err(TrainError::Stopped) } else { Ok(()) }
    };
    let found = evaluate(&model.valid(), &BceWithLogits, metric, &loader, &mut on_batch)?;
    progress.finish();
    Ok((found, loader))
}

/// How `weights`' logits become answers, as the run's validation samples have it.
pub(super) fn decide(config: &RunConfig, prepared: &Prepared, weights: StateDict, stop: &Stop) -> Result<Decision> {
    let (found, _) = measure(config, prepared, weights, config.predict.threshold, "validation", stop)?;
    let Kept { logits_sc, truths_sc, .. } = found.figures;
    Ok(Decision::fit(&logits_sc, &truths_sc, SemanticType::ALL.len(), config.predict.threshold))
}

/// Measures `weights` on a part of the run's samples, and says what they get right and wrong there. The figures are
/// those of calibrated probabilities at the run's one threshold.
pub(super) fn evaluate_split(
    config: &RunConfig,
    prepared: &Prepared,
    weights: StateDict,
    decision: &Decision,
    step: u64,
    split: &str,
    stop: &Stop,
) -> Result<(SplitReport, Analysis)> {
    let threshold = config.predict.threshold;
    let (found, loader) = measure(config, prepared, weights, decision.uncalibrated(threshold), split, stop)?;
    let Kept { figures, logits_sc, truths_sc } = found.figures;
    let probabilities_sc: Vec<f32> = logits_sc.iter().map(|logit| decision.probability(*logit)).collect();
    let plan = loader.plan(0);
    // Samples in the order of the batches.
    let order: Vec<usize> = plan.iter().flatten().map(|&index| index as usize).collect();
    let part = loader.dataset();
    let show = |row: usize| {
        let text = part.text(order[row]).unwrap_or_default();
        let text = parse_line(&text).map_or(text, |column| format!("{} | {}", column.name, column.values.join(" · ")));
        (shorten(&text, 160), part.describe(order[row]))
    };
    let labels = labels();
    let outcomes = Outcomes { labels: &labels, probabilities_sc: &probabilities_sc, truths_sc: &truths_sc, threshold };
    let analysis = Analysis::of(outcomes, split, step, show);
    let report = SplitReport {
        split: split.to_owned(),
        step,
        of: String::new(),
        samples: figures.samples,
        loss: found.loss,
        score: figures.score,
        precision: figures.micro.precision,
        recall: figures.micro.recall,
        f1: figures.micro.f1,
        macro_f1: figures.macro_mean.f1,
        hamming_loss: figures.hamming_loss,
        exact_match: figures.exact_match,
        types: type_reports(&figures.per_class),
    };
    Ok((report, analysis))
}

/// The types as a report knows them.
fn labels() -> Vec<Label> {
    SemanticType::ALL.iter().map(|label| Label { code: label.code().into(), zh: label.zh().into() }).collect()
}

#[derive(Serialize)]
struct Prediction<'a> {
    id: &'a str,
    labels: TypeSet,
    probabilities: std::collections::BTreeMap<&'static str, f32>,
}

/// Leaves a column its name, and the types that a name can tell.
fn keep_name_only(sample: &mut ColumnSample) {
    sample.values.clear();
    sample.labels.remove(SemanticType::Int);
    sample.labels.remove(SemanticType::Float);
}

fn on_columns(args: &Args, path: &Path) -> Result<()> {
    let mut columns = read_columns(path)?;
    if args.blank_names {
        columns.iter_mut().for_each(|column| column.sample.name.clear());
    }
    if args.names_only {
        columns.iter_mut().for_each(|column| keep_name_only(&mut column.sample));
    }
    let classifier = Classifier::open(args.model.as_deref())?;
    let inputs: Vec<(&str, &[String])> =
        columns.iter().map(|column| (column.sample.name.as_str(), column.sample.values.as_slice())).collect();
    if args.steadiness {
        let steadiness = Steadiness::of(&classifier, &inputs, &classifier.predict);
        match args.json {
            true => say!("{}", serde_json::to_string_pretty(&steadiness)?),
            false => say!("{steadiness}"),
        }
        return Ok(());
    }
    let answers = classifier.answers(&inputs, &classifier.predict);
    let found: Vec<Probabilities> = answers.iter().map(|answer| answer.probabilities).collect();
    let thresholds = args.threshold.map_or_else(|| classifier.thresholds(), one_threshold);
    let predicted: Vec<TypeSet> = found
        .iter()
        .map(|row| choose(row, Some(&thresholds), None).into_iter().map(|(label, _)| label).collect())
        .collect();

    if let Some(out) = &args.predictions {
        write_atomically(out, |writer| {
            for ((column, row), labels) in columns.iter().zip(&found).zip(&predicted) {
                let probabilities = SemanticType::ALL.iter().zip(row).map(|(label, p)| (label.code(), *p)).collect();
                serde_json::to_writer(&mut *writer, &Prediction { id: &column.id, labels: *labels, probabilities })?;
                writeln!(writer)?;
            }
            Ok(())
        })?;
    }
    let judged: Vec<Judged<'_>> =
        columns.iter().zip(predicted).map(|(column, given)| Judged { column, given }).collect();
    let mut report = ColumnsReport::of(&judged);
    report.count_findings(&judged, &answers, &thresholds);
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{report}");
    }
    Ok(())
}
