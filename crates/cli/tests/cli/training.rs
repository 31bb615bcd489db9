//! Training when something is wrong: empty parts of the split, non-finite numbers, unknown names of fields.

use serde_json::Value;

use super::{Desk, Outcome, tiny};

impl Desk {
    /// Trains with the tiny configuration, after replacing parts of it.
    fn train_changed(&self, changes: &[(&str, &str)], more: &[&str]) -> Outcome {
        let mut text = std::fs::read_to_string(tiny()).expect("the configuration");
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        self.write("my.toml", text);
        self.run(&[&["train", "--config", "my.toml", "--run", "run"], more].concat())
    }

    fn parsed(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Writes `n` samples of two types, or of one, to `own.jsonl`.
    fn samples(&self, n: usize, is_of_one: bool) {
        let line = |i: usize| match i.is_multiple_of(2) || is_of_one {
            true => format!("age|nl|{}\n", 18 + i % 70),
            false => format!("phone|tel|1381234{i:04}\n"),
        };
        self.write("own.jsonl", (0..n).map(line).collect::<String>());
    }
}

fn split(train: f64, validation: f64, test: f64) -> String {
    format!("batch_size = 16\nsplit = {{ train = {train:?}, validation = {validation:?}, test = {test:?} }}")
}

#[test]
fn without_a_test_part_a_run_trains_and_exports_and_says_so() {
    let desk = Desk::new();
    let no_test = split(0.9, 0.1, 0.0);
    let trained = desk.train_changed(&[("batch_size = 16", &no_test)], &[]).ok();
    assert!(
        trained.stdout.starts_with("not tested: `data.split` = { train = 0.9, validation = 0.1, test = 0 }"),
        "{trained}"
    );
    assert!(trained.stdout.contains("model: run/export") && !trained.stdout.contains("test split"), "{trained}");
    assert!(desk.path("run/export/model.safetensors").is_file() && !desk.path("run/test.json").exists());
    assert_eq!(desk.parsed("run/analysis.json")["split"], "validation");
    assert!(desk.read("run/report.html").contains("on the validation split"));
    // `train` again gives the same output, and the model can be used and evaluated.
    let again = desk.run(&["train", "--run", "run"]).ok();
    assert_eq!(again.stdout, trained.stdout);
    desk.write("t.csv", "nl\n27\n");
    desk.run(&["predict", "--model", "run/export", "t.csv"]).ok();
    let measured = desk.run(&["evaluate", "--run", "run", "--split", "test"]);
    assert!(measured.code == Some(2) && measured.stderr.contains("the test split has no samples"), "{measured}");
    desk.run(&["evaluate", "--run", "run", "--split", "validation"]).ok();
}

#[test]
fn so_does_one_of_too_few_samples_for_a_test() {
    let desk = Desk::new();
    desk.samples(3, false);
    let trained = desk.train(&["--samples", "own.jsonl", "--run", "run"]).ok();
    assert!(trained.stdout.contains("sets none of 3 samples aside for a test"), "{trained}");
    assert!(trained.stderr.contains("2 in 1 batch\n"), "{trained}");
}

#[test]
fn without_samples_to_validate_or_train_on_nothing_begins() {
    for (n, fractions, part) in [
        (40, (1.0, 0.0, 0.0), "validation"),
        (40, (0.5, 0.0, 0.5), "validation"),
        (40, (0.0, 0.5, 0.5), "training"),
        (2, (0.8, 0.1, 0.1), "validation"),
        (1, (0.8, 0.1, 0.1), "validation"),
    ] {
        let desk = Desk::new();
        desk.samples(n, false);
        let (train, validation, test) = fractions;
        let text = split(train, validation, test);
        let refused = desk.train_changed(&[("batch_size = 16", &text)], &["--samples", "own.jsonl"]);
        assert_eq!(refused.code, Some(2), "{refused}");
        assert!(refused.stderr.contains(&format!("no samples for {part}: with `data.split` = ")), "{refused}");
        assert!(
            !refused.stderr.contains("drop_last") && refused.stderr.contains("hint: give more samples"),
            "{refused}"
        );
        assert!(!refused.stderr.contains("training starts"), "{refused}");
    }
}

#[test]
fn a_model_that_diverged_before_its_validation_is_not_saved_and_the_hint_helps() {
    let desk = Desk::new();
    let wild = [("batch_size = 16", "batch_size = 100000"), ("1e-2", "1e30")];
    let stopped = desk.train_changed(&wild, &[]);
    assert_eq!(stopped.code, Some(2), "{stopped}");
    assert!(stopped.stderr.contains("the validation loss became NaN after step 1"), "{stopped}");
    assert!(!stopped.stderr.contains("best"), "{stopped}");
    assert!(
        stopped.stderr.contains("--allow-change learning_rate") && stopped.stderr.contains("run/incidents"),
        "{stopped}"
    );
    let inspected = desk.run(&["inspect", "run"]).ok();
    assert!(!inspected.stdout.contains("damaged"), "{inspected}");
    desk.run(&["runs", "."]).ok();
    let tame = [("batch_size = 16", "batch_size = 100000")];
    let trained = desk.train_changed(&tame, &["--allow-change", "learning_rate"]).ok();
    assert!(trained.stdout.contains("test split"), "{trained}");
}

#[test]
fn a_model_that_diverged_in_training_is_not_saved_and_the_hint_helps() {
    let desk = Desk::new();
    let stopped = desk.train_changed(&[("1e-2", "1e30")], &[]);
    assert_eq!(stopped.code, Some(2), "{stopped}");
    assert!(stopped.stderr.contains("at step 1 (") && stopped.stderr.contains("the model has diverged"), "{stopped}");
    assert!(stopped.stderr.contains("hint: lower the learning rate"), "{stopped}");
    assert!(!desk.files().iter().any(|file| file.contains("step-00000001/")), "{:?}", desk.files());
    let trained = desk.train_changed(&[], &["--allow-change", "learning_rate"]).ok();
    assert!(trained.stdout.contains("test split"), "{trained}");
}

#[test]
fn a_model_saved_right_after_it_diverged_is_named_and_without_it_the_run_starts_again() {
    let desk = Desk::new();
    let saved_often = "epochs = 3\n\n[trainer.checkpoint]\nsteps = 1";
    let stopped = desk.train_changed(&[("epochs = 3", saved_often), ("1e-2", "1e30")], &[]);
    assert!(stopped.stderr.contains("remove the folders of step 1 in run/checkpoints"), "{stopped}");
    std::fs::remove_dir_all(desk.path("run/checkpoints/step-00000001")).expect("the folder");
    desk.train_changed(&[("epochs = 3", saved_often)], &["--allow-change", "learning_rate"]).ok();
}

#[test]
fn with_skip_it_goes_on_and_can_be_resumed_inspected_and_read() {
    let desk = Desk::new();
    let wild = [("batch_size = 16", "batch_size = 100000"), ("1e-2", "1e30")];
    let skipped = desk.train_changed(&wild, &["--on-nonfinite", "skip"]);
    assert!(skipped.stderr.contains("this model cannot be the best"), "{skipped}");
    assert!(!skipped.stderr.contains('★'), "{skipped}");
    // There is nothing to test or export, and the program says so.
    assert!(skipped.code == Some(2) && skipped.stderr.contains("no validation had a finite loss"), "{skipped}");
    let inspected = desk.run(&["inspect", "run"]).ok();
    assert!(inspected.stdout.contains("NaN") && !inspected.stdout.contains("damaged"), "{inspected}");
    let latest = desk.read("run/checkpoints/latest");
    let state = format!("run/checkpoints/{}/state.json", latest.split_whitespace().next().expect("a name"));
    assert!(desk.parsed(&state)["state"]["best"].is_null());
    let more = [("batch_size = 16", "batch_size = 100000"), ("epochs = 3", "epochs = 4"), ("1e-2", "1e-3")];
    let resumed = desk.train_changed(&more, &["--allow-change", "learning_rate"]);
    assert!(resumed.stderr.contains("training resumes at epoch 4"), "{resumed}");
    assert!(
        resumed.stderr.contains("it has diverged already") && resumed.stderr.contains("another --run"),
        "{resumed}"
    );
}

#[test]
fn types_that_do_not_occur_do_not_lower_the_macro_f1() {
    let desk = Desk::new();
    desk.samples(400, false);
    let learnt = [("epochs = 3", "epochs = 12"), ("1e-2", "3e-2")];
    let trained = desk.train_changed(&learnt, &["--samples", "own.jsonl"]).ok();
    let test = desk.parsed("run/test.json");
    let figure = |name: &str| test[name].as_f64().expect("a figure");
    // Only two of the 32 types occur, and the mean of their F1 is close to the overall F1.
    assert!((figure("macro_f1") - figure("f1")).abs() < 0.1 && figure("f1") > 0.9, "{trained}");
    let table = desk.run(&["evaluate", "--run", "run"]).ok().stdout;
    let row = |code: &str| table.lines().find(|line| line.starts_with(code)).expect("a row").to_owned();
    assert!(row("bank_card").contains('–') && !row("age ").contains('–'), "{table}");
}

#[test]
fn one_type_only_is_pointed_out() {
    let desk = Desk::new();
    desk.samples(80, true);
    let trained = desk.train(&["--samples", "own.jsonl", "--run", "run"]).ok();
    assert!(trained.stderr.contains("Only one label occurs. The 64 training samples are all age."), "{trained}");
}

#[test]
fn a_field_that_no_run_has_cannot_be_allowed_to_change() {
    let desk = Desk::new();
    let allow = |name: &str| desk.train(&["--run", "run", "--allow-change", name]);
    insta::assert_snapshot!("allow_change_close", allow("batchsize"));
    let refused = allow("nonsense");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("`nonsense` cannot be allowed to change: a run has no such field"), "{refused}");
    assert!(refused.stderr.contains("data.batch_size") && refused.stderr.contains("samples_content"), "{refused}");
    assert!(desk.files().is_empty(), "{:?}", desk.files());
}

