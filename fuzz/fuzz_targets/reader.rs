//! Passes the fuzzer's input to the reader that the environment variable `READER` names. There is one program for all readers,
//! because building it takes long.
#![no_main]

#[path = "../readers.rs"]
#[allow(dead_code)]
mod readers;

use std::sync::OnceLock;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static READ: OnceLock<fn(&[u8])> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let name = std::env::var("READER").unwrap_or_default();
        if name == "tokenizer" {
            // The `tokenizers` crate panics on some files. Our reader catches these panics, so they are not failures, but the
            // panic hook of `libfuzzer-sys` would report them. A panic that the reader does not catch is still a failure.
            std::panic::set_hook(Box::new(|_| {}));
        }
        let found = readers::READERS.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("READER must name a reader; there is no `{name}`")).1
    });
    read(bytes);
});
