//! Changes since a run was saved, the lock of a run, signals, and failures of the machine, such as a full disk.

use super::{Desk, Outcome, tiny};

impl Desk {
    /// Starts a run of three epochs, and stops it after the first.
    fn begun(&self) {
        self.train(&["--run", "run", "--stop-after", "1"]).ok();
    }

    /// Continues the run with a changed configuration.
    fn go_on_with(&self, from: &str, to: &str, more: &[&str]) -> Outcome {
        let changed = self.read("run/config.toml").replacen(from, to, 1);
        assert_ne!(changed, self.read("run/config.toml"), "{from}");
        self.write("changed.toml", changed);
        self.run(&[&["train", "--config", "changed.toml", "--run", "run"], more].concat())
    }

    /// The folder of the newest checkpoint.
    fn newest(&self) -> String {
        let latest = self.read("run/checkpoints/latest");
        format!("run/checkpoints/{}", latest.split_whitespace().next().expect("a name"))
    }
}

#[test]
fn harmless_changes_are_shown_and_go_on() {
    let desk = Desk::new();
    desk.begun();
    for (from, to, shown) in [
        ("epochs = 3", "epochs = 2", "trainer.epochs: 3 → 2"),
        ("workers = 1", "workers = 2", "data.workers: 1 → 2"),
        ("every = 20", "every = 5", "log.every: 20 → 5"),
    ] {
        let outcome = desk.go_on_with(from, to, &["--stop-after", "0"]).ok();
        assert!(outcome.stderr.contains(&format!("changed since the run was saved: {shown}")), "{outcome}");
        // From now on, the new value is part of the run's configuration.
        assert!(desk.read("run/config.toml").contains(to));
    }
}

#[test]
fn other_changes_must_be_named() {
    let desk = Desk::new();
    desk.begun();
    let refused = desk.go_on_with("learning_rate = 0.01", "learning_rate = 0.02", &[]);
    insta::assert_snapshot!("change_refused", refused);
    let allowed = desk.go_on_with("learning_rate = 0.01", "learning_rate = 0.02", &["--allow-change", "learning_rate"]);
    let allowed = allowed.ok();
    assert!(allowed.stderr.contains("trainer.optimizer.learning_rate: 0.01 → 0.02"), "{allowed}");
    let metrics = desk.read("run/metrics.jsonl");
    assert!(metrics.contains("\"learning_rate\":0.01") && metrics.contains("\"learning_rate\":0.02"), "{metrics}");
}

#[test]
fn other_samples_must_be_named_and_keep_their_tokenizer() {
    let desk = Desk::new();
    let own: String = (0..80).map(|i| format!("age|nl|{}\nphone|tel|1381234{:04}\n", i % 80, i)).collect();
    desk.write("own.jsonl", &own);
    desk.train(&["--samples", "own.jsonl", "--run", "run", "--stop-after", "1"]).ok();
    let tokenizer = desk.read("run/tokenizer.json");
    desk.write("own.jsonl", own.replace("tel", "fax"));
    let refused = desk.run(&["train", "--run", "run"]);
    assert!(refused.stderr.contains("samples_content") && !refused.stderr.contains("tokenizer_content"), "{refused}");
    let allowed = desk.run(&["train", "--run", "run", "--allow-change", "samples_content"]).ok();
    assert!(allowed.stderr.contains("samples_content"), "{allowed}");
    assert_eq!(desk.read("run/tokenizer.json"), tokenizer);
    desk.run(&["evaluate", "--run", "run"]).ok();
}

#[test]
fn resume_may_be_demanded_or_forbidden() {
    let desk = Desk::new();
    let config = tiny();
    let config = config.to_str().expect("UTF-8");
    desk.run(&["train", "--config", config, "--run", "run", "--resume=never", "--stop-after", "1"]).ok();
    insta::assert_snapshot!("resume_never", desk.run(&["train", "--run", "run", "--resume=never"]));
    desk.run(&["train", "--run", "run", "--resume=always", "--stop-after", "1"]).ok();
    desk.run(&["train", "--run", "run", "--resume=auto"]).ok();
}

