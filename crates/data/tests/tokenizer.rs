//! The tokenizer: what it learns, that it always learns the same, and what it refuses to load.

use std::fs;
use std::sync::Mutex;

use drivetrain_data::tokenizer::{PAD, SEP, UNK};
use drivetrain_data::*;
use proptest::prelude::*;

const SMALLEST: usize = 3 + 256;

fn texts() -> Vec<String> {
    let names = ["userName", "user_name", "HTTPServer", "年龄", "出生日期", "created_at", "price ($)", "prix été"];
    let values = ["27, 31, 8", "13812345678", "2024-01-31", "张三 李四", "foo@example.com", "N/A", "==== ----", "café"];
    (0..200).map(|i| format!("{}<sep>{} {}", names[i % 8], values[i * 3 % 8], values[i * 5 % 8])).collect()
}

fn train_on(texts: &[String], vocab_size: usize) -> Tokenizer {
    Tokenizer::train(texts.iter().cloned().map(Ok), vocab_size, &Silent).unwrap()
}

fn saved(tokenizer: &Tokenizer) -> String {
    let folder = tempfile::tempdir().unwrap();
    tokenizer.save(folder.path().join("tokenizer.json")).unwrap();
    fs::read_to_string(folder.path().join("tokenizer.json")).unwrap()
}

/// The pieces a text is cut into when every piece has become a token.
fn pieces(text: &str) -> Vec<String> {
    let tokenizer = train_on(&[text.to_owned(), text.to_owned()], 2000);
    tokenizer.encode(text).iter().map(|&id| tokenizer.decode(&[id]).unwrap()).collect()
}

#[test]
fn text_is_cut_into_words_numbers_and_symbols() {
    assert_eq!(pieces("userID"), ["user", "ID"]);
    assert_eq!(pieces("HTTPServer"), ["HTTP", "Server"]);
    assert_eq!(pieces("created_at 2024-01"), ["created", "_", "at", " ", "202", "4", "-", "01"]);
    assert_eq!(pieces("年龄age----(岁)"), ["年龄", "age", "----", "(", "岁", ")"]);
    assert_eq!(pieces("prix été, Имя"), ["prix", " ", "été", ",", " ", "Имя"]);
    assert_eq!(pieces("ひらがな漢字"), ["ひらがな", "漢字"]);
    assert_eq!(pieces("a  b<sep>c"), ["a", "  ", "b", "<sep>", "c"]);
}

#[test]
fn the_same_texts_give_the_same_file_whatever_their_order_and_the_threads() {
    let texts = texts();
    let first = saved(&train_on(&texts, 320));
    let reversed: Vec<String> = texts.iter().rev().cloned().collect();
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| saved(&train_on(&reversed, 320))), first);
    }
    assert_ne!(saved(&train_on(&texts, 300)), first);
}

#[test]
fn merges_follow_frequency_then_order() {
    // "ab" occurs four times, "cd" and "ce" three times each. Each is merged once; the ids break the tie.
    let texts = ["ab ab ab ab cd ce cd ce cd ce".to_owned()];
    let tokenizer = train_on(&texts, SMALLEST + 3);
    let new: Vec<String> = (0..3).map(|i| tokenizer.decode(&[(SMALLEST + i) as u32]).unwrap()).collect();
    assert_eq!(new, ["ab", "cd", "ce"]);
    // A pair that occurs only once is never merged, even if the vocabulary has room for it.
    assert_eq!(train_on(&["xy".to_owned()], 1000).vocab_size(), SMALLEST);
}

#[test]
fn special_tokens_have_their_ids() {
    let tokenizer = train_on(&texts(), 320);
    assert_eq!(tokenizer.vocab_size(), 320);
    assert_eq!(tokenizer.encode("<sep>"), [SEP]);
    let ids = tokenizer.encode("age<sep>[PAD] [UNK]");
    assert_eq!(ids.iter().filter(|&&id| id == SEP).count(), 1);
    assert!(!ids.contains(&PAD) && !ids.contains(&UNK), "text must not pass for padding: {ids:?}");
    assert_eq!(tokenizer.decode(&ids).unwrap(), "age<sep>[PAD] [UNK]");
}

