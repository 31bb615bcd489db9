//! A training run is killed at random moments, over and over, and resumed each time. In the end, all its files are the same as
//! those of a run that was never interrupted.
//!
//! `TORTURE_KILLS` is the number of kills; the seed `TORTURE_SEED` determines when they happen. When a run (a *lap*) completes,
//! another one starts, until the number of kills is reached. `TORTURE_WITH`, a name in [`SETTINGS`], turns on features that
//! have a state of their own.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use drivetrain::random::{Draws, Random};
use drivetrain::train::{CheckpointStore, read_scalars};

/// Time limit of one process. A whole training run takes less time than this.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the training process of a lap is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kill {
    /// SIGKILL after a random time.
    AtRandom,
    /// SIGKILL as soon as the temporary file or folder of this kind of work is seen (a name in [`MOMENTS`]).
    During(&'static str),
    /// SIGINT or SIGTERM after a random time: the program has to stop by itself soon afterwards.
    Asked(i32),
}

/// Kinds of work, and a part of the name of the temporary file or folder that exists only during that work.
const MOMENTS: [(&str, &str); 5] = [
    ("generating", ".samples.jsonl."),
    ("indexing", ".samples.jsonl.idx."),
    ("tokenising", ".tokens."),
    ("saving", ".step-"),
    ("exporting", ".model.safetensors."),
];

/// Names of settings, and what they add to the configuration.
const SETTINGS: [(&str, &str); 7] = [
    ("nothing", "[trainer.optimizer]\nlearning_rate = 1e-2\n"),
    ("accumulation", "accumulate = 3\n[trainer.optimizer]\nlearning_rate = 1e-2\n"),
    ("ema", "[trainer.average]\nkind = \"ema\"\ndecay = 0.9\n[trainer.optimizer]\nlearning_rate = 1e-2\n"),
    ("one-cycle", "[trainer.learning_rate]\nkind = \"one_cycle\"\n[trainer.optimizer]\nlearning_rate = 1e-2\n"),
    ("sgd", "[trainer.optimizer]\nkind = \"sgd\"\nlearning_rate = 0.1\nmomentum = 0.9\n"),
    (
        "frozen",
        "[trainer.optimizer]\nlearning_rate = 1e-2\n[[trainer.optimizer.groups]]\nparams = [\"embedding.*\"]\nfrozen = true\n",
    ),
    (
        "all",
        "accumulate = 3\n\
         [trainer.average]\nkind = \"ema\"\ndecay = 0.9\n\
         [trainer.learning_rate]\nkind = \"one_cycle\"\n\
         [trainer.optimizer]\nkind = \"sgd\"\nlearning_rate = 0.1\nmomentum = 0.9\n\
         [[trainer.optimizer.groups]]\nparams = [\"embedding.*\"]\nfrozen = true\n",
    ),
];

struct Lap {
    folder: tempfile::TempDir,
    config: PathBuf,
}

impl Lap {
    fn new(settings: &str) -> Self {
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tiny.toml");
        let folder = tempfile::tempdir().expect("a folder");
        // Checkpoints are saved often, so that there is one to resume from, and as few of them as possible are kept.
        let text = std::fs::read_to_string(tiny).expect("the configuration");
        let text = text.replace("[trainer]", "[trainer.checkpoint]\nsteps = 7\nkeep_last = 1\n\n[trainer]");
        let text = text.replace("per_type = 40", "per_type = 60").replace("epochs = 3", "epochs = 8");
        let (text, _) = text.split_once("[trainer.optimizer]").expect("the last section");
        let text = text.to_owned() + settings;
        let config = folder.path().join("torture.toml");
        std::fs::write(&config, text).expect("the configuration");
        Self { folder, config }
    }

