//! Dependencies between crates go one way: each crate depends only on the crates that are listed here for it.

use std::collections::BTreeSet;
use std::process::Command;

const ALLOWED: [(&str, &[&str]); 16] = [
    ("drivetrain-random", &[]),
    ("drivetrain-data", &["drivetrain-random"]),
    ("drivetrain-kernels", &["drivetrain-random"]),
    ("drivetrain-nn", &["drivetrain-kernels", "drivetrain-random"]),
    ("drivetrain-train", &["drivetrain-data", "drivetrain-kernels", "drivetrain-nn", "drivetrain-random"]),
    ("drivetrain-terminal", &["drivetrain-data", "drivetrain-train"]),
    ("drivetrain-report", &["drivetrain-terminal", "drivetrain-train"]),
    ("drivetrain-run", &["drivetrain-data", "drivetrain-nn", "drivetrain-report", "drivetrain-train"]),
    (
        "drivetrain",
        &[
            "drivetrain-data",
            "drivetrain-nn",
            "drivetrain-random",
            "drivetrain-report",
            "drivetrain-run",
            "drivetrain-terminal",
            "drivetrain-train",
        ],
    ),
    ("tabular-sense-tables", &["drivetrain-random"]),
    ("tabular-sense-synth", &["drivetrain-random", "tabular-sense-tables"]),
    ("tabular-sense-rules", &["tabular-sense-synth", "tabular-sense-tables"]),
    ("tabular-sense", &["drivetrain", "tabular-sense-rules", "tabular-sense-synth", "tabular-sense-tables"]),
    (
        "tabular-sense-cli",
        &["drivetrain", "tabular-sense", "tabular-sense-rules", "tabular-sense-synth", "tabular-sense-tables"],
    ),
    (
        "tabular-sense-python",
        &["drivetrain", "tabular-sense", "tabular-sense-rules", "tabular-sense-synth", "tabular-sense-tables"],
    ),
    ("drivetrain-benches", &["drivetrain", "drivetrain-kernels", "tabular-sense", "tabular-sense-synth"]),
];

#[test]
fn imports_go_one_way() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(names, ALLOWED.iter().map(|(name, _)| *name).collect(), "a crate is missing from this test");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let (_, allowed) = ALLOWED.iter().find(|(known, _)| *known == name).unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            assert!(!names.contains(to) || allowed.contains(&to), "{name} must not import {to}");
        }
    }
}
