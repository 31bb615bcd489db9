//! Optimizers other than AdamW, and parameter groups, in whole runs.

use burn::tensor::Tensor;
use drivetrain_nn::NamedTensor;
use drivetrain_train::{
    Gradient, LionConfig, Optimizer, OptimizerConfig, ParamGroup, ParamState, ParamStep, ResumeStrategy, SgdConfig,
};

use super::*;

fn sgd() -> SgdConfig {
    SgdConfig { learning_rate: 0.2, momentum: 0.9, nesterov: true, weight_decay: 1e-3, ..SgdConfig::default() }
}

/// The embedding is frozen, each encoder layer learns half as fast as the one above it, and the head learns at three
/// times the base rate, without weight decay.
fn layered() -> OptimizerConfig {
    OptimizerConfig {
        layer_decay: 0.5,
        groups: vec![
            ParamGroup { frozen: true, ..ParamGroup::of(["embedding.*"]) },
            ParamGroup { learning_rate_factor: 3.0, weight_decay: Some(0.0), ..ParamGroup::of(["head.*"]) },
        ],
        ..AdamWConfig { learning_rate: 5e-3, ..AdamWConfig::default() }.into()
    }
}

fn config_with(optimizer: impl Into<OptimizerConfig>) -> TrainerConfig {
    TrainerConfig { optimizer: optimizer.into(), ..config_saving(2, 5, 4) }
}

#[test]
fn a_run_stopped_at_any_step_and_resumed_ends_the_same() {
    let lion = LionConfig { learning_rate: 1e-3, ..LionConfig::default() };
    for optimizer in
        [sgd().into(), SgdConfig { momentum: 0.0, nesterov: false, ..sgd() }.into(), lion.into(), layered()]
    {
        let config = TrainerConfig { accumulate: 2, ..config_with(optimizer) };
        let whole = tempfile::tempdir().unwrap();
        train(whole.path(), config.clone(), How::default(), Idle).unwrap();
        for stop_at in 0..26 {
            let cut = tempfile::tempdir().unwrap();
            stopped_at(cut.path(), &config, |event| matches!(event, Event::Step(_)), stop_at);
            train(cut.path(), config.clone(), How::default(), Idle).unwrap();
            assert_eq!(outcome(cut.path()), outcome(whole.path()), "{:?}, stopped at {stop_at}", config.optimizer);
        }
    }
}

#[test]
fn each_optimizer_learns() {
    let lion = LionConfig { learning_rate: 1e-3, ..LionConfig::default() };
    for optimizer in [OptimizerConfig::from(sgd()), lion.into(), layered()] {
        let folder = tempfile::tempdir().unwrap();
        train(folder.path(), TrainerConfig { epochs: 10, ..config_with(optimizer.clone()) }, How::default(), Idle)
            .unwrap();
        let history = outcome(folder.path()).state.history;
        let (first, last) = (history.first().unwrap().train_loss, history.last().unwrap().train_loss);
        assert!(last < first, "{optimizer:?}: {first} → {last}");
    }
}

#[test]
fn frozen_parameters_stay_and_have_no_state() {
    let mut trainer = trainer(config_with(layered()));
    let before = StateDict::of(trainer.model());
    trainer.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let after = StateDict::of(trainer.model());
    for (name, tensor) in &after.tensors {
        assert_eq!(*tensor == before.tensors[name], name.starts_with("embedding."), "{name}");
    }
    let state = trainer.optimizer().state();
    assert!(state.tensors.keys().all(|name| !name.contains("embedding")) && state.tensors.len() > 4);
}

#[test]
fn a_parameter_that_is_frozen_on_resume_loses_its_state_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let table = saved.model.tensors["embedding.tokens.weight"].clone();
    let config = TrainerConfig { optimizer: layered(), ..config(2, 0) };
    let mut resumed = trainer(config).resume(saved, ResumePlan::default()).unwrap();
    resumed.fit(&train_loader(0), &validation_loader(0)).unwrap();
    assert_eq!(StateDict::of(resumed.model()).tensors["embedding.tokens.weight"], table);
    assert!(resumed.optimizer().state().tensors.keys().all(|name| !name.contains("embedding")));
}

/// The error for a configuration that does not fit the model.
fn refused(optimizer: OptimizerConfig) -> String {
    let model = checks::classifier(2);
    let config = TrainerConfig { optimizer, ..TrainerConfig::default() };
    Run::new(model, CrossEntropy, MultiClassMetric::new(2), config).err().unwrap().to_string()
}

