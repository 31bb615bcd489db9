use std::io;

use drivetrain::data::{DataError, LengthGroups, Silent, Split, SplitRatio, TokenBudget, Tokenizer};

use super::is_chinese;
use crate::chinese::describe;

#[test]
fn every_variant() {
    let path = || "data/own.jsonl".into();
    let problem = || "expected one class, found 3".to_owned();
    let source = io::Error::from(io::ErrorKind::StorageFull);
    for error in [
        DataError::Io { path: path(), source },
        DataError::EmptyFile { path: path() },
        DataError::BadLine { path: path(), line: 3, offset: 40, problem: problem() },
        DataError::AllLinesBad { path: path(), skipped: 9, line: 3, problem: problem() },
        DataError::FileChanged { path: path(), problem: "expected 5 bytes, found fewer".into() },
        DataError::Sample { sample: "data/own.jsonl line 3 (byte 40)".into(), problem: problem() },
        DataError::TokenizerFile { path: path(), problem: problem() },
    ] {
        let told = describe(&error);
        assert!(is_chinese(&told) && told.contains("data/own.jsonl"), "{told}");
        assert!(!told.contains("expected"), "{told}");
    }
    for error in [
        DataError::InBatch { position: 3, problem: problem() },
        DataError::OutOfRange { index: 3, len: 2 },
        DataError::Config(
            "micro-batches are to have a number of tokens, but the collate function does not tell the lengths of samples; \
             implement `Collate::length`, or cut batches by number only"
                .into(),
        ),
        DataError::Config("the batch size must be at least 1, found 0".into()),
        DataError::Tokenizer("its decoder cannot cope with these ids".into()),
        DataError::Stopped,
        DataError::Panicked { batch: 3, message: "index out of bounds of it all".into() },
    ] {
        assert!(is_chinese(&describe(&error)), "{}", describe(&error));
    }
}

#[test]
fn settings_that_cannot_work() {
    let ratio = |train, validation, test| SplitRatio { train, validation, test };
    let found = [
        Split::by_seed(9, ratio(2.0, 0.0, 0.0), 0).err(),
        Split::by_seed(9, ratio(0.5, 0.1, 0.1), 0).err(),
        LengthGroups::new(&[1, 2], 0, 0, false).err(),
        TokenBudget::new(&[5, 9], 4, 0).err(),
        Tokenizer::train(std::iter::empty(), 5, &Silent).err(),
        Tokenizer::from_bytes("t.json".as_ref(), b"{}").err(),
        Tokenizer::from_bytes("t.json".as_ref(), b"{").err(),
    ];
    for error in found {
        let error = error.expect("an error");
        let told = describe(&error);
        assert!(is_chinese(&told), "{error} → {told}");
    }
}
