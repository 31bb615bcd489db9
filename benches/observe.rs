//! The cost of observing a run: an epoch of the default run, without the training.
//!
//! The default run has 1,440 steps an epoch, which take twelve seconds on two cores: one percent is 120 ms.

use std::time::Duration;

use divan::{Bencher, black_box};
use drivetrain::data::BatchSize;
use drivetrain::prelude::{Device, Preset, SequenceClassifier};
use drivetrain::report::{DiagnosticsObserver, Language, RunPage, State, run_page};
use drivetrain::terminal::{Console, Lang, LogFile, Terminal};
use drivetrain::train::{
    ClassCounts, Event, GradientNorms, JsonLines, ModelView, Monitored, Observer, RunStart, StepEnd, StepTime,
    TensorBoard, Throughput, Timings, Validated, ValidationRecord,
};

const STEPS: u64 = 1440;
const EPOCHS: u64 = 6;

fn main() {
    divan::main();
}

fn start() -> RunStart {
    let config = tabular_sense::config::RunConfig::preset("default").expect("the default");
    RunStart {
        config: serde_json::to_value(config).expect("JSON"),
        parameters: 970_784,
        train_samples: 92_160,
        validation_samples: 11_520,
        batches: STEPS as usize,
        epochs: EPOCHS,
        learning_rate: 2e-3,
        dropout: 0.1,
        resumed_at: None,
        rescheduled: None,
        validated_at: 0,
        best: None,
        monitored: Monitored::default(),
        own_optimizer: None,
        device: "cpu".into(),
        instruction_set: "any",
        threads: 2,
    }
}

/// Any model will do, because no observer of `train` reads the weights after a step.
fn model() -> SequenceClassifier {
    let sizes = Preset::Micro.encoder(8, 8);
    SequenceClassifier::new(&sizes, 2, 1, &Device::flex().autodiff()).expect("a model")
}

/// Sends the events of an epoch to the observers.
fn epoch(epoch: u64, model: ModelView<'_>, observers: &mut [Box<dyn Observer>]) {
    let components = ["embedding", "encoder.layers.0", "encoder", "head"].map(|name| (name.to_owned(), 0.1)).to_vec();
    let norms = GradientNorms { total: 0.3, components };
    let mut emit = |event: &Event<'_>| {
        for observer in observers.iter_mut() {
            observer.on(event).expect("it is written");
        }
    };
    emit(&Event::EpochStart { epoch, epochs: EPOCHS, batches: STEPS as usize, first_batch: 0 });
    for batch in 0..STEPS {
        let step = epoch * STEPS + batch;
        emit(&Event::Step(&StepEnd {
            epoch,
            batch: batch as usize,
            batches: STEPS as usize,
            step,
            samples: 64,
            loss: 0.1 + 1.0 / (step + 1) as f64,
            learning_rate: 1e-3,
            dropout: 0.1,
            gradient_norms: &norms,
            size: Some(BatchSize { tokens: 4000, positions: 4100 }),
            time: StepTime::default(),
            model,
        }));
    }
    let record = ValidationRecord {
        epoch,
        step: (epoch + 1) * STEPS,
        train_loss: 0.1,
        validation_loss: 0.1,
        score: 0.98,
        metrics: vec![("f1".into(), 0.98), ("exact_match".into(), 0.97)],
        learning_rate: 1e-3,
        dropout: 0.1,
    };
    let throughput =
        Throughput { steps: STEPS, samples: 92_160, wall: Duration::from_secs(12), ..Throughput::default() };
    emit(&Event::Validated(&Validated {
        record: &record,
        previous: None,
        epochs: EPOCHS,
        classes: &[ClassCounts::default().metrics(); 32],
        monitored: &Monitored::default(),
        class_names: &[],
        early_stop: (0, 3),
        throughput,
        validation_time: Duration::from_millis(400),
    }));
    emit(&Event::Saving { step: record.step });
    emit(&Event::EpochEnd { epoch });
}

/// All observers of `train`, writing to the given folder.
fn observers(folder: &std::path::Path) -> Vec<Box<dyn Observer>> {
    let quiet = Terminal { is_quiet: true, ..Terminal::default() };
    let mut all: Vec<Box<dyn Observer>> = vec![
        Box::new(Console::new(quiet)),
        Box::new(LogFile::append(folder.join("train.log"), Lang::En).expect("a log")),
        Box::new(JsonLines::new(folder.join("metrics.jsonl"), 20)),
        Box::new(TensorBoard::new(folder.join("tensorboard"), 20)),
        Box::new(Timings::append(folder.join("timings.jsonl")).expect("a log")),
        Box::new(DiagnosticsObserver::new(folder, quiet)),
    ];
    for observer in &mut all {
        observer.on(&Event::RunStart(&start())).expect("it is written");
    }
    all
}

/// The work of all observers in the last epoch of the default run, including syncing their files before a save.
#[divan::bench]
fn an_epoch_of_the_default_run(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (model, mut all) = (model(), observers(folder.path()));
    (0..EPOCHS - 1).for_each(|done| epoch(done, ModelView::new(&model), &mut all));
    bencher.bench_local(|| epoch(EPOCHS - 1, ModelView::new(&model), &mut all));
}

/// The report at the end of the run.
#[divan::bench]
fn a_page(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (model, mut all) = (model(), observers(folder.path()));
    (0..EPOCHS).for_each(|done| epoch(done, ModelView::new(&model), &mut all));
    bencher.bench_local(|| {
        let page = RunPage { state: State::Completed, ..RunPage::read(folder.path()).expect("a run") };
        black_box(run_page(&page, Language::ENGLISH))
    });
}
