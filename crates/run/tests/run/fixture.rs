//! A small run from a file to an exported model.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use drivetrain_data::{
    ClassCollate, DataLoader, Dataset, Fingerprint, LabelledText, LineIndex, OnBadLine, PadSide, Silent, Split,
    SplitRatio, Stop, TextFormat, TokenStore, Tokenizer,
};
use drivetrain_nn::burn::tensor::Device;
use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier};
use drivetrain_run::{DataDescription, Ended, ExportConfig, ProblemType, Result, Run, RunError, RunNotice, RunOptions};
use drivetrain_train::{
    AdamWConfig, CheckpointConfig, Control, CrossEntropy, DropoutConfig, Event, MultiClassMetric, Observer, Optimizer,
    RunIdentity, TrainError, Trainer, TrainerConfig,
};
use signal_hook::consts::SIGKILL;

pub(crate) const LABELS: [&str; 2] = ["fruit", "animal"];
pub(crate) const MAX_LEN: usize = 12;
/// The steps of a complete run.
pub(crate) const STEPS: u64 = 20;

/// Writes 100 lines, of which the last is `last`. 80 of them are for training, in batches of 8: 10 steps per epoch.
pub(crate) fn write_samples(path: &Path, last: &str) {
    let words = [["apple", "plum", "melon"], ["horse", "otter", "heron"]];
    let line = |i: usize| {
        let label = (i * 7 / 3) % 2;
        format!("{} {} {}\t{}\n", ["a", "one", "the"][i % 3], words[label][i / 2 % 3], "x".repeat(i % 5), LABELS[label])
    };
    std::fs::write(path, (0..99).map(line).collect::<String>() + last).unwrap();
}

/// How a run ends: by itself, or early.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum End {
    #[default]
    Itself,
    /// A stop is requested after this step.
    StopAfter(u64),
    /// An observer returns `Control::Stop` at this step.
    AskAt(u64),
    /// An observer fails at this step: the run is saved, and the program ends with an error.
    CrashAt(u64),
    /// The process is killed at this step.
    KillAt(u64),
}

/// How a run differs from the usual one.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) options: RunOptions,
    pub(crate) config: TrainerConfig,
    pub(crate) end: End,
    /// Whether the identity contains the configuration.
    pub(crate) has_config: bool,
    /// An additional fact of the identity.
    pub(crate) fact: Option<(&'static str, &'static str)>,
    /// Whether the program takes the run's notices before it trains.
    pub(crate) takes_notices: bool,
    pub(crate) on_bad_line: OnBadLine,
    /// An optimizer of the program's own; `is_optimizer_late` says whether it is set after `attach`.
    pub(crate) optimizer: Option<fn() -> Box<dyn Optimizer>>,
    pub(crate) is_optimizer_late: bool,
}

impl Default for How {
    fn default() -> Self {
        Self {
            options: RunOptions::new("test"),
            config: config(),
            end: End::Itself,
            has_config: true,
            fact: None,
            takes_notices: true,
            on_bad_line: OnBadLine::Fail,
            optimizer: None,
            is_optimizer_late: false,
        }
    }
}

impl How {
    pub(crate) fn ending(end: End) -> Self {
        Self { end, ..Self::default() }
    }

    pub(crate) fn allowing(self, fields: &[&str]) -> Self {
        let allow_change = fields.iter().map(|field| (*field).to_owned()).collect();
        Self { options: RunOptions { allow_change, ..self.options.clone() }, ..self }
    }
}

pub(crate) fn config() -> TrainerConfig {
    TrainerConfig {
        seed: 3,
        epochs: 2,
        optimizer: AdamWConfig { learning_rate: 5e-3, ..AdamWConfig::default() }.into(),
        dropout: DropoutConfig { initial: 0.2, max: 0.4, ..DropoutConfig::default() },
        checkpoint: CheckpointConfig { steps: 4, ..CheckpointConfig::default() },
        ..TrainerConfig::default()
    }
}

pub(crate) fn sizes(vocab_size: usize) -> EncoderConfig {
    EncoderConfig { d_model: 8, d_feed_forward: 12, n_layers: 1, ..Preset::Micro.encoder(vocab_size, MAX_LEN) }
}

struct Ending {
    end: End,
    stop: Stop,
}

impl Observer for Ending {
    fn on(&mut self, event: &Event<'_>) -> drivetrain_train::Result<Control> {
        let Event::Step(step) = event else { return Ok(Control::Continue) };
        match self.end {
            End::StopAfter(last) if step.step == last => self.stop.request(),
            End::AskAt(last) if step.step == last => return Ok(Control::Stop),
            End::CrashAt(last) if step.step == last => return Err(TrainError::Stopped),
            End::KillAt(last) if step.step == last => signal_hook::low_level::raise(SIGKILL).unwrap(),
            _ => {}
        }
        Ok(Control::Continue)
    }

    fn name(&self) -> &str {
        "the test's end"
    }
}

/// Keeps the notices that observers receive, and the name of the program's own optimizer.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<String>>>);