#[test]
fn settings_given_as_flags_are_answered_with_their_field() {
    let desk = Desk::new();
    insta::assert_snapshot!("flag_epochs", desk.run(&["train", "--epochs", "3"]));
    for (args, field) in [
        (&["--batch-size=32"][..], "data.batch_size"),
        (&["--lr", "1e-3"], "trainer.optimizer.learning_rate"),
        (&["--seed"], "trainer.seed"),
        (&["--patience", "-1"], "trainer.early_stop.patience"),
    ] {
        let refused = desk.run(&[&["train"], args].concat());
        assert_eq!(refused.code, Some(2), "{refused}");
        assert!(refused.stderr.contains(&format!("that is `{field}`")), "{refused}");
    }
    assert!(!desk.run(&["train", "--help"]).stdout.contains("--epochs"));
    assert!(desk.files().is_empty());
}

/// A configuration with which no score counts as an improvement, so that early stopping ends the run when its patience is used up.
const NO_PROGRESS: &str =
    "epochs = 6\n\n[trainer.early_stop]\npatience = 2\nmin_delta = 2.0\n\n[trainer.dropout]\nmax = 0.1";

#[test]
fn a_larger_patience_trains_on_as_the_hint_says() {
    let desk = Desk::new();
    let stopped = desk.train_changed(&[("epochs = 3", NO_PROGRESS)], &[]).ok();
    assert!(stopped.stderr.contains("early stop: 2 validations without improvement"), "{stopped}");
    let again = desk.run(&["train", "--run", "run"]).ok();
    assert!(again.stderr.contains("run is trained: 3 epochs"), "{again}");
    let hint = "raise that in run/config.toml and add --allow-change trainer.early_stop.patience";
    assert!(again.stderr.contains(hint), "{again}");
    let raised = desk.read("run/config.toml").replace("patience = 2", "patience = 4");
    desk.write("run/config.toml", raised);
    let trained = desk.run(&["train", "--run", "run", "--allow-change", "trainer.early_stop.patience"]).ok();
    assert!(
        trained.stderr.contains("training resumes at epoch 4") && trained.stderr.contains("epoch 5/6"),
        "{trained}"
    );
    let strategy = desk.run(&["train", "--run", "run", "--strategy", "without-regularization"]).ok();
    assert!(strategy.stderr.contains("training resumes at epoch 6"), "{strategy}");
}