#[test]
fn groups_that_fit_no_parameter_are_refused_before_the_first_step() {
    let of = |patterns: &[&str]| OptimizerConfig {
        groups: vec![ParamGroup { frozen: true, ..ParamGroup::of(patterns.iter().copied()) }],
        ..OptimizerConfig::default()
    };
    let message = refused(of(&["head.*", "encoder.layer.0.attention.*"]));
    assert!(
        message.starts_with(
            "the pattern `encoder.layer.0.attention.*` of a parameter group matches no parameter of the model; the closest \
             are `encoder.layers.0.attention."
        ),
        "{message}"
    );
    let message = refused(of(&["embedding.token.weight"]));
    assert!(message.contains("the closest are `embedding.tokens.weight`, "), "{message}");
    let message = refused(of(&["*"]));
    assert!(
        message.starts_with("parameter groups freeze every one of the model's ") && message.len() < 120,
        "{message}"
    );
    // Layer norms have the same names as in the weights file.
    let message = refused(of(&["encoder.norm.gamma"]));
    assert!(message.contains("matches no parameter"), "{message}");
    let groups = vec![ParamGroup { weight_decay: Some(0.0), ..ParamGroup::of(["encoder.norm.weight"]) }];
    trainer(config_with(OptimizerConfig { groups, ..OptimizerConfig::default() }));
}

#[test]
fn of_groups_that_match_the_last_one_counts() {
    let groups = vec![
        ParamGroup { frozen: true, ..ParamGroup::of(["*"]) },
        ParamGroup { learning_rate_factor: 2.0, ..ParamGroup::of(["head.*"]) },
    ];
    let mut trainer = trainer(config_with(OptimizerConfig { groups, ..sgd().into() }));
    let before = StateDict::of(trainer.model());
    trainer.fit(&train_loader(0), &validation_loader(0)).unwrap();
    for (name, tensor) in &StateDict::of(trainer.model()).tensors {
        assert_eq!(*tensor != before.tensors[name], name.starts_with("head."), "{name}");
    }
}

#[test]
fn another_optimizers_checkpoint_is_refused_unless_its_state_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config(2, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let lion = LionConfig { learning_rate: 1e-3, ..LionConfig::default() };
    // Plain SGD has no state that could differ.
    let plain = SgdConfig { momentum: 0.0, nesterov: false, ..sgd() };
    for (name, optimizer) in [("lion", OptimizerConfig::from(lion)), ("sgd", sgd().into()), ("sgd", plain.into())] {
        let config = TrainerConfig { optimizer, ..config(2, 0) };
        let resumed =
            |strategy| trainer(config.clone()).resume(saved.clone(), ResumePlan { strategy, reset_state: false });
        let message = resumed(ResumeStrategy::Everything).err().unwrap().to_string();
        let expected = format!(
            "checkpoint optimizer.safetensors cannot be used: it is the state of the optimizer `adamw`, and this run has \
             `{name}`; resume with `adamw`, or without the optimizer's state (`ResumeStrategy::WithoutOptimization` or \
             `WeightsOnly`)"
        );
        assert_eq!(message, expected);
        let mut other = resumed(ResumeStrategy::WeightsOnly).unwrap();
        other.fit(&train_loader(0), &validation_loader(0)).unwrap();
        assert_eq!((other.state().position.step, other.optimizer().steps()), (26, 13));
    }
}

#[test]
fn another_optimizer_is_a_change_of_the_runs_identity() {
    let folder = tempfile::tempdir().unwrap();
    let identity =
        |config: &TrainerConfig| RunIdentity { config: serde_json::json!({"trainer": config}), facts: BTreeMap::new() };
    let run = |config: &TrainerConfig| trainer(config.clone()).checkpoints(store(folder.path()), identity(config));
    let adamw = config(2, 0);
    run(&adamw).stop_after(Some(1)).fit(&train_loader(0), &validation_loader(0)).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let lion = TrainerConfig { optimizer: LionConfig::default().into(), ..config(2, 0) };
    let plan = ResumePlan { strategy: ResumeStrategy::WeightsOnly, reset_state: false };
    let mut resumed = run(&lion).resume(saved.clone(), plan).unwrap();
    let message = resumed.fit(&train_loader(0), &validation_loader(0)).unwrap_err().to_string();
    assert!(message.contains("trainer.optimizer.kind: not set → lion"), "{message}");
    let mut allowed = run(&lion).resume(saved, plan).unwrap().allow_changes(["trainer.optimizer"]);
    allowed.fit(&train_loader(0), &validation_loader(0)).unwrap();
    assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.optimizer_name, "lion");
}

/// A user's own optimizer: momentum on the sign of the gradient, scaled by a number that shrinks with each update.
struct SignMomentum {
    scale: f32,
}

impl Optimizer for SignMomentum {
    fn name(&self) -> &str {
        "sign_momentum"
    }

    fn state_names(&self) -> &[&str] {
        &["velocity"]
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        self.scale *= 0.999;
        let sign_n = gradient.dense().sign();
        let velocity_n = match state.take("velocity") {
            Some(velocity_n) => velocity_n.mul_scalar(0.9) + sign_n,
            None => sign_n,
        };
        state.set("velocity", velocity_n.clone());
        weight_n - velocity_n.mul_scalar(step.learning_rate * f64::from(self.scale))
    }

    fn state(&self) -> StateDict {
        let scale = NamedTensor { shape: vec![1], values: vec![self.scale] };
        StateDict { tensors: BTreeMap::from([("scale".to_owned(), scale)]) }
    }

    fn restore(&mut self, state: StateDict) -> std::result::Result<(), String> {
        self.scale = state.tensors.get("scale").ok_or("no scale")?.values[0];
        Ok(())
    }
}

