//! The files to read: those that were given, and those in the given folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::tr;
use tabular_sense_tables::{Wildcard, has_table_extension};

use super::Args;
use crate::error::UserError;
use crate::terminal;

/// The files that are read.
#[derive(Default)]
pub(super) struct Found {
    /// In the order in which they were given; the files in a folder are sorted by name.
    pub(super) files: Vec<PathBuf>,
    /// Whether a folder was named.
    pub(super) has_folder: bool,
    /// How many files in folders were skipped because of their names.
    pub(super) others: usize,
    /// Subfolders that cannot be read.
    pub(super) unreadable: Vec<(PathBuf, io::Error)>,
}

/// Finds the files. In a folder, these are the files that match a pattern in `include` (or, if it is empty, have the extension
/// of a table format) and no pattern in `exclude`.
pub(super) fn find(args: &Args) -> Result<Found> {
    let mut found = Found::default();
    for path in &args.files {
        let before = (found.files.len(), found.others, found.unreadable.len());
        let mut walk = Walk { include: &args.include, exclude: &args.exclude, found: &mut found };
        if path.is_dir() {
            walk.folder(path, "");
        } else if let Some(objects) = args.reading.objects(path)? {
            walk.objects(objects);
        } else {
            found.files.push(path.clone());
            continue;
        }
        found.has_folder = true;
        if found.files.len() == before.0 && found.unreadable.len() == before.2 {
            return Err(nothing_in(path, found.others - before.1).into());
        }
    }
    Ok(found)
}

fn nothing_in(folder: &Path, others: usize) -> UserError {
    let (lang, folder) = (terminal::lang(), folder.display());
    UserError::new(tr!(
        lang,
        "no table is in the folder {folder}; it has {others} other files",
        "文件夹 {folder} 中没有表格，其他文件有 {others} 个"
    ))
    .hint(tr!(
        lang,
        "name a folder with tables, or say which files are tables: --include `*.dat`",
        "请指定有表格的文件夹，或用 --include `*.dat` 说明哪些文件是表格"
    ))
}

struct Walk<'a> {
    include: &'a [Wildcard],
    exclude: &'a [Wildcard],
    found: &'a mut Found,
}

impl Walk<'_> {
    /// Adds the files in a folder; `below` is its path relative to the given folder.
    fn folder(&mut self, folder: &Path, below: &str) {
        let read = || fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>();
        let mut entries = match read() {
            Ok(entries) => entries,
            Err(error) => return self.found.unreadable.push((folder.to_path_buf(), error)),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if name.starts_with('.') || self.exclude.iter().any(|pattern| pattern.matches(&inner)) {
                continue;
            }
            let path = entry.path();
            // Links to folders are not followed, because they may form a cycle.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.folder(&path, &inner);
            } else if path.is_file() {
                self.file(path, &inner);
            }
        }
    }

    /// Adds the objects in a folder, each given with its path relative to the folder.
    fn objects(&mut self, objects: Vec<(PathBuf, String)>) {
        for (path, below) in objects {
            // Every folder above the object, and the object itself.
            let mut parts = below.match_indices('/').map(|(at, _)| &below[..at]).chain([below.as_str()]);
            let is_left_out = |part: &str| {
                let name = part.rsplit('/').next().unwrap_or(part);
                name.starts_with('.') || self.exclude.iter().any(|pattern| pattern.matches(part))
            };
            if !parts.any(is_left_out) {
                self.file(path, &below);
            }
        }
    }

    fn file(&mut self, path: PathBuf, below: &str) {
        let is_taken = match self.include {
            [] => has_table_extension(&path),
            patterns => patterns.iter().any(|pattern| pattern.matches(below)),
        };
        if is_taken {
            self.found.files.push(path);
        } else {
            self.found.others += 1;
        }
    }
}
