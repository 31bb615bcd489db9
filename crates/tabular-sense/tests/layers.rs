//! The library prints nothing and has no code for the user's language: only the command-line program prints messages.

use std::path::{Path, PathBuf};

const FORBIDDEN: [&str; 7] = ["drivetrain::terminal", " tr!(", "(tr!(", "println!(", "eprint!(", " lang()", "clap"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn the_library_knows_neither_terminal_nor_language() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 30);
    for path in found {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