#[test]
fn a_damaged_checkpoint_is_named_and_with_strict_refused() {
    let desk = Desk::new();
    desk.train(&["--run", "run"]).ok();
    let newest = desk.newest();
    let good = std::fs::read(desk.path(&format!("{newest}/model.safetensors"))).expect("weights");
    desk.write(&format!("{newest}/model.safetensors"), &good[1..]);
    let strict = desk.run(&["train", "--run", "run", "--strict"]);
    assert_eq!(strict.code, Some(2), "{strict}");
    assert!(strict.stderr.contains("model.safetensors is damaged") && strict.stderr.contains("hint: "), "{strict}");
    let lenient = desk.run(&["train", "--run", "run"]).ok();
    assert!(lenient.stderr.contains("warning: ") && lenient.stderr.contains("resuming from"), "{lenient}");
    // The resumed run ends with the same weights as before the damage.
    assert!(good == std::fs::read(desk.path(&format!("{newest}/model.safetensors"))).expect("weights"));
}

#[test]
fn numbers_gone_wrong_end_the_run_or_are_skipped() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(tiny()).expect("the configuration").replace("1e-2", "1e38\nclip_norm = 0.0");
    desk.write("wild.toml", text);
    let stopped = desk.run(&["train", "--config", "wild.toml", "--run", "run"]);
    assert_eq!(stopped.code, Some(2), "{stopped}");
    assert!(stopped.stderr.contains("samples.jsonl line "), "{stopped}");
    assert!(
        stopped.stderr.contains("lower the learning rate") && stopped.stderr.contains("run/incidents"),
        "{stopped}"
    );
    let incidents = std::fs::read_dir(desk.path("run/incidents")).expect("incidents");
    let mut names: Vec<String> = incidents.flatten().map(|e| e.file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    let [told, samples] = &names[..] else { panic!("{names:?}") };
    assert!(told.ends_with(".json") && samples.ends_with(".samples"), "{names:?}");
    // The samples of the batch are in a sample file, so the batch can be inspected and trained on.
    let inspected = desk.run(&["inspect", &format!("run/incidents/{samples}")]).ok();
    assert!(inspected.stdout.contains("16"), "{inspected}");

    let skipping = desk.run(&["train", "--run", "run", "--on-nonfinite", "skip"]);
    assert!(skipping.stderr.contains("the batch is skipped"), "{skipping}");
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    use super::*;

    /// Starts a long training run and sends it `signals` as soon as it reports epoch 2. Returns its exit code and stderr.
    fn stopped_by(desk: &Desk, signals: &[&str]) -> (Option<i32>, String) {
        let text = std::fs::read_to_string(tiny()).expect("the configuration").replace("epochs = 3", "epochs = 1000");
        desk.write("long.toml", text);
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("tabular-sense"))
            .args(["train", "--config", "long.toml", "--run", "run"])
            .current_dir(desk.path(""))
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let mut said = String::new();
        for line in lines.by_ref().map_while(Result::ok) {
            said += &format!("{line}\n");
            if line.starts_with("epoch 2/") {
                break;
            }
        }
        for signal in signals {
            let sent = Command::new("kill").args([*signal, &child.id().to_string()]).status();
            assert!(sent.expect("kill").success());
        }
        said.extend(lines.map_while(Result::ok).map(|line| format!("{line}\n")));
        (child.wait().expect("the program").code(), said)
    }

    #[test]
    fn a_signal_stops_the_run_saves_it_and_says_how_to_go_on() {
        for (signal, name, code) in [("-INT", "SIGINT", 130), ("-TERM", "SIGTERM", 143)] {
            let desk = Desk::new();
            let (found, said) = stopped_by(&desk, &[signal]);
            assert_eq!(found, Some(code), "{said}");
            let last = said.lines().last().unwrap_or_default();
            let command = "`tabular-sense train --config long.toml --run run` resumes where it stopped";
            assert_eq!(last, format!("stopped by {name}; {command}"));
            assert!(desk.newest().contains("step-"));
            let again = desk.run(&["train", "--config", "long.toml", "--run", "run", "--stop-after", "1"]).ok();
            assert!(again.stderr.contains("training resumes at epoch"), "{again}");
        }
    }

    #[test]
    fn two_signals_end_the_run_at_once_and_lose_nothing_saved() {
        let desk = Desk::new();
        let (found, said) = stopped_by(&desk, &["-TERM", "-TERM"]);
        assert_eq!(found, Some(143), "{said}");
        let again = desk.run(&["train", "--config", "long.toml", "--run", "run", "--stop-after", "1"]).ok();
        assert!(again.stderr.contains("training resumes at epoch"), "{again}");
        assert!(!again.stderr.contains("warning"), "{again}");
    }

    #[test]
    fn the_holder_of_a_run_is_named_and_a_dead_one_holds_nothing() {
        let desk = Desk::new();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("tabular-sense"))
            .args(["train", "--run", "run"])
            .current_dir(desk.path(""))
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        while !std::fs::read_to_string(desk.path("run/.lock")).is_ok_and(|text| text.ends_with('\n')) {
            std::thread::yield_now();
        }
        let refused = desk.train(&["--run", "run"]);
        child.kill().expect("the process");
        child.wait().expect("the process");
        assert_eq!(refused.code, Some(2), "{refused}");
        let holder = format!("in use by process {} (tabular-sense train --run run)", child.id());
        assert!(refused.stderr.contains(&holder), "{refused}");
        desk.train(&["--run", "run"]).ok();
    }

    #[test]
    fn a_folder_without_rights_is_named_and_left_as_it_is() {
        let desk = Desk::new();
        desk.begun();
        let folder = desk.path("run/checkpoints");
        let allow = |mode| std::fs::set_permissions(&folder, PermissionsExt::from_mode(mode)).expect("rights");
        allow(0o555);
        if std::fs::write(folder.join("probe"), "").is_ok() {
            std::fs::remove_file(folder.join("probe")).expect("the probe");
            allow(0o755);
            eprintln!("skipped: this user may write everywhere");
            return;
        }
        let before = desk.files();
        let refused = desk.run(&["train", "--run", "run"]);
        allow(0o755);
        assert!(refused.stderr.contains("checkpoints") && refused.stderr.contains("ermission"), "{refused}");
        assert!(before.iter().all(|name| desk.files().contains(name)));
        desk.run(&["train", "--run", "run"]).ok();
    }

    #[test]
    fn a_full_disk_is_named_and_costs_no_earlier_checkpoint() {
        let whole = Desk::new();
        whole.train(&["--run", "run"]).ok();
        let desk = Desk::new();
        desk.begun();
        let program = assert_cmd::cargo::cargo_bin!("tabular-sense");
        // No file may grow beyond this number of 1,024-byte blocks, as if the disk were full at that point.
        for blocks in [0, 1, 2, 4, 8, 16, 24, 32] {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' train --run run", program.display());
            let output = Command::new("bash").args(["-c", &script]).current_dir(desk.path("")).output().expect("bash");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{blocks} blocks: {said}");
            assert!(said.contains("error: ") && said.contains("File too large"), "{blocks} blocks: {said}");
            let inspected = desk.run(&["inspect", "run"]).ok();
            assert!(!inspected.stdout.contains("damaged"), "{inspected}");
        }
        desk.run(&["train", "--run", "run"]).ok();
        let newest = desk.newest();
        assert_eq!(newest, whole.newest());
        let weights = |desk: &Desk| std::fs::read(desk.path(&format!("{newest}/model.safetensors"))).expect("weights");
        assert!(weights(&desk) == weights(&whole));
        assert_eq!(desk.read("run/metrics.jsonl"), whole.read("run/metrics.jsonl"));
    }
}
