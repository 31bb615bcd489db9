//! The list of files that have been answered, which `--resume` reads and extends.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{Fingerprint, read_bounded};
use drivetrain::tr;
use serde::{Deserialize, Serialize};
use tabular_sense::model::fingerprint;
use tabular_sense_rules::RuleTypes;

use super::args::Args;
use crate::commands::reading::Reading;
use crate::error::UserError;
use crate::terminal;

/// The largest list that is read.
const MAX_BYTES: u64 = 1 << 30;

/// A file that has been answered. The list is in JSON Lines; if several lines concern the same file, the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scan {
    file: PathBuf,
    /// The hash of the file's content or, for an object, of its version as reported by the object store.
    content: String,
    /// The hash of everything else that the answer depends on: the program, the model and the flags.
    settings: String,
    /// Whether the list held it already.
    #[serde(skip)]
    pub(super) is_known: bool,
}

/// The files that have been answered earlier, by path.
pub(super) struct Scans {
    known: HashMap<PathBuf, Scan>,
    settings: String,
}

/// The list, to which files are added.
pub(super) struct List(File);

impl List {
    /// Adds a file that was answered.
    pub(super) fn add(&mut self, scan: &Scan) -> Result<()> {
        let line = serde_json::to_string(scan)? + "\n";
        Ok(self.0.write_all(line.as_bytes())?)
    }
}

impl Scans {
    /// Reads the list at `path`, or creates it. This is called before the model is opened: if the model's files are replaced in
    /// between, the next scan processes the files of this one again.
    pub(super) fn open(path: &Path, args: &Args, rule_types: Option<&RuleTypes>) -> Result<(Self, List)> {
        let settings = settings(args, rule_types)?;
        let shown = path.display().to_string();
        let problem = |error: io::Error| {
            let error = error.to_string();
            UserError::new(tr!(
                terminal::lang(),
                "cannot open the list {shown}: {error}",
                "无法打开列表 {shown}：{error}"
            ))
        };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(problem)?;
        let text = String::from_utf8_lossy(&read_bounded(path, MAX_BYTES).map_err(problem)?).into_owned();
        let mut known = HashMap::new();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            match serde_json::from_str::<Scan>(line) {
                Ok(scan) => drop(known.insert(scan.file.clone(), scan)),
                // The last one may have been cut off when the program was stopped.
                Err(_) if at + 1 == lines.len() && !text.ends_with('\n') && line.starts_with("{\"file\"") => {}
                Err(_) => return Err(not_a_list(path, at + 1).into()),
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(problem)?;
        }
        Ok((Self { known, settings }, List(file)))
    }

    /// The entry for a file or an object. A file is read to compute it.
    pub(super) fn check(&self, path: &Path, reading: &Reading) -> Option<Scan> {
        let (file, content) = reading.content(path)?;
        let mut scan = Scan { file, content: content.to_string(), settings: self.settings.clone(), is_known: false };
        scan.is_known = self.known.get(&scan.file) == Some(&scan);
        Some(scan)
    }
}

fn not_a_list(path: &Path, line: usize) -> UserError {
    let (lang, path) = (terminal::lang(), path.display());
    UserError::new(tr!(
        lang,
        "{path}, line {line}: expected an entry of a list that --resume wrote",
        "{path} 第 {line} 行：应为 --resume 写下的条目"
    ))
    .hint(tr!(lang, "name the list of an earlier scan, or a new file", "请指定以前的列表，或新的文件名"))
}

/// The hash of what the answers depend on, apart from the files.
fn settings(args: &Args, rule_types: Option<&RuleTypes>) -> Result<String> {
    let mut text = format!("{} {:?} {:?}", env!("CARGO_PKG_VERSION"), args.reading, args.format());
    let flags = (args.explain, args.threshold, args.top_k, args.draws, args.no_values, args.personal);
    text += &format!("{flags:?} {:?} {:?}", args.shown(), args.model);
    text += &fingerprint(args.model.as_deref())?.to_string();
    for file in rule_types.map_or(&[][..], RuleTypes::files) {
        text += &Fingerprint::of_file(file)?.to_string();
    }
    Ok(Fingerprint::of_bytes(text.as_bytes()).to_string())
}
