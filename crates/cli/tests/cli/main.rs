//! Tests of the program as users run it: whole commands, each test in a folder of its own.

mod addresses;
mod chinese;
mod custom_types;
mod formats;
mod mistakes;
mod reliability;
mod reports;
mod runs;
mod tables;
mod training;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// The folder of one test, in which its commands run.
struct Desk(TempDir);

/// The exit code and the output of a command.
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs the program in this folder.
    fn run(&self, args: &[&str]) -> Outcome {
        self.run_with_input(args, "")
    }

    fn run_with_input(&self, args: &[&str], input: &str) -> Outcome {
        let output = Command::cargo_bin("tabular-sense")
            .expect("the program")
            .args(args)
            .current_dir(self.0.path())
            .env("LC_ALL", "C.UTF-8")
            .write_stdin(input)
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| {
            let here = self.0.path().to_string_lossy().into_owned();
            String::from_utf8(bytes).expect("UTF-8").replace(&here, "[DESK]")
        };
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Every file below this folder, by its path relative to the folder.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                if entry.path().is_dir() {
                    open.push(entry.path());
                } else {
                    let path = entry.path();
                    found.push(path.strip_prefix(self.0.path()).expect("below").display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

impl Outcome {
    /// Checks that the command has succeeded, and returns the outcome.
    fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit code {code}")?,
            None => writeln!(f, "killed")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

/// The configuration of a run that is as small as possible.
fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tiny.toml")
}

/// The folder of the built-in model.
fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tabular-sense/models/base")
}

/// The folder of real tables, which is outside the repository. Tests that need it are ignored by default.
fn real_columns() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real-columns");
    assert!(folder.is_dir(), "there are no real tables in {}", folder.display());
    folder
}
