//! `train`, and the commands that show its results.

use serde_json::Value;

use super::{Desk, tiny};

impl Desk {
    pub(super) fn train(&self, more: &[&str]) -> super::Outcome {
        let config = tiny();
        let config = config.to_str().expect("UTF-8");
        self.run(&[&["train", "--config", config], more].concat())
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The weights file of the newest checkpoint.
    fn weights(&self, run: &str) -> Vec<u8> {
        let latest = self.read(&format!("{run}/checkpoints/latest"));
        let name = latest.split_whitespace().next().expect("a name");
        std::fs::read(self.path(&format!("{run}/checkpoints/{name}/model.safetensors"))).expect("weights")
    }
}

#[test]
fn train_makes_everything_and_then_repeats_nothing() {
    let desk = Desk::new();
    let first = desk.train(&["--run", "mine"]).ok();
    assert!(first.stdout.contains("test split"), "{first}");
    assert!(first.stdout.contains("model: mine/export"), "{first}");
    for file in ["config.toml", "samples.jsonl", "tokenizer.json", "metrics.jsonl", "train.log", "test.json"] {
        assert!(desk.path("mine").join(file).is_file(), "{file} is missing");
    }
    for file in ["config.json", "model.safetensors", "tokenizer.json"] {
        assert!(desk.path("mine/export").join(file).is_file(), "export/{file} is missing");
    }

    let modified = |name: &str| std::fs::metadata(desk.path(name)).and_then(|m| m.modified()).expect("a file");
    let kept = ["mine/samples.jsonl", "mine/samples.jsonl.idx", "mine/tokenizer.json", "mine/metrics.jsonl"];
    let before = kept.map(modified);
    let second = desk.train(&["--run", "mine"]).ok();
    assert_eq!(second.stdout, first.stdout);
    assert!(second.stderr.contains("mine is trained: 3 epochs"), "{second}");
    assert_eq!(kept.map(modified), before);
}

#[test]
fn a_run_stopped_after_an_epoch_ends_with_the_same_weights_and_figures() {
    let desk = Desk::new();
    desk.train(&["--run", "whole"]).ok();
    let stopped = desk.train(&["--run", "parts", "--stop-after", "1"]).ok();
    assert!(stopped.stderr.contains("tabular-sense train --run parts --resume"), "{stopped}");
    assert!(!desk.path("parts/export").exists());
    desk.run(&["train", "--run", "parts", "--resume"]).ok();
    assert!(desk.weights("whole") == desk.weights("parts"), "the weights differ");
    assert_eq!(desk.json("whole/test.json"), desk.json("parts/test.json"));
}

#[test]
fn evaluate_repeats_what_train_found() {
    let desk = Desk::new();
    let trained = desk.train(&["--run", "mine"]).ok();
    let evaluated = desk.run(&["evaluate", "--run", "mine", "--split", "test"]).ok();
    let headline = trained.stdout.lines().next().expect("a line");
    assert!(evaluated.stdout.contains(headline), "{trained}\n{evaluated}");
    for code in ["bank_card", "useragent", "shopping"] {
        assert!(evaluated.stdout.contains(code), "{evaluated}");
    }
    let json = desk.run(&["evaluate", "--run", "mine", "--split", "validation", "--json"]).ok();
    assert!(serde_json::from_str::<Value>(&json.stdout).is_ok(), "{json}");
    let run = desk.run(&["inspect", "mine"]).ok();
    assert!(run.stdout.contains("epoch"), "{run}");
}

#[test]
fn own_samples_in_both_forms() {
    let desk = Desk::new();
    let mut lines = String::new();
    for i in 0..60 {
        lines += &format!("{{\"name\": \"nl{i}\", \"values\": [\"{}\"], \"labels\": [\"age\"]}}\n", 18 + i);
        lines += &format!("phone|tel{i}|1381234{:04}<sep>1391234{:04}\n", i, i + 1);
    }
    desk.write("own.jsonl", &lines);
    let plain = desk.train(&["--samples", "own.jsonl", "--run", "plain"]).ok();
    assert!(!plain.stderr.contains("skipped"), "{plain}");

    desk.write("damaged.jsonl", lines.replacen("{\"name\": \"nl7\"", "nl7", 1));
    let refused = desk.train(&["--samples", "damaged.jsonl", "--run", "strict"]);
    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(refused.stderr.contains("damaged.jsonl") && refused.stderr.contains("line 15"), "{refused}");
    let skipped = desk.train(&["--samples", "damaged.jsonl", "--run", "lenient", "--on-bad-line", "skip"]).ok();
    assert_eq!(skipped.stderr.matches("1 line is no sample and was skipped").count(), 1, "{skipped}");
    assert!(skipped.stderr.contains("line 15"), "{skipped}");
}

#[test]
fn generate_gives_every_type_and_the_same_bytes_for_the_same_seed() {
    let desk = Desk::new();
    let generate = |seed: &str, file: &str| {
        desk.run(&["generate", "--per-type", "20", "--seed", seed, "-o", file]).ok();
        desk.read(file)
    };
    let first = generate("7", "a.jsonl");
    assert_eq!(first, generate("7", "b.jsonl"));
    assert_ne!(first, generate("8", "c.jsonl"));
    assert_eq!(first, desk.run(&["generate", "--per-type", "20", "--seed", "7"]).ok().stdout);
    let samples: Vec<Value> = first.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for label in tabular_sense_synth::types::SemanticType::ALL {
        let count = samples
            .iter()
            .filter(|s| s["labels"].as_array().is_some_and(|all| all.iter().any(|l| l == label.code())))
            .count();
        // Some values fit many types. If the column's name is meaningless, such a column is not labelled with its type.
        assert!(count >= 12, "{}: {count}", label.code());
    }
    assert!(samples.iter().any(|sample| sample["labels"] == serde_json::json!([])), "no column without a type");
    let report = desk.run(&["inspect", "a.jsonl"]).ok();
    assert!(report.stdout.contains("bank_card"), "{report}");
}

#[test]
fn the_four_strategies_and_a_fresh_start_from_trained_weights() {
    let desk = Desk::new();
    for strategy in ["without-optimization", "without-regularization", "weights-only"] {
        desk.train(&["--run", strategy, "--stop-after", "1"]).ok();
        let resumed = desk.run(&["train", "--run", strategy, "--resume", "--strategy", strategy]).ok();
        assert!(resumed.stdout.contains("test split"), "{resumed}");
    }
    let again = desk.run(&["train", "--run", "weights-only", "--resume", "--reset-state"]).ok();
    assert!(again.stderr.contains("epoch 1/3") || again.stderr.contains("epoch  1/3"), "{again}");
}

#[test]
fn a_run_goes_on_with_the_samples_it_began_with() {
    let desk = Desk::new();
    let own: String = (0..80).map(|i| format!("age|nl|{}\nphone|tel|1381234{:04}\n", i % 80, i)).collect();
    desk.write("own.jsonl", &own);
    desk.train(&["--samples", "own.jsonl", "--run", "run", "--stop-after", "1"]).ok();
    desk.write("own.jsonl", own.replace("tel", "fax"));
    let refused = desk.run(&["train", "--run", "run", "--resume"]);
    insta::assert_snapshot!(refused);
    desk.write("own.jsonl", &own);
    desk.run(&["train", "--run", "run", "--resume"]).ok();

    // If the samples of a run were generated, they can be generated again, and are the same.
    desk.train(&["--run", "made", "--stop-after", "1"]).ok();
    let samples = desk.read("made/samples.jsonl");
    for file in ["samples.jsonl", "tokenizer.json"] {
        std::fs::remove_file(desk.path("made").join(file)).expect("the file");
    }
    desk.run(&["train", "--run", "made", "--resume"]).ok();
    assert!(samples == desk.read("made/samples.jsonl"));
}

#[test]
fn a_reader_who_stops_early_is_no_failure() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tabular-sense"))
        .args(["generate", "--per-type", "2000"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