fn own() -> Run {
    trainer(config_with(AdamWConfig { learning_rate: 1e-3, ..AdamWConfig::default() }))
        .with_optimizer(SignMomentum { scale: 1.0 })
}

#[test]
fn an_optimizer_of_ones_own_resumes_exactly() {
    let mut whole = own();
    whole.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let expected = (StateDict::of(whole.model()), whole.optimizer().state(), whole.state().clone());
    assert!(expected.1.tensors.contains_key("global.scale") && expected.1.tensors.contains_key("velocity.head.bias"));
    for stop_at in [0, 7, 12, 13, 20] {
        let folder = tempfile::tempdir().unwrap();
        let stop = Stop::new();
        let observer = StopAt { stop: stop.clone(), kind: |event| matches!(event, Event::Step(_)), countdown: stop_at };
        let mut cut = own().checkpoints(store(folder.path()), RunIdentity::default()).stop_when(stop).observe(observer);
        cut.fit(&train_loader(0), &validation_loader(0)).unwrap();
        let saved = store(folder.path()).load_latest().unwrap().checkpoint;
        assert_eq!(saved.meta.optimizer_name, "sign_momentum");
        let mut resumed = own().resume(saved, ResumePlan::default()).unwrap();
        resumed.fit(&train_loader(0), &validation_loader(0)).unwrap();
        let found = (StateDict::of(resumed.model()), resumed.optimizer().state(), resumed.state().clone());
        assert_eq!(found, expected, "stopped at {stop_at}");
    }
}

#[test]
fn an_optimizer_that_comes_after_its_state_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    own()
        .checkpoints(store(folder.path()), RunIdentity::default())
        .stop_after(Some(1))
        .fit(&train_loader(0), &validation_loader(0))
        .unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    let mut late = own().resume(saved, ResumePlan::default()).unwrap().with_optimizer(SignMomentum { scale: 1.0 });
    let message = late.fit(&train_loader(0), &validation_loader(0)).unwrap_err().to_string();
    let expected = |method: &str| {
        format!(
            "`with_optimizer` is called after `{method}`, but it must be called before: the optimizer's state would be lost, \
             now or when the run is resumed"
        )
    };
    assert_eq!(message, expected("resume"));

    let mut late = own().stop_after(Some(1));
    late.fit(&train_loader(0), &validation_loader(0)).unwrap();
    let mut late = late.with_optimizer(SignMomentum { scale: 1.0 });
    let message = late.fit(&train_loader(0), &validation_loader(0)).unwrap_err().to_string();
    assert_eq!(message, expected("fit"));
}

#[test]
fn momentum_that_is_switched_off_on_resume_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), config_with(sgd()), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    let saved = store(folder.path()).load_latest().unwrap().checkpoint;
    assert!(saved.optimizer.tensors.contains_key("momentum_buffer.head.bias"));
    let plain = SgdConfig { momentum: 0.0, nesterov: false, ..sgd() };
    let mut resumed = trainer(config_with(plain)).resume(saved, ResumePlan::default()).unwrap();
    resumed.fit(&train_loader(0), &validation_loader(0)).unwrap();
    assert!(resumed.optimizer().state().tensors.is_empty());
}

/// A user's own optimizer with a bug, which appears at the fourth step.
#[derive(Clone, Copy, Debug)]
enum Faulty {
    Panics,
    GivesFewerWeights,
    KeepsWhatItDoesNotDeclare,
}

impl Optimizer for Faulty {
    fn name(&self) -> &str {
        "faulty"
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        match self {
            _ if step.step < 4 => {}
            Self::Panics => panic!("no rate for {}", step.path),
            Self::GivesFewerWeights => return weight_n.narrow(0, 0, 1),
            Self::KeepsWhatItDoesNotDeclare => state.set("velocity", weight_n.clone()),
        }
        weight_n - gradient.dense().mul_scalar(step.learning_rate)
    }
}

#[test]
fn an_optimizer_that_panics_ends_the_run_with_an_error_and_keeps_the_latest_checkpoint() {
    for (faulty, expected) in [
        (Faulty::Panics, "no rate for embedding.tokens.weight"),
        (Faulty::GivesFewerWeights, ""),
        (Faulty::KeepsWhatItDoesNotDeclare, "`Optimizer::state_names` does not declare `velocity`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = trainer(config_saving(2, 5, 2))
            .with_optimizer(faulty)
            .checkpoints(store(folder.path()), RunIdentity::default());
        let message = trainer.fit(&train_loader(0), &validation_loader(0)).unwrap_err().to_string();
        assert!(message.starts_with("the optimizer panicked on training batch 3 ("), "{message}");
        assert!(message.ends_with(expected), "{message}");
        let again = trainer.fit(&train_loader(0), &validation_loader(0)).unwrap_err().to_string();
        assert!(again.starts_with("`model` is lost, since the optimizer panicked, but it must be resumed"), "{again}");
        assert_eq!(store(folder.path()).load_latest().unwrap().checkpoint.meta.state.position.step, 2, "{faulty:?}");
    }
}
