//! A user's program, whose model has batch norms with running statistics, is killed again and again at random moments
//! and restarted each time. In the end, every file of its run is the same as in a run that was never killed.
//!
//! The program is the example `own_model_run`, which `cargo test` builds. `TORTURE_KILLS` sets the number of kills,
//! `TORTURE_SEED` the random moments.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use drivetrain::random::Random;

/// Longer than the program takes on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// When the process is killed.
#[derive(Clone, Copy, Debug)]
enum Kill {
    /// After this time.
    After(Duration),
    /// As soon as there is a file or folder whose name starts with this prefix. Such names exist only during a write.
    During(&'static str),
    Never,
}

fn start(run: &Path, threads: usize) -> Child {
    let folder = std::env::current_exe().unwrap();
    let program = folder.ancestors().nth(2).unwrap().join("examples/own_model_run");
    let mut command = Command::new(&program);
    command.arg(run).env("RAYON_NUM_THREADS", threads.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}; build the examples first", program.display()))
}

/// Whether the run contains a file or folder whose name starts with `sign`, and which exists only during a write.
fn is_amid(run: &Path, sign: &str) -> bool {
    let folders = [run.to_path_buf(), run.join("checkpoints"), run.join("export")];
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| name.starts_with(sign))
}

/// Runs the program until it is killed or ends.
fn go(run: &Path, kill: Kill, threads: usize) -> ExitStatus {
    let (mut child, started) = (start(run, threads), Instant::now());
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(started.elapsed() < PATIENCE, "the program neither ends nor gets anywhere");
        match kill {
            Kill::After(wait) if started.elapsed() >= wait => child.kill().unwrap(),
            Kill::During(sign) if is_amid(run, sign) => child.kill().unwrap(),
            _ => std::thread::yield_now(),
        }
    }
}

/// Every file of the run, except those that depend on times or processes.
fn files(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![run.to_path_buf()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(run).unwrap().to_path_buf();
            match name.to_str().unwrap() {
                ".lock" | "timings.jsonl" | "report.html" | "tensorboard" => {}
                _ if path.is_dir() => open.push(path),
                _ => drop(found.insert(name, std::fs::read(&path).unwrap())),
            }
        }
    }
    found
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[test]
fn a_program_killed_at_random_moments_ends_as_one_never_killed() {
    let folder = tempfile::tempdir().unwrap();
    let reference = folder.path().join("reference");
    let started = Instant::now();
    assert!(go(&reference, Kill::Never, 2).success());
    let (whole, expected) = (started.elapsed(), files(&reference));
    for name in ["export/config.json", "export/model.safetensors", "metrics.jsonl", "run.json", "test.json"] {
        assert!(expected.contains_key(Path::new(name)), "{name} is missing from {:?}", expected.keys());
    }
    let (kills, seed) = (setting("TORTURE_KILLS", 40), setting("TORTURE_SEED", 1));
    let mut draw = Random::new(seed, "kills").draws();
    let (mut killed, mut runs, mut amid) = (0, 0, 0);
    while killed < kills {
        runs += 1;
        let run = folder.path().join(format!("run-{runs}"));
        loop {
            let kill = match draw.below(3) {
                0 => Kill::During([".step-", ".model.safetensors."][draw.below(2)]),
                _ => Kill::After(whole.mul_f64(draw.unit())),
            };
            let status = go(&run, kill, 1 + draw.below(3));
            if status.signal() != Some(9) {
                assert!(status.success(), "{kill:?}: {status}");
                break;
            }
            killed += 1;
            amid += u64::from(matches!(kill, Kill::During(_)));
        }
        let found = files(&run);
        assert!(found.keys().eq(expected.keys()), "run {runs}: {:?}, expected {:?}", found.keys(), expected.keys());
        for (name, bytes) in &expected {
            assert!(found[name] == *bytes, "run {runs}: {} differs", name.display());
        }
    }
    println!("{killed} kills in {runs} runs, {amid} of them while something was written, seed {seed}");
}
