//! Our own encoding of a text against the `tokenizers` crate's, which reads the same `tokenizer.json`.

use std::fs;
use std::sync::LazyLock;

use drivetrain_data::*;
use proptest::prelude::*;

/// Texts that tokenizers tend to get wrong: borders between scripts and cases, characters that join or follow others,
/// texts that look like a special token, and invisible characters.
const PARTS: [&str; 64] = [
    "0",
    "7",
    "12",
    "2024",
    "13812345678",
    "１２",
    "Ⅷ",
    "½",
    "٣",
    "〇",
    "〡",
    "a",
    "userName",
    "HTTPServer",
    "ID",
    "É",
    "e\u{301}",
    "E\u{301}",
    "ß",
    "ﬁ",
    "ǅ",
    "ǅa",
    "ʰ",
    "ªº",
    "Имя",
    "ΑΒγ",
    "年龄",
    "出生日期",
    "々",
    "㐀",
    "𠮷",
    "𪜀龘",
    "⺀",
    "⼀",
    "ひらがな",
    "カタカナ",
    "ー",
    "한국어",
    "עברית",
    "الاسم",
    "हिन्दी",
    "ไทย",
    "\u{302A}",
    "\u{16FF0}",
    "\u{200B}",
    "\u{200D}",
    "\u{FEFF}",
    "👍",
    "👨\u{200D}👩",
    "🇨🇳",
    "❤\u{FE0F}",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\u{A0}",
    "\u{3000}",
    "<",
    "sep>",
    "<sep>",
    "[PAD]",
    "---",
    "$€￥",
];

/// Combines every part with many others, so that merges are learnt wherever possible.
fn texts() -> impl Iterator<Item = String> {
    (0..4000).map(|i| [i % 64, i * 7 % 61, i * 11 % 59, i * 13 % 64].map(|part| PARTS[part]).concat())
}

/// The same tokenizer in our implementation and in that of the crate.
struct Both {
    ours: Tokenizer,
    reference: tokenizers::Tokenizer,
}

static BOTH: LazyLock<Both> = LazyLock::new(|| Both::of(Tokenizer::train(texts().map(Ok), 1500, &Silent).unwrap()));

impl Both {
    fn of(ours: Tokenizer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokenizer.json");
        ours.save(&path).unwrap();
        Self { ours, reference: tokenizers::Tokenizer::from_file(path).unwrap() }
    }

    fn ids(&self, text: &str) -> (Vec<u32>, Vec<u32>) {
        (self.ours.encode(text), self.reference.encode(text, false).unwrap().get_ids().to_vec())
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..12).prop_map(|parts| parts.concat());
    let repeated = (prop::sample::select(&PARTS[..]), 0..300_usize, prop::sample::select(&PARTS[..]))
        .prop_map(|(part, count, end)| part.repeat(count) + end);
    let mixed = prop::collection::vec(
        prop_oneof![any::<char>().prop_map(String::from), prop::sample::select(&PARTS[..]).prop_map(str::to_owned)],
        0..20,
    );
    prop_oneof![
        1 => any::<String>(),
        1 => "[a-zA-Z0-9 <>_.-]{0,40}",
        1 => "[\\x00-\\x7f]{0,40}",
        1 => "[一-鿿ぁ-ヿA-Za-z]{0,20}",
        3 => parts,
        1 => repeated,
        3 => mixed.prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_text_has_the_ids_that_the_tokenizers_crate_gives_it(text in any_text()) {
        let (ours, reference) = BOTH.ids(&text);
        prop_assert_eq!(ours, reference, "{:?}", text);
    }
}

#[test]
fn every_character_has_the_ids_that_the_tokenizers_crate_gives_it() {
    let chars: Vec<char> = ('\0'..=char::MAX).collect();
    for chars in chars.chunks(1 << 12) {
        let text: String = chars.iter().collect();
        let (ours, reference) = BOTH.ids(&text);
        assert_eq!(ours, reference, "among {:?} to {:?}", chars[0], chars[chars.len() - 1]);
    }
}

#[test]
fn two_ways_to_spell_a_token_and_tokens_that_their_bytes_do_not_become() {
    // `abc` is learnt as `ab` + `c`; once it is in the vocabulary, `a` + `bc` also gives it.
    let texts =
        ["abc abc abc bc bc bc bc bc abcd abcd bcd aab aab aaab abab", "ababab cabc bcabc aabc aabcc cbcb bcbc"];
    for size in 3 + 256..3 + 256 + 24 {
        let both = Both::of(Tokenizer::train(texts.iter().map(|text| Ok((*text).to_owned())), size, &Silent).unwrap());
        for n in 0..3_u32.pow(8) {
            let text: String = (0..8).map(|i| char::from(b'a' + (n / 3_u32.pow(i) % 3) as u8)).collect();
            let (ours, reference) = both.ids(&text);
            assert_eq!(ours, reference, "{text} of {size}");
        }
    }
}

#[test]
fn a_tokenizer_of_another_form_still_encodes_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    BOTH.ours.save(&path).unwrap();
    let ours = fs::read_to_string(&path).unwrap();
    let changes = [
        (r#""normalizer": null"#, r#""normalizer": {"type": "Lowercase"}"#),
        (r#""add_prefix_space": false"#, r#""add_prefix_space": true"#),
        (r#""use_regex": false"#, r#""use_regex": true"#),
        (r#""behavior": "Isolated""#, r#""behavior": "Removed""#),
        (r#""behavior": "Isolated""#, r#""behavior": "MergedWithNext""#),
        (r#""invert": false"#, r#""invert": true"#),
        (r"\\p{N}{1,3}", r"\\p{N}{1,2}"),
        (r#""lstrip": false"#, r#""lstrip": true"#),
        (r#""rstrip": false"#, r#""rstrip": true"#),
        (r#""single_word": false"#, r#""single_word": true"#),
        (r#""ignore_merges": false"#, r#""ignore_merges": true"#),
        (r#""end_of_word_suffix": null"#, r#""end_of_word_suffix": "e""#),
        (r#""unk_token": null"#, r#""unk_token": "[UNK]""#),
    ];
    let text = "Some Text 2024<sep> userName HTTPServer<sep>年龄 e\u{301}";
    for (from, to) in changes {
        let changed = ours.replace(from, to);
        assert_ne!(changed, ours, "{from}");
        fs::write(&path, changed).unwrap();
        let Ok(loaded) = Tokenizer::load(&path) else { continue };
        let reference = tokenizers::Tokenizer::from_file(&path).unwrap();
        assert_eq!(loaded.encode(text), reference.encode(text, false).unwrap().get_ids(), "{to}");
    }
}

#[test]
fn the_vocabulary_learnt_from_some_texts_is_the_one_it_always_was() {
    // Trained runs store the fingerprint of their vocabulary, so what is learnt from the same texts must not change.
    assert_eq!(BOTH.ours.fingerprint().to_string(), "04a832373a9e9dcd5c6f3d7bda84be15");
}
