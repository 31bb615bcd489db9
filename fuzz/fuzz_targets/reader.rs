//! Feeds the reader that `READER` names. One program for all of them: what takes long is to build it.
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
            // The tokenizers crate panics on some files. Our reader catches that, and then it is no finding; a panic that
            // comes as far as here still is.
            std::panic::set_hook(Box::new(|_| {}));
        }
        let found = readers::READERS.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("READER must name a reader; there is no `{name}`")).1
    });
    read(bytes);
});
