//! Checkpoints of earlier versions of the program, which later versions must still read.

use std::path::PathBuf;

use super::*;

/// A run of three epochs, stopped after the first, in checkpoint format 2.
fn format_2() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checkpoint-format-2")
}

#[test]
fn a_checkpoint_of_format_2_is_read_and_resumed() {
    let copy = tempfile::tempdir().unwrap();
    let from = format_2().join("checkpoints");
    for folder in ["", "step-00000013"] {
        std::fs::create_dir_all(copy.path().join("checkpoints").join(folder)).unwrap();
        for entry in std::fs::read_dir(from.join(folder)).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let to = copy.path().join("checkpoints").join(folder).join(entry.file_name());
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
    let loaded = store(copy.path()).load_latest().unwrap();
    assert!(loaded.damaged.is_empty(), "{:?}", loaded.damaged);
    let state = &loaded.checkpoint.meta.state;
    assert_eq!((state.position.epoch, state.position.step, state.history.len()), (1, 13, 1));
    assert_eq!(loaded.checkpoint.meta.optimizer_step, 13);
    assert_eq!(store(copy.path()).load_best().unwrap().checkpoint, loaded.checkpoint);
    train(copy.path(), config(3, 0), How::default(), Idle).unwrap();
    let state = store(copy.path()).load_latest().unwrap().checkpoint.meta.state;
    assert_eq!((state.position.step, state.history.len()), (39, 3));
}

#[test]
#[ignore = "writes the fixture; run by hand when the format changes, into a folder of the new format"]
fn write_the_fixture() {
    std::fs::create_dir_all(format_2()).unwrap();
    train(&format_2(), config(3, 0), How { stop_after: Some(1), ..How::default() }, Idle).unwrap();
    std::fs::remove_file(format_2().join("metrics.jsonl")).unwrap();
    std::fs::remove_dir_all(format_2().join("tensorboard")).unwrap();
}