    fn run(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    fn start(&self, threads: usize) -> Child {
        Command::new(assert_cmd::cargo::cargo_bin!("tabular-sense"))
            .env("RAYON_NUM_THREADS", threads.to_string())
            .args(["train", "--run", "run", "--config"])
            .arg(&self.config)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// The names of all files and folders in the run's folder, in `checkpoints` and in `export`.
    fn names(&self) -> Vec<String> {
        let folders = [self.run(), self.run().join("checkpoints"), self.run().join("export")];
        let entries = folders.into_iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// Whether this kind of work is in progress, or was when the process was killed.
    fn is_amid(&self, moment: &str) -> bool {
        let (_, sign) = MOMENTS.iter().find(|(name, _)| *name == moment).expect("a moment");
        self.names().iter().any(|name| {
            let is_index = name.contains(".idx.");
            let is_tokens = name.contains(".tokens.");
            let fits = name.starts_with('.') && name.ends_with(".tmp") && name.contains(sign);
            fits && (moment != "generating" || !(is_index || is_tokens))
        })
    }

    /// Runs the training until it is interrupted or ends. Returns whether it was interrupted, and the exit status.
    fn go(&self, kill: Kill, wait: Duration, threads: usize) -> (bool, ExitStatus) {
        let mut child = self.start(threads);
        let started = Instant::now();
        let mut asked_at = None;
        let status = loop {
            if let Some(status) = child.try_wait().expect("the process") {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "the training neither ends nor gets anywhere");
            match kill {
                Kill::AtRandom if started.elapsed() >= wait => child.kill().expect("the process"),
                Kill::During(moment) if self.is_amid(moment) => child.kill().expect("the process"),
                Kill::Asked(signal) if asked_at.is_none() && started.elapsed() >= wait => {
                    send(&child, signal);
                    asked_at = Some(Instant::now());
                }
                // Give the process time to run, but check again soon, so that short-lived files are seen.
                _ => std::thread::yield_now(),
            }
        };
        let killed = match kill {
            Kill::Asked(signal) => status.code() == Some(128 + signal) || status.signal() == Some(signal),
            _ => status.signal() == Some(9),
        };
        if let (Kill::Asked(_), Some(asked_at)) = (kill, asked_at)
            && killed
        {
            assert!(asked_at.elapsed() < Duration::from_secs(2), "it took {:?} to stop", asked_at.elapsed());
        }
        if !killed {
            let mut said = String::new();
            std::io::Read::read_to_string(&mut child.stderr.take().expect("stderr"), &mut said).expect("UTF-8");
            assert!(status.success(), "{kill:?}: {status}\n{said}");
        }
        (killed, status)
    }

    /// Every file of the run, except those that contain times or process ids, or that depend on the folder.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open = vec![self.run()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                let name = path.strip_prefix(self.run()).expect("below").display().to_string();
                match name.as_str() {
                    "train.log" | "timings.jsonl" | "report.html" | ".lock" => {}
                    // The hyperparameters, with the time of the run.
                    _ if name.starts_with("tensorboard/events.out") => {}
                    // It contains the path of the samples, which differs from lap to lap.
                    "prepared.json" => {}
                    "tensorboard/train" | "tensorboard/validation" | "tensorboard/patience" => {
                        found.insert(name.clone(), scalars(&path));
                    }
                    _ if path.is_dir() => open.push(path),
                    _ => {
                        found.insert(name, std::fs::read(&path).expect("a file"));
                    }
                }
            }
        }
        found
    }
}

/// The scalars that TensorBoard shows for a folder, except the speed.
fn scalars(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let all = read_scalars(&std::fs::read(&files[0]).expect("a file")).expect("event files");
    let lines = all.iter().filter(|(_, tag, _)| !tag.starts_with("speed/")).map(|scalar| format!("{scalar:?}\n"));
    lines.collect::<String>().into_bytes()
}

fn send(child: &Child, signal: i32) {
    let status = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
    assert!(status.expect("kill").success());
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn draw_kill(draw: &mut Draws, whole: Duration) -> (Kill, Duration) {
    let wait = whole.mul_f64(draw.unit());
    match draw.below(10) {
        0..4 => (Kill::AtRandom, wait),
        4..8 => (Kill::During(MOMENTS[draw.below(MOMENTS.len())].0), wait),
        8 => (Kill::Asked(2), wait),
        _ => (Kill::Asked(15), wait),
    }
}

#[test]
fn a_training_killed_at_random_moments_ends_as_one_never_interrupted() {
    let with = std::env::var("TORTURE_WITH").unwrap_or_else(|_| "nothing".to_owned());
    kill_over_and_over(&with, setting("TORTURE_KILLS", 40));
}

#[test]
fn with_everything_that_keeps_a_state_it_ends_the_same() {
    kill_over_and_over("all", setting("TORTURE_KILLS", 20));
}

fn kill_over_and_over(with: &str, kills: u64) {
    let (_, settings) = SETTINGS.iter().find(|(name, _)| *name == with).expect("TORTURE_WITH is a name of SETTINGS");
    let seed = setting("TORTURE_SEED", 1);
    let reference = Lap::new(settings);
    let started = Instant::now();
    assert_eq!(reference.go(Kill::AtRandom, PATIENCE, 2).1.code(), Some(0));
    let whole = started.elapsed();
    let expected = reference.files();
    assert!(expected.keys().any(|name| name.starts_with("export/")), "{:?}", expected.keys());

    let mut draw = Random::new(seed, "torture").draws();
    let (mut killed, mut laps) = (0, 0);
    let (mut by_kind, mut amid) = (BTreeMap::<String, u64>::new(), BTreeMap::<&str, u64>::new());
    while killed < kills {
        let lap = Lap::new(settings);
        loop {
            let (kill, wait) = draw_kill(&mut draw, whole);
            let (was_killed, status) = lap.go(kill, wait, 1 + draw.below(3));
            if !was_killed {
                assert_eq!(status.code(), Some(0));
                break;
            }
            killed += 1;
            *by_kind.entry(format!("{kill:?}")).or_default() += 1;
            for (moment, _) in MOMENTS.iter().filter(|(moment, _)| lap.is_amid(moment)) {
                *amid.entry(moment).or_default() += 1;
            }
        }
        laps += 1;
        let found = lap.files();
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "lap {laps}");
        for (name, bytes) in &expected {
            assert!(found[name] == *bytes, "lap {laps}: {name} differs");
        }
    }
    let loaded = CheckpointStore::new(reference.run().join("checkpoints")).load_latest().expect("a checkpoint");
    assert!(loaded.damaged.is_empty());
    println!("with {with}: {killed} kills in {laps} trainings, seed {seed}: {by_kind:?}; amid {amid:?}");
}
