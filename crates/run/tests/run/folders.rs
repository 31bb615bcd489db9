//! Who may open a run's folder.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use super::*;
use drivetrain_run::{Resume, Run, RunError, RunFolder, RunNotice, RunOptions};

const FOLDER: &str = "FOLDER_OF_THE_TEST";

#[test]
fn one_opener_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let held = Run::open(folder.path().join("run"), RunOptions::new("test")).unwrap();
    assert!(held.folder().is_in_use());
    let refused = error(folder.path(), How::default());
    let holder = format!("is in use by process {} (", std::process::id());
    assert!(matches!(refused, RunError::InUse { .. }) && refused.to_string().contains(&holder), "{refused}");
    assert!(refused.hint().unwrap().starts_with("wait for it to end"));
    drop(held);
    assert!(!RunFolder::new(folder.path().join("run")).is_in_use());
    train(folder.path(), How::default()).unwrap();
}

#[test]
fn another_process_that_holds_the_run_is_named_until_it_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "folders::holds_the_run_until_it_is_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("held")), "the other process holds the run");
    let refused = error(folder.path(), How::default()).to_string();
    assert!(refused.contains(&format!("is in use by process {} (", child.id())), "{refused}");
    child.kill().unwrap();
    child.wait().unwrap();
    train(folder.path(), How::default()).unwrap();
}

#[test]
#[ignore = "the other process of the test above"]
fn holds_the_run_until_it_is_killed() {
    let folder = std::path::PathBuf::from(std::env::var_os(FOLDER).expect("the folder"));
    let _held = Run::open(folder.join("run"), RunOptions::new("test")).unwrap();
    println!("held");
    // Waits until the process that started this one kills it, or ends itself.
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn a_run_of_another_program_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let other = || How { options: RunOptions::new("other"), ..How::default() };
    // Both before the first checkpoint of the run and after it.
    for end in [End::CrashAt(0), End::StopAfter(3)] {
        let _ = train(folder.path(), How::ending(end));
        let refused = error(folder.path(), other());
        assert!(matches!(refused, RunError::OtherProgram { .. }), "{refused}");
        assert!(refused.to_string().ends_with("holds a run of test, not of other"), "{refused}");
    }
    // Checkpoints of a run that does not name its program.
    let (state, run) = (tempfile::tempdir().unwrap(), folder.path().join("run"));
    std::fs::create_dir_all(state.path().join("run")).unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../train/tests/fixtures/checkpoint-format-2/checkpoints");
    copy(fixture.as_ref(), &state.path().join("run/checkpoints"));
    let refused = error(state.path(), How::default()).to_string();
    assert!(refused.ends_with("holds a run of another program, not of test"), "{refused}");
    // A damaged `run.json` does not matter: the checkpoint contains the same information.
    std::fs::write(run.join("run.json"), "{").unwrap();
    train(folder.path(), How::default()).unwrap();
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { assert!(std::fs::copy(entry.path(), to).is_ok()) }
    }
}

#[test]
fn a_run_that_must_or_must_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let with = |resume| How { options: RunOptions { resume, ..RunOptions::new("test") }, ..How::default() };
    let missing = error(folder.path(), with(Resume::Always));
    assert!(matches!(missing, RunError::NotARun { .. }) && missing.to_string().ends_with("it holds no run.json"));
    assert!(!folder.path().join("run").exists(), "nothing was created");
    let _ = train(folder.path(), How::ending(End::CrashAt(0)));
    let left = train(folder.path(), with(Resume::Always)).unwrap();
    assert!(matches!(left.notices[..], [RunNotice::NoCheckpoint { .. }]), "{:?}", left.notices);
    assert!(matches!(error(folder.path(), with(Resume::Never)), RunError::HoldsRun { .. }));
}

#[test]
fn a_folder_that_cannot_be_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("run"), "a file").unwrap();
    let refused = error(folder.path(), How::default()).to_string();
    assert!(refused.starts_with("cannot create the run folder") && refused.ends_with("run"), "{refused}");
}
