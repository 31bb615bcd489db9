use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use drivetrain::burn::tensor::Device;
use drivetrain::data::{EpochPlan, Fingerprint, OnBadLine, Stop};
use drivetrain::nn::{SequenceClassifier, StateDict};
use drivetrain::terminal::{Console, Lang, LogFile, counted};
use drivetrain::tr;
use drivetrain::train::{
    BceWithLogits, Checkpoint, Incidents, JsonLines, Loaded, MultiLabelMetric, OnNonFinite, ResumePlan, ResumeStrategy,
    RunIdentity, RunState, Summary, TensorBoard, Timings, TrainError, Trainer,
};

use super::DEFAULT_RUN;
use super::divergence::{batch_hint, validation_hint};
use super::evaluate::{SplitReport, decide, evaluate_split};
use super::misplaced::Misplaced;
use crate::signals::Signals;
use tabular_sense::changes::{self, identity, identity_with_data};
use tabular_sense::chinese;
use tabular_sense::config::RunConfig;
use tabular_sense::decision::Decision;
use tabular_sense::error::{UserError, in_words, is_stopped};
use tabular_sense::facts::keep_facts;
use tabular_sense::model::export;
use tabular_sense::prepare::{Prepared, write_json};
use tabular_sense::report::{Remarks, write_report};
use tabular_sense::run::{RunFolder, command_line};
use tabular_sense::terminal::{self, lang, terminal};
use tabular_sense_synth::types::SemanticType;

