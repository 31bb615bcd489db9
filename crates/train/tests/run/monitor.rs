//! The value by which validations are compared: the loss, the score or a named metric, where lower or higher is better.

use std::sync::Mutex;

use burn::tensor::Tensor;
use drivetrain_train::{
    EarlyStopConfig, LearningRateConfig, Metric, MetricValues, Monitor, MonitorMode, Monitored, PlateauConfig,
};
use serde_json::{Value, json};

use super::*;

/// A metric with given errors, one per validation. If it is monitored by name, it is computed once more, before the
/// first step.
#[derive(Clone)]
struct Scripted {
    errors: Arc<Vec<f64>>,
    next: Arc<AtomicU64>,
}

#[derive(Clone, Debug, serde::Serialize)]
struct Errors {
    error: f64,
}

impl Metric<Tensor<2>, SequenceBatch<ClassIndex>> for Scripted {
    type Values = Errors;

    fn update(&mut self, _output: &Tensor<2>, _batch: &SequenceBatch<ClassIndex>) {}

    fn compute(&self) -> Errors {
        Errors { error: self.errors[self.next.fetch_add(1, Ordering::Relaxed) as usize] }
    }
}

impl MetricValues for Errors {
    /// Lower is better.
    fn score(&self) -> f64 {
        self.error
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![("mae", self.error), ("rmse", 2.0 * self.error), ("bias", -self.error)]
    }

    fn mode_of(name: &str) -> Option<MonitorMode> {
        (name != "bias").then_some(MonitorMode::Min)
    }
}

type Regression = Trainer<SequenceBatch<ClassIndex>, SequenceClassifier, CrossEntropy, Scripted>;

/// A run with one validation for each of the errors.
fn regression(config: TrainerConfig, errors: &[f64]) -> Regression {
    let is_by_name = matches!(config.monitor, Monitor::Metric(_));
    let asked_before = is_by_name.then_some(7.0);
    let errors = Arc::new(asked_before.into_iter().chain(errors.iter().copied()).collect());
    let model = checks::classifier(2);
    Trainer::new(model, CrossEntropy, Scripted { errors, next: Arc::default() }, config).unwrap()
}

fn by(monitor: &str, mode: Option<MonitorMode>, validations: u64) -> TrainerConfig {
    TrainerConfig { monitor: monitor.into(), mode, ..config(validations, 0) }
}

/// Keeps the text of every event that has one.
#[derive(Clone, Default)]
struct Texts(Arc<Mutex<Vec<String>>>);

impl Observer for Texts {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        self.0.lock().unwrap().extend(Some(event.to_string()).filter(|text| !text.is_empty()));
        Ok(Control::Continue)
    }
}

const ERRORS: [f64; 4] = [0.5, 0.25, 0.75, 0.375];

#[test]
fn the_best_is_the_lowest_where_lower_is_better() {
    for (monitor, mode, best) in [
        ("score", None, (1, 0.25)),
        ("mae", None, (1, 0.25)),
        ("rmse", None, (1, 0.5)),
        ("bias", Some(MonitorMode::Max), (1, -0.25)),
        ("bias", Some(MonitorMode::Min), (2, -0.75)),
        ("mae", Some(MonitorMode::Max), (2, 0.75)),
    ] {
        let (folder, texts) = (tempfile::tempdir().unwrap(), Texts::default());
        let mut trainer = regression(by(monitor, mode, 4), &ERRORS)
            .checkpoints(store(folder.path()), RunIdentity::default())
            .observe(JsonLines::new(folder.path().join("metrics.jsonl"), 0))
            .observe(texts.clone());
        let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
        let found = summary.best.unwrap();
        assert_eq!((found.epoch, found.value), best, "{monitor} {mode:?}");
        assert_eq!(found.score, ERRORS[found.epoch as usize]);
        assert_eq!(summary.monitored.monitor, monitor.into());
        // The best checkpoint on disk is that of this validation.
        let loaded = store(folder.path()).load_best().unwrap().checkpoint.meta.state;
        assert_eq!((loaded.position.step, loaded.best), (found.step, Some(found)));
        assert_eq!(loaded.monitored, summary.monitored);
        let last = texts.0.lock().unwrap().iter().rfind(|text| text.contains("best: ")).unwrap().clone();
        assert!(
            last.contains(&format!("new best: {monitor} ")) && last.contains(&format!("→ {:.5}", best.1)),
            "{last}"
        );
        let metrics = std::fs::read_to_string(folder.path().join("metrics.jsonl")).unwrap();
        let lines: Vec<Value> = metrics.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mode = json!(summary.monitored.mode);
        let is_named = |line: &&Value| line["monitor"] == monitor && line["mode"] == mode;
        assert_eq!(lines.iter().filter(is_named).filter(|line| line["kind"] == "validation").count(), 4, "{metrics}");
    }
}

#[test]
fn the_loss_can_be_monitored() {
    let mut trainer = regression(by("loss", None, 4), &ERRORS);
    let best = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap().best.unwrap();
    let lowest = trainer.state().history.iter().map(|record| record.validation_loss).fold(f64::INFINITY, f64::min);
    assert_eq!(best.value, lowest);
    let mut wrong = regression(by("loss", Some(MonitorMode::Max), 1), &ERRORS);
    let message = wrong.fit(&train_loader(1), &validation_loader(1)).unwrap_err().to_string();
    assert!(message.contains("`mode` is max") && message.contains("min where the loss"), "{message}");
}

