//! A training run with a host that prints nothing: what a program without a terminal gets.

use std::cell::RefCell;

use drivetrain::data::{Progress, Silent, Stop};
use drivetrain::report::RunPage;
use drivetrain::train::Observer;
use tabular_sense::Error;
use tabular_sense::error::RunError;
use tabular_sense::run::RunFolder;
use tabular_sense::train::{Host, Notice, Outcome, Resume, Tested, TrainOptions, train};

const CONFIG: &str = r#"
[samples]
per_type = 10
[tokenizer]
vocab_size = 400
texts = 200
[data]
max_len = 48
batch_size = 16
[model]
preset = "micro"
d_model = 8
d_feed_forward = 16
[trainer]
epochs = 2
[trainer.optimizer]
learning_rate = 1e-2
"#;

#[derive(Default)]
struct Quiet {
    stop: Stop,
    notices: RefCell<Vec<Notice>>,
}

impl Host for Quiet {
    fn progress(&self) -> &dyn Progress {
        &Silent
    }

    fn stop(&self) -> &Stop {
        &self.stop
    }

    fn notice(&self, notice: Notice) {
        // Nearly every sample is longer than what so small a model reads.
        if !matches!(notice, Notice::Truncated { .. }) {
            self.notices.borrow_mut().push(notice);
        }
    }

    fn observers(&self, _run: &RunFolder) -> tabular_sense::Result<Vec<Box<dyn Observer>>> {
        Ok(Vec::new())
    }

    fn page(&self, page: RunPage) -> String {
        format!("{} validations", page.history.validations.len())
    }
}

#[test]
fn a_run_is_stopped_resumed_and_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.toml");
    std::fs::write(&config, CONFIG).expect("a file");
    let options = TrainOptions { config: Some(config), ..TrainOptions::new(folder.path().join("run")) };
    let host = Quiet::default();

    let stopped = TrainOptions { stop_after: Some(1), ..options.clone() };
    assert!(matches!(train(&stopped, &host).expect("an epoch"), Outcome::Unfinished { .. }));
    let Outcome::Finished(first) = train(&options, &host).expect("the rest") else { panic!("it is finished") };
    let Tested::On(report) = &first.tested else { panic!("it is tested") };
    assert!(report.samples > 0 && first.model.join("model.safetensors").is_file());
    assert_eq!(std::fs::read_to_string(&first.report).expect("the page"), "2 validations");
    assert!(host.notices.borrow().is_empty(), "{:?}", host.notices);

    let Outcome::Finished(again) = train(&options, &host).expect("nothing to do") else { panic!("it is finished") };
    assert!(matches!(host.notices.borrow()[..], [Notice::Complete { epochs: 2, early_stop: None, .. }]));
    assert_eq!(format!("{:?}", again.tested), format!("{:?}", first.tested));

    let never = TrainOptions { resume: Resume::Never, ..options };
    let refused = train(&never, &host).expect_err("there is a run");
    assert!(matches!(refused, Error::Run(RunError::HoldsRun { .. })) && refused.is_user_error(), "{refused}");
}

#[test]
fn a_stop_that_was_requested_ends_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.toml");
    std::fs::write(&config, CONFIG).expect("a file");
    let options = TrainOptions { config: Some(config), ..TrainOptions::new(folder.path().join("run")) };
    let host = Quiet::default();
    host.stop.request();
    assert!(train(&options, &host).expect_err("stopped").is_stopped());
}