/// Make everything that is missing, then train, test and export a model.
///
/// Without arguments it trains the default model in runs/default. Run again, it goes on where it stopped or was killed, and
/// does not repeat what is there and valid.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A TOML file, or one of: default, micro, small, medium, large, seed, million, base.
    #[arg(long, value_name = "FILE|NAME")]
    config: Option<PathBuf>,
    /// Train on this sample file instead of generated samples.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// The run's folder.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Whether to go on with a run that exists.
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t = Resume::Auto,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always"
    )]
    resume: Resume,
    /// What a resumed run takes over from its checkpoint.
    #[arg(long, value_enum, default_value_t = Strategy::Everything)]
    strategy: Strategy,
    /// Let a resumed run begin again at epoch 1, with no best score, from the checkpoint's weights.
    #[arg(long)]
    reset_state: bool,
    /// Resume although this field is not what the run was saved with: a field of the configuration or a part of its path, or a fact
    /// such as samples_content; may be given several times.
    #[arg(long, value_name = "FIELD")]
    allow_change: Vec<String>,
    /// Refuse to go on from an older checkpoint when the newest is damaged.
    #[arg(long)]
    strict: bool,
    /// End after this many epochs, as if stopped there; the next `train` goes on.
    #[arg(long, value_name = "N")]
    stop_after: Option<u64>,
    /// What to do with a line that is no sample; skipped ones are counted and shown. Overrides `data.on_bad_line`.
    #[arg(long, value_enum)]
    on_bad_line: Option<BadLine>,
    /// What to do with a batch whose loss or gradient is not a number; skipped ones are counted and shown. Overrides
    /// `trainer.guard.on_nonfinite`.
    #[arg(long, value_enum)]
    on_nonfinite: Option<NonFinite>,
    #[command(flatten)]
    misplaced: Misplaced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Resume {
    /// Go on where there is something to go on from, else begin.
    Auto,
    /// Go on; the run must exist. It keeps its own configuration.
    Always,
    /// Begin; the run must not exist.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum NonFinite {
    /// End, naming the samples.
    Stop,
    /// Leave the batch out.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum BadLine {
    /// End, naming the line.
    Fail,
    /// Leave the line out.
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Strategy {
    /// Everything: the run goes on as if it had not stopped.
    Everything,
    /// Not the optimizer's state and the learning-rate schedule.
    WithoutOptimization,
    /// Not the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// Neither of the two.
    WeightsOnly,
}

impl From<Strategy> for ResumeStrategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::Everything => Self::Everything,
            Strategy::WithoutOptimization => Self::WithoutOptimization,
            Strategy::WithoutRegularization => Self::WithoutRegularization,
            Strategy::WeightsOnly => Self::WeightsOnly,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<()> {
    let signals = Signals::listen()?;
    match train(args, &signals.stop()) {
        Err(error) if is_stopped(&error) => {
            let command = command_line();
            let again = tr!(lang(), "`{command}` goes on where it stopped", "运行 `{command}` 可从停止处继续");
            Err(signals.interrupted(&again).map_or(error, Into::into))
        }
        other => other,
    }
}

fn train(args: &Args, stop: &Stop) -> Result<()> {
    args.misplaced.refuse()?;
    let run = RunFolder::new(&args.run);
    let config = configure(args, &run)?;
    let saved = run.checkpoints().latest_meta().filter(|_| !args.allow_change.is_empty());
    changes::check_names(&args.allow_change, &config, saved.as_ref().map(|saved| &saved.identity))?;
    if let Some(samples) = &args.samples
        && let Err(error) = std::fs::metadata(samples)
    {
        let (path, error) = (samples.display(), in_words(&error));
        return Err(UserError::new(tr!(lang(), "sample file {path}: {error}", "样本文件 {path}：{error}"))
            .hint(tr!(
                lang(),
                "`tabular-sense generate -o FILE` makes one; without --samples, `train` makes its own",
                "`tabular-sense generate -o FILE` 可生成一个；不加 --samples 时，`train` 自己生成样本"
            ))
            .into());
    }
    let _lock = run.lock()?;
    let checkpoint = newest_checkpoint(args, &run)?;
    if let Some(checkpoint) = &checkpoint {
        changes::check(&run, &checkpoint.meta.identity, &identity(&config), &args.allow_change)?;
    }
    run.claim(&config)?;

    let progress = terminal::progress(stop);
    let samples = match &args.samples {
        Some(path) => Some(path.clone()),
        // A run goes on with the samples it began with.
        None => Prepared::given_samples(&run)?,
    };
    let prepared = Prepared::open(&config, &run, samples.as_deref(), &progress)?;
    let identity = identity_with_data(&config, &prepared);
    if let Some(checkpoint) = &checkpoint {
        changes::check_data(&run, &checkpoint.meta.identity, &prepared, &args.allow_change)?;
    }
    prepared.check_split(&config)?;
    prepared.keep(&run)?;
    report_data(&config, &prepared)?;
    keep_facts(&config, &run, &prepared)?;

    let summary = fit(args, &config, &run, &prepared, checkpoint, identity, stop)?;
    if summary.is_some_and(|summary| summary.epochs < config.trainer.epochs && !summary.stopped_early) {
        if stop.is_requested() {
            return Err(TrainError::Stopped.into());
        }
        let path = run.path().display();
        terminal().print(&tr!(
            lang(),
            "stopped as asked; `tabular-sense train --run {path} --resume` goes on",
            "已按要求停止；`tabular-sense train --run {path} --resume` 可继续"
        ));
        return Ok(());
    }
    finish(&config, &run, &prepared, stop)
}

/// The configuration that the run is to have.
fn configure(args: &Args, run: &RunFolder) -> Result<RunConfig> {
    let existing = run.config()?;
    match args.resume {
        Resume::Always if existing.is_none() => return Ok(run.existing_config()?),
        Resume::Never if existing.is_some() => {
            let path = run.path().display();
            return Err(UserError::new(tr!(lang(), "{path} holds a run already", "{path} 中已有一次训练"))
                .hint(tr!(
                    lang(),
                    "choose another folder with --run, or leave out --resume=never to go on with it",
                    "请用 --run 换一个文件夹；若要继续那次训练，请去掉 --resume=never"
                ))
                .into());
        }
        _ => {}
    }
    let mut config = match (&args.config, existing) {
        (Some(path), _) => RunConfig::read(path)?,
        (None, Some(existing)) => existing,
        (None, None) => RunConfig::embedded("default")
            .with_context(|| tr!(lang(), "the embedded configuration is damaged", "程序内置的配置已损坏"))?,
    };
    match args.on_bad_line {
        Some(BadLine::Fail) => config.data.on_bad_line = OnBadLine::Fail,
        Some(BadLine::Skip) => config.data.on_bad_line = OnBadLine::Skip,
        None => {}
    }
    match args.on_nonfinite {
        Some(NonFinite::Stop) => config.trainer.guard.on_nonfinite = OnNonFinite::Stop,
        Some(NonFinite::Skip) => config.trainer.guard.on_nonfinite = OnNonFinite::Skip,
        None => {}
    }
    Ok(config)
}

/// What the run goes on from; none where it begins.
fn newest_checkpoint(args: &Args, run: &RunFolder) -> Result<Option<Checkpoint>> {
    let store = run.checkpoints();
    if store.is_empty() {
        if args.resume == Resume::Always {
            let path = run.path().display();
            terminal().print(&tr!(
                lang(),
                "{path} holds no checkpoint yet: the run starts at its beginning",
                "{path} 尚无检查点：从头开始"
            ));
        }
        return Ok(None);
    }
    let Loaded { path, checkpoint, damaged } = store.load_latest()?;
    if args.strict
        && let Some(problem) = damaged.first()
    {
        let path = path.display();
        return Err(UserError::new(in_words(problem))
            .hint(tr!(
                lang(),
                "without --strict, the run goes on from {path}",
                "不加 --strict 时，训练会从 {path} 继续"
            ))
            .into());
    }
    for problem in damaged {
        let (path, problem) = (path.display(), in_words(&problem));
        terminal().warn(&tr!(lang(), "warning: {problem}; going on from {path}", "警告：{problem}；改从 {path} 继续"));
    }
    Ok(Some(checkpoint))
}

fn report_data(config: &RunConfig, prepared: &Prepared) -> Result<()> {
    let skipped = prepared.store.skipped();
    if skipped.count > 0 {
        let what = if skipped.count == 1 { "line is no sample and was" } else { "lines are no samples and were" };
        let count = skipped.count;
        let mut text = tr!(lang(), "{count} {what} skipped:", "跳过了 {count} 行，它们不是样本：");
        for line in &skipped.first {
            let (number, problem) = (line.line, &line.problem);
            text += &match lang() {
                Lang::En => format!("\n  line {number}: {problem}"),
                Lang::Zh => format!("\n  第 {number} 行：{}", chinese::translate(problem)),
            };
        }
        terminal().warn(&text);
    }
    let cut = prepared.store.truncated();
    if cut.samples > 0 {
        let (samples, ids) = (cut.samples, cut.ids);
        let are_longer = counted(samples, "sample is", "samples are");
        let were_cut = counted(ids, "token was", "tokens were");
        let ends = if samples == 1 { "its end" } else { "their ends" };
        terminal().warn(&tr!(
            lang(),
            "{are_longer} longer than max_len: {were_cut} cut from {ends}",
            "{samples} 个样本超过 max_len：末尾共截去 {ids} 个 token"
        ));
    }
    let budget = config.data.token_budget;
    let is_one_each = |plan: &EpochPlan| plan.samples() > 1 && plan.len() == plan.samples();
    if budget > 0 && is_one_each(&prepared.train_loader(config)?.plan(0)) {
        terminal().warn(&tr!(
            lang(),
            "every batch is one sample: no two of them fit into data.token_budget = {budget} tokens; a larger one trains faster",
            "每批只有一个样本：data.token_budget = {budget} 个 token 容不下两个；增大它可加快训练"
        ));
    }
    Ok(())
}

/// Trains what is left to train; nothing where the run is complete.
fn fit(
    args: &Args,
    config: &RunConfig,
    run: &RunFolder,
    prepared: &Prepared,
    checkpoint: Option<Checkpoint>,
    identity: RunIdentity,
    stop: &Stop,
) -> Result<Option<Summary>> {
    let store = run.checkpoints().keeping(config.trainer.checkpoint);
    let is_complete = |state: &RunState| {
        let is_over = is_stopped_early(args, config, state) || state.position.epoch >= config.trainer.epochs;
        is_over && !state.validation_due && !args.reset_state
    };
    if let Some(state) = checkpoint.as_ref().map(|checkpoint| &checkpoint.meta.state).filter(|state| is_complete(state))
    {
        // The end of its last save may have been cut short.
        store.tidy(state)?;
        // So may what the observers had to say.
        let why = if state.stopped_early { "early_stop" } else { "completed" };
        TensorBoard::close(run.file("tensorboard"))?;
        Timings::close(run.file("timings.jsonl"), state.position.step, why)?;
        say_complete(run, config, state);
        return Ok(None);
    }
    let encoder = config.model.encoder(prepared.tokenizer.vocab_size(), config.data.max_len);
    let n_classes = SemanticType::ALL.len();
    let model = SequenceClassifier::new(&encoder, n_classes, config.trainer.seed, &Device::flex().autodiff())?;
    let metric = MultiLabelMetric::new(n_classes, config.predict.threshold);
    let mut trainer = Trainer::new(model, BceWithLogits, metric, config.trainer.clone())?;
    if let Some(checkpoint) = checkpoint {
        let plan = ResumePlan { strategy: args.strategy.into(), reset_state: args.reset_state };
        // They were compared, and shown, before the data was prepared.
        let changes = checkpoint.meta.identity.changes(&identity);
        trainer = trainer.resume(checkpoint, plan)?.allow_changes(changes.into_iter().map(|change| change.field));
    }
    let mut trainer = trainer
        .stop_after(args.stop_after)
        .stop_when(stop.clone())
        .checkpoints(store, identity)
        .observe(Console::new(terminal()))
        .observe(LogFile::append(run.file("train.log"), lang())?)
        .observe(JsonLines::new(run.file("metrics.jsonl"), config.log.every))
        .observe(TensorBoard::new(run.file("tensorboard"), config.log.every))
        .observe(Timings::append(run.file("timings.jsonl"))?)
        .observe(Incidents::new(run.file("incidents")))
        // Reads what those before it wrote.
        .observe(Remarks::new(run.clone()));
    let train = prepared.train_loader(config)?;
    let validation = prepared.eval_loader(config, &prepared.split.validation)?;
    match trainer.fit(&train, &validation) {
        Err(error @ TrainError::NumbersWrong { trouble, model, .. }) => {
            let hint = match trouble.is_of_validation() {
                true => validation_hint(run, trainer.state(), model),
                false => batch_hint(run, trainer.state(), model),
            };
            Err(UserError::new(in_words(&error)).hint(hint).into())
        }
        other => Ok(Some(other?)),
    }
}

/// Whether early stop has ended the run, as its configuration is now: a larger patience lets it go on.
fn is_stopped_early(args: &Args, config: &RunConfig, state: &RunState) -> bool {
    let begins_anew = matches!(args.strategy, Strategy::WithoutRegularization | Strategy::WeightsOnly);
    let mut early_stop = state.early_stop.clone();
    early_stop.reconfigure(config.trainer.early_stop);
    state.stopped_early && early_stop.is_reached() && !begins_anew
}

/// There is nothing left to train, and how there would be.
fn say_complete(run: &RunFolder, config: &RunConfig, state: &RunState) {
    let (epochs, steps) = (state.position.epoch, state.position.step);
    let path = run.path().display();
    let done = format!("{}, {}", counted(epochs, "epoch", "epochs"), counted(steps, "step", "steps"));
    terminal().print(&tr!(lang(), "{path} is trained: {done}", "{path} 已训练完毕：{epochs} 轮，{steps} 步"));
    if state.position.epoch < config.trainer.epochs {
        let (count, patience) = (state.early_stop.count(), config.trainer.early_stop.patience);
        let validations = counted(count, "validation", "validations");
        terminal().print(&tr!(
            lang(),
            "early stop ended it after {validations} without improvement (trainer.early_stop.patience = {patience}); to train \
             on, raise that in {path}/config.toml and add --allow-change trainer.early_stop.patience",
            "连续 {count} 次验证没有提升，已早停（trainer.early_stop.patience = {patience}）；若要继续训练，请在 {path}/config.toml 中调大它，并加上 --allow-change trainer.early_stop.patience"
        ));
    }
}

/// Tests the best checkpoint and exports it, where that has not been done.
fn finish(config: &RunConfig, run: &RunFolder, prepared: &Prepared, stop: &Stop) -> Result<()> {
    let Loaded { path, checkpoint: best, .. } = run.checkpoints().load_best()?;
    let step = best.meta.state.position.step;
    // Where no samples are set aside for a test, what is right and wrong is shown on those of the validation.
    let is_tested = !prepared.split.test.is_empty();
    let split = if is_tested { "test" } else { "validation" };
    let files = ["test.json", "decision.json", "analysis.json"].map(|name| run.file(name));
    let [report_path, decision_path, analysis_path] = &files;
    let of = format!("{} at {}", fingerprint(&best.model), config.predict.threshold);
    let read = |path: &Path| std::fs::read(path).ok();
    let known: Option<SplitReport> = read(report_path).and_then(|text| serde_json::from_slice(&text).ok());
    let decided: Option<Decision> = read(decision_path).and_then(|text| serde_json::from_slice(&text).ok());
    let known = known.filter(|report| is_tested && report.of == of && analysis_path.exists());
    let decided = decided.filter(|decision| decision.validate(SemanticType::ALL.len()).is_ok());
    let (report, decision) = match (known, decided) {
        (Some(report), Some(decision)) => (report, decision),
        _ => {
            let weights = || best.model.clone();
            let decision = decide(config, prepared, weights(), stop)?;
            let (mut report, analysis) = evaluate_split(config, prepared, weights(), &decision, step, split, stop)?;
            report.of = of;
            // It says of what the others are: it goes first and comes last.
            if let Err(error) = std::fs::remove_file(report_path)
                && error.kind() != ErrorKind::NotFound
            {
                let path = report_path.display();
                return Err(error).with_context(|| tr!(lang(), "cannot replace {path}", "无法替换 {path}"));
            }
            write_json(decision_path, &decision)?;
            write_json(analysis_path, &analysis)?;
            if is_tested {
                write_json(report_path, &report)?;
            }
            (report, decision)
        }
    };
    let folder = run.file("export");
    let encoder = config.model.encoder(prepared.tokenizer.vocab_size(), config.data.max_len);
    export(&folder, &encoder, &best.model, &prepared.tokenizer, config.predict, decision)?;
    let path = path.display();
    if is_tested {
        terminal().print(&tr!(lang(), "tested {path}", "已测试 {path}"));
    }
    let page = write_report(run, Some(config), None)?;
    if is_tested {
        say!("{}", report.headline());
    } else {
        say!("{}", prepared.untested(config));
    }
    let (folder, page) = (folder.display(), page.display());
    say!("{}", tr!(lang(), "model: {folder}", "模型：{folder}"));
    say!("{}", tr!(lang(), "report: {page}", "报告：{page}"));
    Ok(())
}

/// Changes with any weight.
fn fingerprint(weights: &StateDict) -> Fingerprint {
    let bytes: Vec<u8> = weights
        .tensors
        .iter()
        .flat_map(|(name, tensor)| {
            let values = tensor.values.iter().flat_map(|value| value.to_le_bytes());
            name.bytes().chain(values)
        })
        .collect();
    Fingerprint::of_bytes(&bytes)
}
