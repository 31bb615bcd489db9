//! The `tokenizer.json` that this crate writes.

use serde_json::{Value, json};

use crate::tokenizer::{SEP, SPECIAL_TOKENS, SPLIT_PATTERN};

/// The whole document, with this vocabulary and these merges.
pub(crate) fn document(vocab: Value, merges: Value) -> Value {
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        // Only the separator is found in text. `[PAD]` in a table's cell is a word like any other.
        "added_tokens": [{
            "id": SEP, "content": SPECIAL_TOKENS[SEP as usize], "special": true,
            "single_word": false, "lstrip": false, "rstrip": false, "normalized": false
        }],
        "normalizer": null,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                { "type": "Split", "pattern": { "Regex": SPLIT_PATTERN }, "behavior": "Isolated", "invert": false },
                byte_level()
            ]
        },
        "post_processor": null,
        "decoder": byte_level(),
        "model": {
            "type": "BPE",
            "dropout": null,
            "unk_token": null,
            "continuing_subword_prefix": null,
            "end_of_word_suffix": null,
            "fuse_unk": false,
            "byte_fallback": false,
            "ignore_merges": false,
            "vocab": vocab,
            "merges": merges
        }
    })
}

fn byte_level() -> Value {
    json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false })
}

/// The character that stands for each byte in a vocabulary, as in GPT-2: printable characters of Latin-1 stand for
/// themselves; the other bytes are mapped to characters from U+0100 on.
pub(crate) fn byte_alphabet() -> [char; 256] {
    let mut others = '\u{100}'..;
    std::array::from_fn(|byte| match byte as u8 {
        byte @ (b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF) => char::from(byte),
        _ => others.next().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;

    use super::*;

    #[test]
    fn the_alphabet_is_the_one_of_the_tokenizers_library() {
        let mut ours = byte_alphabet().to_vec();
        let mut theirs: Vec<char> = ByteLevel::alphabet().into_iter().collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
    }
}
