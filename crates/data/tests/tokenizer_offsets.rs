//! The position of each token in the text: compared with the `tokenizers` crate, and as properties that hold for any
//! text and any tokenizer.

use std::fs;
use std::ops::Range;
use std::sync::LazyLock;

use drivetrain_data::*;
use proptest::prelude::*;

const PARTS: [&str; 24] = [
    "userName",
    "HTTP",
    "2024",
    "年龄",
    "出生日期",
    "北京",
    "𠮷",
    "e\u{301}",
    "É",
    "ﬁ",
    "①",
    "ß",
    "İ",
    "हिन्दी",
    "한국어",
    "👨\u{200D}👩",
    " ",
    "  ",
    "\t",
    "\n",
    "<sep>",
    "<",
    "---",
    "\u{200B}",
];

/// Changes to a saved tokenizer. The `tokenizers` crate runs the changed tokenizers, some of which normalise or drop
/// text.
const CHANGES: [&[(&str, &str)]; 7] = [
    &[],
    &[(r#""normalizer": null"#, r#""normalizer": {"type": "Lowercase"}"#)],
    &[(r#""normalizer": null"#, r#""normalizer": {"type": "NFKC"}"#)],
    &[(r#""normalizer": null"#, r#""normalizer": {"type": "NFD"}"#)],
    &[(r#""pretokenizers": ["#, r#""pretokenizers": [{"type": "WhitespaceSplit"},"#)],
    &[(r#""add_prefix_space": false"#, r#""add_prefix_space": true"#)],
    &[(
        r#""post_processor": null"#,
        r#""post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}"#,
    )],
];

struct Pair {
    tokenizer: Tokenizer,
    reference: tokenizers::Tokenizer,
}

/// The tokenizer that is trained here, and its changed forms.
static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let texts = (0..2000).map(|i| Ok([i % 24, i * 7 % 23, i * 11 % 19].map(|part| PARTS[part]).concat()));
    let ours = Tokenizer::train(texts, 600, &Silent).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    ours.save(&path).unwrap();
    let saved = fs::read_to_string(&path).unwrap();
    let changed = |changes: &&[(&str, &str)]| {
        let changed = changes.iter().fold(saved.clone(), |json, (from, to)| {
            assert!(json.contains(from), "{from}");
            json.replace(from, to)
        });
        fs::write(&path, changed).unwrap();
        Pair { tokenizer: Tokenizer::load(&path).unwrap(), reference: tokenizers::Tokenizer::from_file(&path).unwrap() }
    };
    CHANGES.iter().map(changed).collect()
});

fn any_text() -> impl Strategy<Value = String> {
    let mixed = prop::collection::vec(
        prop_oneof![
            1 => any::<char>().prop_map(String::from),
            3 => prop::sample::select(&PARTS[..]).prop_map(str::to_owned),
        ],
        0..16,
    );
    prop_oneof![1 => any::<String>(), 4 => mixed.prop_map(|parts| parts.concat())]
}

fn in_order(offsets: &[Range<usize>]) -> bool {
    offsets.windows(2).all(|pair| pair[0].start <= pair[1].start && pair[0].end <= pair[1].end)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_trained_tokenizer_covers_the_text_in_order_as_the_tokenizers_crate_does(text in any_text()) {
        let Pair { tokenizer, reference } = &PAIRS[0];
        let OffsetEncoding { ids, offsets } = tokenizer.encode_with_offsets(&text);
        prop_assert_eq!(&ids, &tokenizer.encode(&text));
        prop_assert_eq!(ids.len(), offsets.len());
        let expected = reference.encode(&*text, false).unwrap();
        let expected: Vec<_> = expected.get_offsets().iter().map(|&(start, end)| start..end).collect();
        prop_assert_eq!(&offsets, &expected);
        prop_assert!(in_order(&offsets), "{:?}", offsets);
        // Slicing panics outside the text and within a character.
        prop_assert!(offsets.iter().all(|range| !text[range.clone()].is_empty()));
        // Each range begins where the previous one ended, or shares a character with it.
        let mut end = 0;
        for (range, &id) in offsets.iter().zip(&ids) {
            prop_assert!(range.start == end || text[range.start..end].chars().count() == 1, "{:?}", offsets);
            prop_assert_eq!(id == tokenizer::SEP, &text[range.clone()] == "<sep>");
            end = range.end;
        }
        prop_assert_eq!(end, text.len());
        // A token that consists of whole characters equals the text at its range.
        for (range, &id) in offsets.iter().zip(&ids) {
            let token = tokenizer.decode(&[id]).unwrap();
            let is_whole = !token.contains(char::REPLACEMENT_CHARACTER);
            prop_assert!(!is_whole || token == text[range.clone()]);
        }
    }

    #[test]
    fn a_foreign_tokenizer_gives_ranges_of_the_text_as_it_was_given(text in any_text()) {
        for Pair { tokenizer, .. } in &PAIRS[1..] {
            let OffsetEncoding { ids, offsets } = tokenizer.encode_with_offsets(&text);
            prop_assert_eq!(&ids, &tokenizer.encode(&text));
            prop_assert_eq!(ids.len(), offsets.len());
            prop_assert!(offsets.iter().all(|range| text.get(range.clone()).is_some()), "{:?}", offsets);
            prop_assert!(in_order(&offsets), "{:?}", offsets);
        }
    }

    #[test]
    fn ranges_of_characters_and_of_bytes_are_the_same(text in any_text(), from in 0_usize..20, len in 0_usize..20) {
        let offsets = CharOffsets::new(&text);
        let chars: Vec<char> = text.chars().collect();
        match offsets.to_bytes(from..from + len) {
            Some(bytes) => {
                prop_assert_eq!(text[bytes.clone()].chars().collect::<Vec<_>>(), &chars[from..from + len]);
                prop_assert_eq!(offsets.to_chars(bytes), Some(from..from + len));
            }
            None => prop_assert!(from + len > chars.len()),
        }
        let bytes = from..from + len;
        prop_assert_eq!(offsets.to_chars(bytes.clone()).is_some(), text.get(bytes).is_some());
    }
}

#[test]
fn normalised_text_keeps_its_own_ranges() {
    let parts = |pair: usize, text: &str| -> Vec<String> {
        let encoding = PAIRS[pair].tokenizer.encode_with_offsets(text);
        encoding.offsets.iter().map(|range| text[range.clone()].to_owned()).collect()
    };
    // Lower case; NFKC, where `ﬁ` becomes two letters and `①` a digit; and white space dropped.
    assert_eq!(parts(1, "年龄<sep>HTTP").concat(), "年龄<sep>HTTP");
    assert_eq!(parts(2, "①"), ["①"]);
    assert!(parts(2, "ﬁ").iter().all(|part| part == "ﬁ"));
    assert_eq!(parts(4, "年龄 \n 北京"), ["年龄", "北京"]);
}
