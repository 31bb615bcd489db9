//! Training runs with a host that prints nothing, as in a program without a terminal.

use std::cell::RefCell;

use drivetrain::data::{Progress, Silent, Stop};
use drivetrain::report::RunPage;
use drivetrain::train::Observer;
use tabular_sense::Error;
use tabular_sense::error::RunError;
use tabular_sense::model::{Classifier, choose};
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
        // Nearly every sample is longer than the maximum length of so small a model.
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

#[test]
fn a_run_starts_from_an_exported_model_and_is_then_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.toml");
    std::fs::write(&config, CONFIG).expect("a file");
    let host = Quiet::default();
    let first = TrainOptions { config: Some(config.clone()), ..TrainOptions::new(folder.path().join("first")) };
    let Outcome::Finished(first) = train(&first, &host).expect("a model") else { panic!("it is finished") };

    // The configuration has another size and another seed; the sizes are nevertheless those of the initial model.
    let other = CONFIG.replace("d_model = 8", "d_model = 16").replace("epochs = 2", "epochs = 2\nseed = 9");
    std::fs::write(&config, other).expect("a file");
    let tuned = TrainOptions {
        config: Some(config),
        init: Some(first.model.clone()),
        stop_after: Some(1),
        ..TrainOptions::new(folder.path().join("tuned"))
    };
    assert!(matches!(train(&tuned, &host).expect("an epoch"), Outcome::Unfinished { .. }));
    let notices = host.notices.take();
    assert!(
        matches!(&notices[..], [Notice::StartsFrom { is_head_new: false, tensors, .. }] if *tensors > 10),
        "{notices:?}"
    );
    let read = |path: &std::path::Path| std::fs::read(path).expect("a file");
    assert_eq!(read(&tuned.run.join("tokenizer.json")), read(&first.model.join("tokenizer.json")));
    let own = std::fs::read_to_string(tuned.run.join("config.toml")).expect("the configuration");
    assert!(own.starts_with("init = ") && own.contains("d_model = 8"), "{own}");

    // The run resumes without the folder of the initial model, and without the option `init`.
    std::fs::rename(&first.model, folder.path().join("gone")).expect("moved");
    let again = TrainOptions::new(&tuned.run);
    let Outcome::Finished(_) = train(&again, &host).expect("the rest") else { panic!("it is finished") };
    assert!(host.notices.borrow().is_empty(), "{:?}", host.notices);

    // An existing run cannot be given another initial model.
    let other = TrainOptions { init: Some(folder.path().join("gone")), ..again };
    let refused = train(&other, &host).expect_err("another start");
    assert!(matches!(refused, Error::Changes(_)) && refused.to_string().contains("init"), "{refused}");
}

#[test]
fn a_folder_that_cannot_be_the_start_is_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = folder.path().join("init");
    std::fs::create_dir(&init).expect("a folder");
    let options = TrainOptions { init: Some(init.clone()), ..TrainOptions::new(folder.path().join("run")) };
    let refused = || {
        let error = train(&options, &Quiet::default()).expect_err("refused");
        assert!(error.is_user_error() && !options.run.join("checkpoints").exists(), "{error}");
        error.to_string().replace(&format!("{}/", init.display()), "")
    };
    let write = |name: &str, text: &str| std::fs::write(init.join(name), text).expect("a file");
    assert!(refused().starts_with("training cannot start from config.json: it cannot be read: "), "{}", refused());
    write("config.json", r#"{"model_type": "bert", "hidden_size": 128}"#);
    assert!(refused().contains("`position_embedding_type` is not set (learned positions)"), "{}", refused());
    write(
        "config.json",
        r#"{"vocab_size": 9, "d_model": 4, "n_heads": 3, "n_layers": 1, "d_feed_forward": 8, "max_len": 5}"#,
    );
    assert!(refused().contains("`n_heads` is 3"), "{}", refused());
    write(
        "config.json",
        r#"{"vocab_size": 9, "d_model": 4, "n_heads": 2, "n_layers": 1, "d_feed_forward": 8, "max_len": 5}"#,
    );
    assert!(
        refused().starts_with("training cannot start from model.safetensors: it cannot be read: "),
        "{}",
        refused()
    );
    std::fs::remove_file(init.join("config.json")).expect("removed");
    write("config.toml", "");
    assert!(refused().ends_with("not a model"), "{}", refused());
}

/// Columns with two custom labels and a built-in one; with `is_single`, each column has exactly one label.
fn own_samples(is_single: bool) -> String {
    let line = |i: usize| {
        let (name, value, labels) = match i % 3 {
            0 => ("发票号码", format!("0{}", 4_512_378 + 7 * i), r#"["发票号码"]"#),
            1 => ("sku", format!("TS-{i}-M"), r#"["sku"]"#),
            _ if is_single => ("n", i.to_string(), r#"["int"]"#),
            _ => ("n", i.to_string(), r#"["int", "sku"]"#),
        };
        format!("{{\"name\": \"{name}\", \"values\": [\"{value}\", \"{value}\"], \"labels\": {labels}}}\n")
    };
    (0..240).map(line).collect()
}

#[test]
fn any_labels_are_trained_resumed_and_predicted() {
    for is_single in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let (config, samples) = (folder.path().join("config.toml"), folder.path().join("own.jsonl"));
        std::fs::write(&config, CONFIG.replace("epochs = 2", "epochs = 8")).expect("a file");
        std::fs::write(&samples, own_samples(is_single)).expect("a file");
        let options = TrainOptions {
            config: Some(config),
            samples: Some(samples),
            is_single_label: is_single,
            ..TrainOptions::new(folder.path().join("run"))
        };
        let host = Quiet::default();
        let stopped = TrainOptions { stop_after: Some(1), ..options.clone() };
        assert!(matches!(train(&stopped, &host).expect("an epoch"), Outcome::Unfinished { .. }));
        // The samples, the labels and the task are taken from the run.
        let again = TrainOptions::new(folder.path().join("run"));
        let Outcome::Finished(finished) = train(&again, &host).expect("the rest") else { panic!("it is finished") };
        let Tested::On(report) = &finished.tested else { panic!("it is tested") };
        let names: Vec<&str> = report.types.iter().map(|of| of.r#type.as_str()).collect();
        assert_eq!(names, ["int", "发票号码", "sku"]);
        assert!(report.f1 > 0.9, "{report:?}");

        let model = Classifier::load(&finished.model).expect("the model");
        assert_eq!((model.labels().len(), model.labels().is_single()), (3, is_single));
        let values = ["TS-9-M".to_owned(), "TS-12-M".to_owned()];
        let answer = model.answers(&[("sku", &values)], &model.predict).remove(0);
        let given = choose(&answer.probabilities, Some(&answer.thresholds), None);
        assert_eq!(given.first().map(|(label, _)| model.labels().name(*label)), Some("sku"));
        if is_single {
            assert_eq!(given.len(), 1);
            assert!((answer.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{answer:?}");
        }
    }
}

#[test]
fn samples_of_several_labels_are_refused_where_each_has_exactly_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, samples) = (folder.path().join("config.toml"), folder.path().join("own.jsonl"));
    std::fs::write(&config, CONFIG).expect("a file");
    std::fs::write(&samples, own_samples(false)).expect("a file");
    let options = TrainOptions {
        config: Some(config),
        samples: Some(samples),
        is_single_label: true,
        ..TrainOptions::new(folder.path().join("run"))
    };
    let refused = train(&options, &Quiet::default()).expect_err("two labels").to_string();
    assert!(refused.contains("line 3") && refused.contains("2 labels, expected exactly one"), "{refused}");
}