proptest! {
    #[test]
    fn any_text_survives_and_a_cut_keeps_the_first_ids(text in "\\PC{0,40}|[\\x00-\\x7f]{0,40}", max_len in 0_usize..20) {
        thread_local!(static TOKENIZER: Tokenizer = train_on(&texts(), 320));
        TOKENIZER.with(|tokenizer| {
            let ids = tokenizer.encode(&text);
            prop_assert_eq!(tokenizer.decode(&ids).unwrap(), text.clone());
            prop_assert!(ids.iter().all(|&id| (id as usize) < tokenizer.vocab_size() && id > UNK));
            let Encoding { ids: kept, cut } = tokenizer.encode_truncated(&text, max_len);
            prop_assert_eq!(&kept[..], &ids[..ids.len().min(max_len)]);
            prop_assert_eq!(kept.len() + cut, ids.len());
            Ok(())
        })?;
    }
}

#[test]
fn a_saved_tokenizer_loads_as_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    let tokenizer = train_on(&texts(), 320);
    tokenizer.save(&path).unwrap();
    let loaded = Tokenizer::load(&path).unwrap();
    assert_eq!(loaded.fingerprint(), tokenizer.fingerprint());
    assert_eq!(saved(&loaded), saved(&tokenizer));
    assert!(texts().iter().all(|text| loaded.encode(text) == tokenizer.encode(text)));
    assert_ne!(train_on(&texts(), 310).fingerprint(), tokenizer.fingerprint());
}

#[test]
fn what_is_no_usable_tokenizer_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    let good = saved(&train_on(&texts(), 320));
    let cases = [
        (String::new(), "expected a Hugging Face tokenizer.json"),
        ("{\"a\": 1}".into(), "expected a Hugging Face tokenizer.json"),
        (good[..good.len() / 2].to_owned(), "expected a Hugging Face tokenizer.json"),
        (good.replace("[PAD]", "[PUD]"), "expected the special token [PAD] at id 0, but no such token"),
        (good.replace("\"dropout\": null", "\"dropout\": 0.1"), "BPE dropout"),
    ];
    for (content, words) in cases {
        fs::write(&path, content).unwrap();
        let error = Tokenizer::load(&path).err().unwrap().to_string();
        assert!(error.contains(words) && error.contains(path.to_str().unwrap()), "{error}");
    }
    let missing = folder.path().join("missing.json");
    assert!(matches!(Tokenizer::load(missing), Err(DataError::Io { .. })));
}

#[test]
fn truncation_kept_in_a_foreign_file_does_not_cut_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokenizer.json");
    let tokenizer = train_on(&texts(), 320);
    let truncation = r#""truncation": {"direction":"Right","max_length":2,"strategy":"LongestFirst","stride":0}"#;
    fs::write(&path, saved(&tokenizer).replace("\"truncation\": null", truncation)).unwrap();
    let text = &texts()[0];
    assert_eq!(Tokenizer::load(&path).unwrap().encode(text), tokenizer.encode(text));
}

/// Records what it receives.
#[derive(Default)]
struct Heard(Mutex<Vec<(String, u64, Unit, u64)>>);

impl Progress for Heard {
    fn start(&self, work: Work<'_>, total: u64, unit: Unit) {
        self.0.lock().unwrap().push((format!("{work:?}"), total, unit, 0));
    }

    fn advance(&self, by: u64) {
        self.0.lock().unwrap().last_mut().unwrap().3 += by;
    }

    fn finish(&self) {}
}

#[test]
fn training_says_how_far_it_is() {
    let heard = Heard::default();
    let texts: Vec<Result<String>> = texts().into_iter().map(Ok).collect();
    Tokenizer::train(texts.into_iter(), 320, &heard).unwrap();
    let tokens = (320 - SMALLEST) as u64;
    let expected = [
        ("CountingWords".to_owned(), 200, Unit::Samples, 200),
        ("LearningMerges".to_owned(), tokens, Unit::Tokens, tokens),
    ];
    assert_eq!(heard.0.into_inner().unwrap(), expected);
}

#[test]
fn training_reports_its_errors() {
    let error = Tokenizer::train(std::iter::empty(), SMALLEST - 1, &Silent).err().unwrap();
    assert!(error.to_string().contains("at least 259"), "{error}");
    let torn = || Err(DataError::Config("torn".into()));
    let error = Tokenizer::train([Ok("a".into()), torn()].into_iter(), SMALLEST, &Silent).err().unwrap();
    assert_eq!(error.to_string(), "torn");
}
