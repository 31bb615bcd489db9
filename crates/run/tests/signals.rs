//! A signal ends a run after the current step, with everything saved. This test runs in a process of its own, because
//! signal handlers apply to the whole process.

use std::process::ExitCode;
use std::sync::Arc;

use drivetrain_data::{
    Batched, ClassCollate, DataLoader, LoaderConfig, MemoryDataset, PadSide, Sequential, TokenizedSample,
};
use drivetrain_nn::burn::tensor::Device;
use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier};
use drivetrain_run::{Ended, Run, RunOptions, Signal, Signals};
use drivetrain_train::{Control, CrossEntropy, Event, MultiClassMetric, Observer, RunIdentity, Trainer, TrainerConfig};
use signal_hook::consts::SIGTERM;

/// Sends SIGTERM to its own process at step 4, counted from 0.
struct Terminates;

impl Observer for Terminates {
    fn on(&mut self, event: &Event<'_>) -> drivetrain_train::Result<Control> {
        if matches!(event, Event::Step(step) if step.step == 4) {
            // The handler has run when this returns.
            signal_hook::low_level::raise(SIGTERM).unwrap();
        }
        Ok(Control::Continue)
    }
}

#[test]
#[cfg(unix)]
fn a_signal_stops_the_run_and_everything_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let signals = Signals::listen().unwrap();
    assert_eq!(signals.received(), None);
    let options = RunOptions { stop: signals.stop(), ..RunOptions::new("test") };
    let mut run = Run::open(folder.path(), options).unwrap();
    let loader = || {
        let sample = |i: u32| TokenizedSample { input: vec![3 + i % 2], target: vec![i % 2] };
        let samples = MemoryDataset::new((0..40).map(sample).collect());
        let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
        let batches = Batched::new(Sequential::new(40), 4, false).unwrap();
        DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig { workers: 0, prefetch: 1 })
    };
    let sizes = EncoderConfig { d_model: 8, d_feed_forward: 8, n_layers: 1, ..Preset::Micro.encoder(8, 4) };
    let model = SequenceClassifier::new(&sizes, 2, 1, &Device::flex().autodiff()).unwrap();
    let config = TrainerConfig { epochs: 1000, ..TrainerConfig::default() };
    let identity = RunIdentity::new(&config).unwrap();
    let trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config).unwrap();
    let mut trainer = run.attach(trainer, identity).unwrap().observe(Terminates);
    assert_eq!(run.fit(&mut trainer, &loader(), &loader()).unwrap(), Ended::Stopped { by: None });
    assert_eq!(signals.received(), Some(Signal::Terminate));
    assert_eq!((Signal::Terminate.name(), Signal::Terminate.exit_code()), ("SIGTERM", 143));
    let code = |code: ExitCode| format!("{code:?}");
    assert_eq!(code(Signal::Terminate.into()), code(ExitCode::from(143)));
    assert_eq!(code(Signal::Interrupt.into()), code(ExitCode::from(130)));
    assert_eq!((Signal::Interrupt.name(), Signal::Interrupt.exit_code()), ("SIGINT", 130));
    let step = run.folder().checkpoints().latest_meta().unwrap().state.position.step;
    assert_eq!(step, trainer.state().position.step);
    assert_eq!(step, 5, "steps that were taken");
}