impl Observer for Shown {
    fn on(&mut self, event: &Event<'_>) -> drivetrain_train::Result<Control> {
        match event {
            Event::Notice { notice, .. } => self.0.lock().unwrap().push(notice.to_string()),
            Event::RunStart(start) => self.0.lock().unwrap().extend(start.own_optimizer.clone()),
            _ => {}
        }
        Ok(Control::Continue)
    }
}

/// What a call of [`train`] returns.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) ended: Ended,
    pub(crate) notices: Vec<RunNotice>,
    /// What [`Shown`] received: the notices, and the name of the program's own optimizer.
    pub(crate) shown: Vec<String>,
    /// The folder of the exported model, which exists if the run is complete.
    pub(crate) model: PathBuf,
}

/// The program: it trains the run in `folder` on `folder`'s samples, and exports and reports it once it is complete.
pub(crate) fn train(folder: &Path, how: How) -> Result<Left> {
    let stop = Stop::new();
    let options = RunOptions { stop: stop.clone(), ..how.options };
    let mut run = Run::open(folder.join("run"), options)?;
    let path = folder.join("samples.tsv");
    if !path.exists() {
        write_samples(&path, "a plum\tfruit\n");
    }
    let index = LineIndex::open(&path, &Silent)?;
    let tokenizer = run.tokenizer(|| Tokenizer::train(TextFormat::Tsv.texts(&index), 280, &Silent))?;
    let encoder = LabelledText::new(TextFormat::Tsv, tokenizer.clone(), LABELS, MAX_LEN);
    let store = Arc::new(TokenStore::open(&index, &encoder, how.on_bad_line, &Silent)?);
    let split = Split::by_seed(store.len(), SplitRatio::default(), 7)?;
    let collate = ClassCollate { n_classes: LABELS.len(), pad_side: PadSide::Right };
    let train = DataLoader::grouped(&store, &split.train, collate, 8, 7)?;
    let validation = DataLoader::grouped(&store, &split.validation, collate, 8, 7)?;
    run.describe_data(&DataDescription::new("samples.tsv", &store, &split, LABELS, MAX_LEN, &train.plan(0)))?;

    let sizes = sizes(tokenizer.vocab_size());
    let config = serde_json::json!({"trainer": how.config, "model": sizes});
    let config = if how.has_config { config } else { serde_json::Value::Null };
    let mut identity = RunIdentity::new(&config)?.with("samples_content", index.fingerprint());
    if let Some((name, fact)) = how.fact {
        identity = identity.with(name, fact);
    }
    run.compare(&identity)?;
    let model =
        SequenceClassifier::new(&sizes, LABELS.len(), 3, &Device::flex().autodiff()).map_err(TrainError::from)?;
    let trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(LABELS.len()), how.config)?;
    let shown = Shown::default();
    let trainer = match how.optimizer {
        Some(optimizer) if !how.is_optimizer_late => trainer.with_optimizer(optimizer()),
        _ => trainer,
    };
    let mut trainer = run.attach(trainer, identity)?;
    if let Some(optimizer) = how.optimizer.filter(|_| how.is_optimizer_late) {
        trainer = trainer.with_optimizer(optimizer());
    }
    let mut trainer = trainer.observe(Ending { end: how.end, stop }).observe(shown.clone());
    let notices = if how.takes_notices { run.take_notices() } else { Vec::new() };
    let ended = run.fit(&mut trainer, &train, &validation)?;
    let shown = shown.0.lock().unwrap().clone();
    let model = run.file("export");
    if ended.is_complete() {
        let exported = ExportConfig::new("test", &sizes, ProblemType::SingleLabel, LABELS);
        run.export(&run.best()?, exported, Some(&tokenizer))?;
        run.report(|page| format!("{} validations, {:?}", page.history.validations.len(), page.state))?;
    }
    Ok(Left { ended, notices, shown, model })
}

/// The message of the refusal, which includes the fields that differ.
pub(crate) fn refusal(folder: &Path, how: How) -> String {
    train(folder, how).expect_err("refused").to_string()
}

pub(crate) fn error(folder: &Path, how: How) -> RunError {
    train(folder, how).expect_err("an error")
}

/// Every file of a run with its fingerprint, except files that depend on times or processes.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Fingerprint> {
    let (run, mut found, mut open) = (folder.join("run"), BTreeMap::new(), vec![folder.join("run")]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let name = entry.path().strip_prefix(&run).unwrap().display().to_string();
            match name.as_str() {
                "timings.jsonl" | ".lock" | "tensorboard" => {}
                _ if entry.path().is_dir() => open.push(entry.path()),
                _ => drop(found.insert(name, Fingerprint::of_file(entry.path()).unwrap())),
            }
        }
    }
    found
}

/// The same, without the checkpoints that are saved after a number of steps (`CheckpointConfig::steps`). Such a save
/// waits until the previous one is written, so which of these checkpoints exist depends on timing.
pub(crate) fn results(folder: &Path) -> BTreeMap<String, Fingerprint> {
    let mut found = files(folder);
    found.retain(|name, _| !name.starts_with("checkpoints/step-") || name.contains(&format!("step-{STEPS:08}/")));
    found
}