#[test]
fn more_epochs_after_a_cosine_say_what_the_rate_will_be() {
    let desk = Desk::new();
    let cosine = "epochs = 2\n\n[trainer.learning_rate]\nkind = \"warmup_cosine\"\nwarmup_steps = 3\nfloor = 0.1";
    desk.train_changed(&[("epochs = 3", cosine)], &[]).ok();
    let longer = cosine.replace("epochs = 2", "epochs = 4");
    let trained = desk.train_changed(&[("epochs = 3", &longer)], &[]).ok();
    assert!(trained.stderr.contains("the learning-rate schedule now ends at step"), "{trained}");
    let rates: Vec<f64> = desk
        .read("run/metrics.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|line| line["kind"] == "validation")
        .map(|line| line["learning_rate"].as_f64().expect("a rate"))
        .collect();
    // At the end of the second epoch, the rate was at the floor of 1e-3. With four epochs, that is half-way through the schedule.
    assert!(rates.len() == 4 && rates[1] < 1.1e-3 && rates[2] > 2e-3 && rates[3] < 1.1e-3, "{rates:?}");
}

#[test]
fn a_run_that_was_killed_after_its_last_checkpoint_is_shown_as_ended() {
    let desk = Desk::new();
    desk.train(&["--run", "run"]).ok();
    let whole = desk.read("run/timings.jsonl");
    let hparams = || {
        let entries = std::fs::read_dir(desk.path("run/tensorboard")).expect("a folder").flatten();
        entries.map(|entry| entry.path()).find(|path| path.is_file()).expect("an event file")
    };
    let holds = |needle: &str| {
        let bytes = std::fs::read(hparams()).expect("an event file");
        bytes.windows(needle.len()).filter(|window| *window == needle.as_bytes()).count()
    };
    assert_eq!(holds("session_end_info"), 1);
    // What a kill leaves behind: what is written at the very end is missing.
    let (kept, _) = whole.trim_end().rsplit_once('\n').expect("lines");
    desk.write("run/timings.jsonl", format!("{kept}\n{{\"kind\": \"e"));
    let bytes = std::fs::read(hparams()).expect("an event file");
    let at = bytes.windows(16).position(|window| window == b"session_end_info").expect("an end");
    std::fs::write(hparams(), &bytes[..at - 30]).expect("a cut");
    let state = || desk.run(&["runs", ".", "--json"]).ok().stdout;
    assert!(holds("session_end_info") == 0 && state().contains("stopped"), "{}", state());
    for _ in 0..2 {
        desk.run(&["train", "--run", "run"]).ok();
        assert_eq!(holds("session_end_info"), 1);
        assert!(state().contains("completed"), "{}", state());
    }
}

#[test]
fn a_run_that_ends_in_an_error_is_not_shown_as_running() {
    let desk = Desk::new();
    let wild = [("1e-2", "1e38\nclip_norm = 0.0")];
    assert_eq!(desk.train_changed(&wild, &[]).code, Some(2));
    let entries = std::fs::read_dir(desk.path("run/tensorboard")).expect("a folder").flatten();
    let path = entries.map(|entry| entry.path()).find(|path| path.is_file()).expect("an event file");
    let bytes = std::fs::read(path).expect("an event file");
    assert!(bytes.windows(16).any(|window| window == b"session_end_info"));
}

#[test]
fn one_is_singular() {
    let desk = Desk::new();
    desk.samples(10, false);
    let text = [("epochs = 3", "epochs = 1"), ("max_len = 48", "max_len = 36")];
    let trained = desk.train_changed(&text, &["--samples", "own.jsonl"]).ok();
    let said = format!("{}{}", trained.stdout, trained.stderr);
    for plural in ["1 epochs", "1 steps", "1 batches", "1 samples", "1 threads", "1 tokens", "1 validations"] {
        let is_there =
            said.match_indices(plural).any(|(at, _)| !said[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.'));
        assert!(!is_there, "{plural}: {trained}");
    }
    assert!(
        said.contains("training ends after 1 epoch, 1 step") && said.contains("test split, 1 sample:"),
        "{trained}"
    );
}

#[test]
fn a_run_starts_from_the_model_of_another_or_says_why_not() {
    let desk = Desk::new();
    desk.samples(200, false);
    desk.train(&["--samples", "own.jsonl", "--run", "first"]).ok();
    let tuned = desk.train(&["--samples", "own.jsonl", "--init", "first/export", "--run", "tuned"]).ok();
    assert!(tuned.stderr.contains("starting from ") && tuned.stderr.contains(" tensors loaded\n"), "{tuned}");
    let resumed = desk.run(&["train", "--run", "tuned"]).ok();
    assert!(!resumed.stderr.contains("starting from"), "{resumed}");

    let refused = |folder: &str, lang: &str| {
        let outcome = desk.train(&["--init", folder, "--run", "third", "--lang", lang]);
        assert!(outcome.code == Some(2) && !desk.path("third/checkpoints").exists(), "{outcome}");
        outcome.stderr
    };
    for (lang, hint) in [("en", "name its exported model: "), ("zh", "请使用它导出的模型：")] {
        let told = refused("first", lang);
        assert!(told.contains(hint) && told.contains("first/export"), "{told}");
    }
    let told = refused("nowhere", "en");
    assert!(
        told.contains("training cannot start from ") && told.contains("nowhere/config.json: it cannot be read"),
        "{told}"
    );
    let told = refused("nowhere", "zh");
    assert!(told.contains("开始训练：无法读取：没有这个文件或文件夹"), "{told}");

    let encoder =
        r#"{"vocab_size": 400, "d_model": 16, "n_heads": 2, "n_layers": 2, "d_feed_forward": 32, "max_len": 48}"#;
    desk.write("deeper/config.json", encoder);
    for name in ["tokenizer.json", "model.safetensors"] {
        std::fs::copy(desk.path(&format!("first/export/{name}")), desk.path(&format!("deeper/{name}")))
            .expect("copied");
    }
    let told = refused("deeper", "en");
    assert!(told.contains("deeper/") && told.lines().count() <= 4, "{told}");
}