#[test]
fn early_stopping_and_a_plateau_follow_it() {
    let plateau = PlateauConfig { monitor: Monitor::Best, patience: 0, factor: 0.5, ..PlateauConfig::default() };
    let early_stop = EarlyStopConfig { patience: 2, min_delta: 0.0 };
    let dropout = DropoutConfig { initial: 0.2, max: 0.2, ..DropoutConfig::default() };
    let learning_rate = LearningRateConfig::Plateau(plateau);
    let config = TrainerConfig { early_stop, dropout, learning_rate, ..by("mae", None, 9) };
    let mut trainer = regression(config, &[1.0, 0.5, 0.75, 0.625, 0.25]);
    let summary = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap();
    assert_eq!((summary.epochs, summary.stopped_early, summary.best.unwrap().epoch), (4, true, 1));
    let rates: Vec<f64> = trainer.state().history.iter().map(|record| record.learning_rate).collect();
    assert_eq!(rates, [5e-3, 5e-3, 5e-3, 2.5e-3]);
}

#[test]
fn a_metric_that_is_not_a_number_is_never_the_best_and_is_named() {
    let (folder, texts) = (tempfile::tempdir().unwrap(), Texts::default());
    let mut trainer = regression(by("mae", None, 3), &[f64::NAN, 0.5, f64::NEG_INFINITY])
        .checkpoints(store(folder.path()), RunIdentity::default())
        .observe(texts.clone());
    let best = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap().best.unwrap();
    assert_eq!((best.epoch, best.value), (1, 0.5));
    let texts = texts.0.lock().unwrap().join("\n");
    assert!(texts.contains("the validation metric `mae` became NaN after step 13"), "{texts}");
    assert!(texts.contains("`mae` became -inf after step 39") && texts.contains("cannot be the best"), "{texts}");
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.best, Some(best));
}

#[test]
fn an_unknown_metric_or_an_unknown_direction_is_an_error_before_the_first_step() {
    let error = |config: TrainerConfig| {
        let mut trainer = regression(config, &ERRORS);
        let message = trainer.fit(&train_loader(1), &validation_loader(1)).unwrap_err().to_string();
        assert_eq!(trainer.state().position.step, 0);
        message
    };
    let message = error(by("mea", Some(MonitorMode::Min), 1));
    assert_eq!(message, "no metric is called `mea`: `monitor` can be `loss`, `score`, `mae`, `rmse` or `bias`");
    let message = error(by("bias", None, 1));
    assert!(message.contains("`bias` is monitored") && message.contains("`mode`"), "{message}");
    let plateau = |monitor: &str, mode| {
        let plateau = PlateauConfig { monitor: monitor.into(), mode, ..PlateauConfig::default() };
        TrainerConfig { learning_rate: LearningRateConfig::Plateau(plateau), ..config(1, 0) }
    };
    assert!(error(plateau("mea", Some(MonitorMode::Min))).contains("no metric is called `mea`"));
    assert!(error(plateau("bias", None)).contains("`bias` is monitored"));
    let best = TrainerConfig { monitor: Monitor::Best, ..config(1, 0) };
    assert!(best.validate().unwrap_err().to_string().starts_with("`monitor` is best"));
}

#[test]
fn another_monitor_makes_a_resumed_run_look_for_its_best_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = regression(by("score", None, 2), &ERRORS).checkpoints(store(folder.path()), RunIdentity::default());
    assert_eq!(first.fit(&train_loader(1), &validation_loader(1)).unwrap().best.unwrap().epoch, 1);
    drop(first);
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let mut second = regression(by("bias", Some(MonitorMode::Max), 4), &[0.875, 0.75])
        .resume(saved, ResumePlan::default())
        .unwrap()
        .checkpoints(store(folder.path()), RunIdentity::default());
    let best = second.fit(&train_loader(1), &validation_loader(1)).unwrap().best.unwrap();
    assert_eq!((best.epoch, best.value, best.score), (3, -0.75, 0.75));
    assert_eq!(store(folder.path()).load_best().unwrap().checkpoint.meta.state.position.step, 52);
}

#[test]
fn a_configuration_is_written_without_what_it_leaves_at_the_default() {
    let written = serde_json::to_value(TrainerConfig::default()).unwrap();
    assert!(written.get("monitor").is_none() && written.get("mode").is_none());
    assert_eq!(written["learning_rate"], json!({"kind": "constant"}));
    let plateau = LearningRateConfig::Plateau(PlateauConfig::default());
    let written = serde_json::to_string(&plateau).unwrap();
    assert!(written.starts_with(r#"{"kind":"plateau","monitor":"loss","factor":0.1,"patience":10,"#), "{written}");
    let config = by("mae", Some(MonitorMode::Min), 1);
    let written = serde_json::to_value(&config).unwrap();
    assert_eq!((&written["monitor"], &written["mode"]), (&json!("mae"), &json!("min")));
    assert_eq!(serde_json::from_value::<TrainerConfig>(written).unwrap(), config);
    assert_eq!(Monitored::default(), Monitored { monitor: "score".into(), mode: MonitorMode::Max });
}
