//! Parts that do not fit together do not compile, and the compiler's message names them.

use std::process::Command;

/// What the compiler prints about an example that must not compile.
fn errors_of(example: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--release", "--offline", "--quiet", "-p", "drivetrain", "--features", "compile-errors"])
        .args(["--example", example, "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{example} compiles");
    errors
}

#[test]
fn labels_of_another_task_are_named() {
    let errors = errors_of("labels_of_another_task");
    for expected in
        ["error[E0277]", "`SequenceBatch<ClassIndex>` holds no labels of the type `MultiHot`", "MultiLabelCollate"]
    {
        assert!(errors.contains(expected), "no `{expected}` in:\n{errors}");
    }
}
