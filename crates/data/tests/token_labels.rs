//! The conversion of labelled spans and words to classes of tokens and back, and what is refused.

use std::fs;
use std::ops::Range;
use std::sync::LazyLock;

use drivetrain_data::*;
use proptest::prelude::*;

/// Every token is one byte.
static BYTES: LazyLock<Tokenizer> = LazyLock::new(|| Tokenizer::train(std::iter::empty(), 259, &Silent).unwrap());
/// `New`, `York`, `City` and `北京市` are tokens.
static PIECES: LazyLock<Tokenizer> = LazyLock::new(|| {
    let texts = ["New York City 北京市", "New York City 北京市"].map(|text| Ok(text.to_owned()));
    Tokenizer::train(texts.into_iter(), 400, &Silent).unwrap()
});

const O: i32 = 0;
const B_PER: i32 = 1;
const I_PER: i32 = 2;
const B_LOC: i32 = 3;
const I_LOC: i32 = 4;
const NONE: i32 = TokenClasses::IGNORE;

fn tags() -> TagSet {
    TagSet::new(["PER", "LOC"]).unwrap()
}

fn encoder(tokenizer: &Tokenizer) -> TokenLabelEncoder {
    TokenLabelEncoder::new(tokenizer.clone(), tags(), SpanUnit::Characters)
}

fn classes(encoded: &EncodedSample) -> Vec<i32> {
    encoded.sample.target.iter().map(|&class| class as i32).collect()
}

fn span(range: Range<usize>, label: &str) -> Span {
    Span::new(range, label)
}

#[test]
fn all_tokens_of_a_span_are_labelled() {
    let text = "Bo: New York, 北京市";
    let spans = [span(4..12, "LOC"), span(0..2, "PER"), span(14..17, "LOC")];
    let encoded = encoder(&PIECES).encode_text(text, &spans).unwrap();
    assert_eq!(encoded.sample.input, PIECES.encode(text));
    // B o : _ New _ York , _ 北京市
    assert_eq!(classes(&encoded), [B_PER, I_PER, O, O, B_LOC, I_LOC, I_LOC, O, O, B_LOC]);
    // With offsets in bytes, and one token per byte.
    let spans = [span(0..2, "PER"), span(14..23, "LOC")];
    let in_bytes = TokenLabelEncoder::new(BYTES.clone(), tags(), SpanUnit::Bytes);
    let found = classes(&in_bytes.encode_text(text, &spans).unwrap());
    assert_eq!(found[..3], [B_PER, I_PER, O]);
    assert_eq!(found[13..], [O, B_LOC, I_LOC, I_LOC, I_LOC, I_LOC, I_LOC, I_LOC, I_LOC, I_LOC]);
}

#[test]
fn a_limit_cuts_ids_and_classes_alike_and_counts_them() {
    let encoder = encoder(&PIECES).max_len(2);
    let EncodedSample { sample, cut } = encoder.encode_text("New York City", &[span(0..13, "LOC")]).unwrap();
    assert_eq!((sample.input.len(), cut), (2, 3));
    assert_eq!(sample.target, [B_LOC as u32, I_LOC as u32]);
    let long = AnnotatedText { text: "New York".into(), spans: vec![] };
    let error = encoder.dataset(&[AnnotatedText { text: "New".into(), ..long.clone() }, long]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sample 1: it is 1 tokens longer than the limit of 2; shorten it, or raise `max_len`"
    );
}

#[test]
fn words_are_labelled_on_all_their_tokens_or_on_the_first() {
    let words = ["Bo", "in", "New", "York"];
    let labels = ["B-PER", "O", "B-LOC", "I-LOC"];
    let all = encoder(&PIECES);
    let encoded = all.encode_words(&words, &labels).unwrap();
    assert_eq!(encoded.sample.input, PIECES.encode("Bo in New York"));
    // B o _ i n _ New _ York
    assert_eq!(classes(&encoded), [B_PER, I_PER, O, O, O, O, B_LOC, I_LOC, I_LOC]);
    let first = encoder(&PIECES).sub_words(SubWords::First);
    let encoded = first.encode_words(&words, &labels).unwrap();
    assert_eq!(classes(&encoded), [B_PER, NONE, NONE, O, NONE, NONE, B_LOC, NONE, I_LOC]);

    // And back: the classes of the words' first tokens and the ranges of the words give the entities.
    let joined = Words::join(&words, " ");
    let offsets = PIECES.encode_with_offsets(&joined.text).offsets;
    let of_words: Vec<i32> =
        joined.first_tokens(&offsets).iter().map(|token| classes(&encoded)[token.unwrap()]).collect();
    let entities = tags().entities(&joined.text, &joined.ranges, &of_words);
    assert_eq!(entities, [span(0..2, "PER"), span(6..14, "LOC")]);

    // The characters of a Chinese text are joined without a space, and a token may hold several.
    let chinese = encoder(&PIECES).separator("");
    let encoded = chinese.encode_words(&["在", "北", "京", "市"], &["O", "B-LOC", "I-LOC", "I-LOC"]).unwrap();
    assert_eq!(classes(&encoded), [O, O, O, B_LOC]);
    let problem = chinese.sub_words(SubWords::First).encode_words(&["北", "京市"], &["B-LOC", "I-LOC"]).unwrap_err();
    assert_eq!(problem.to_string(), "words[1] (`京市`) begins within a token; label all sub-words (`SubWords::All`)");
}

#[test]
fn a_token_that_a_span_cuts_is_refused_or_labelled_whole() {
    let text = "北京市New";
    let cut = [span(0..2, "LOC"), span(2..6, "PER")];
    let problem = encoder(&PIECES).encode_text(text, &cut).unwrap_err().to_string();
    assert!(problem.starts_with("spans[0] (LOC 0..2) ends within the token `北京市`; "), "{problem}");
    let problem = encoder(&PIECES).encode_text(text, &cut[1..]).unwrap_err().to_string();
    assert!(problem.starts_with("spans[0] (PER 2..6) begins within the token `北京市`; "), "{problem}");
    // The span that covers more of the token's bytes gets the token.
    let widened = encoder(&PIECES).on_cut_token(OnCutToken::Widen);
    assert_eq!(classes(&widened.encode_text(text, &cut).unwrap()), [B_LOC, B_PER]);
    // No span is lost silently: if no token is left for a span, that is an error.
    let problem = widened.encode_text(text, &[span(0..2, "LOC"), span(2..3, "PER")]).unwrap_err().to_string();
    assert_eq!(problem, "spans[1] (PER 2..3) has no token of its own");
    let words = encoder(&PIECES).separator("").encode_words(&["北京", "市"], &["B-LOC", "O"]).unwrap_err().to_string();
    assert!(words.starts_with("words[0..1] (LOC) ends within the token `北京市`; "), "{words}");
}

#[test]
fn what_does_not_fit_is_named() {
    let text = "在北京 and York";
    let refused = |unit, spans: &[Span]| {
        TokenLabelEncoder::new(BYTES.clone(), tags(), unit).encode_text(text, spans).unwrap_err().to_string()
    };
    let chars = |spans: &[Span]| refused(SpanUnit::Characters, spans);
    let fine = span(1..3, "LOC");
    assert_eq!(
        chars(&[fine.clone(), span(4..4, "LOC")]),
        "spans[1] (LOC 4..4) is empty: its start must be less than its end"
    );
    assert_eq!(chars(&[span(8..13, "LOC")]), "spans[0] (LOC 8..13) ends beyond the text, which has 12 characters");
    assert_eq!(chars(&[span(8..usize::MAX, "LOC")])[..19], *"spans[0] (LOC 8..18");
    assert_eq!(chars(&[span(8..12, "PLACE")]), "spans[0] (PLACE 8..12) has an unknown label: expected one of PER, LOC");
    assert_eq!(
        chars(&[span(2..5, "PER"), fine]),
        "spans[0] (PER 2..5) overlaps spans[1] (LOC 1..3): a token can have one label only"
    );
    let bytes = |spans: &[Span]| refused(SpanUnit::Bytes, spans);
    assert_eq!(bytes(&[span(14..19, "LOC")]), "spans[0] (LOC 14..19) ends beyond the text, which has 18 bytes");
    assert_eq!(
        bytes(&[span(1..3, "LOC")]),
        "spans[0] (LOC 1..3) begins or ends within a character; if its offsets count characters, say so with \
         `SpanUnit::Characters`"
    );
    let words = |words: &[&str], tags: &[&str]| encoder(&BYTES).encode_words(words, tags).unwrap_err().to_string();
    assert_eq!(words(&["a", "b"], &["O"]), "expected one tag per word, found 1 tags for 2 words");
    assert_eq!(words(&["a", " "], &["O", "O"]), "words[1] is empty");
    assert_eq!(
        words(&["a"], &["B-X"]),
        "tags[0] is unknown: expected one of O, B-PER, I-PER, B-LOC, I-LOC, found `B-X`"
    );
    let broken = "tags[1] is `I-LOC`, which continues no entity: in IOB2, each begins with `B-LOC`";
    assert_eq!(words(&["a", "b"], &["O", "I-LOC"]), broken);
    assert_eq!(words(&["a", "b"], &["B-PER", "I-LOC"]), broken);
}

#[test]
fn lines_of_both_forms_make_a_store_and_a_bad_one_is_located() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("entities.jsonl");
    let good = concat!(
        r#"{"id": 7, "text": "在北京", "spans": [{"start": 1, "end": 3, "label": "LOC", "score": 1}]}"#,
        "\n",
        r#"{"words": ["Bo", "ran"], "tags": ["B-PER", "O"]}"#,
        "\n",
    );
    let open = |content: &str, encoder: &TokenLabelEncoder| {
        fs::write(&path, content).unwrap();
        TokenStore::open(&LineIndex::open(&path, &Silent)?, encoder, OnBadLine::Fail, &Silent)
    };
    let store = open(good, &encoder(&BYTES)).unwrap();
    assert_eq!((store.input_lengths(), store.target_lengths()), (vec![9, 6], vec![9, 6]));
    let first = open(good, &encoder(&BYTES).sub_words(SubWords::First)).unwrap();
    assert!(!first.was_cached(), "other labels, another store");
    let batch = TokenLabelCollate { n_classes: 5, pad_side: PadSide::Right }
        .collate(vec![first.get(0).unwrap(), first.get(1).unwrap()])
        .unwrap();
    assert_eq!(batch.labels.class_bt[..9], [O, O, O, B_LOC, I_LOC, I_LOC, I_LOC, I_LOC, I_LOC]);
    // Tokens without a label have the same class as padding.
    assert_eq!(batch.labels.class_bt[9..], [B_PER, NONE, NONE, O, NONE, NONE, NONE, NONE, NONE]);

    let expected = "expected an object with `text` and `spans`, or with `words` and `tags`";
    for (line, words) in [
        (r#"{"text": "Bo", "spans": [{"start": 0, "end": 3, "label": "PER"}]}"#, "spans[0] (PER 0..3) ends beyond"),
        (r#"{"text": "Bo"}"#, &*format!("{expected}; found text")),
        (r#"{"words": ["Bo"], "spans": []}"#, &*format!("{expected}; found spans, words")),
        ("{}", &*format!("{expected}; found none of them")),
        (r#"{"text": 3}"#, &*format!("{expected}: invalid type")),
        (r#"{"text": "Bo", "spans": [{"start": -1, "end": 3, "label": "PER"}]}"#, expected),
    ] {
        let error = open(&format!("{good}{line}\n"), &encoder(&BYTES)).err().unwrap().to_string();
        assert!(error.contains("entities.jsonl line 3 ") && error.contains(words), "{error}");
    }
}

#[test]
fn tags_in_any_order_or_none() {
    let tags = TagSet::from_names(["I-LOC", "B-PER-1", "O", "B-LOC", "I-PER-1"]).unwrap();
    assert_eq!(tags.types(), ["LOC", "PER-1"]);
    assert_eq!((tags.class_of("O"), tags.class_of("I-PER-1"), tags.class_of("PER-1")), (Some(2), Some(4), None));
    let sample = TokenLabelEncoder::new(BYTES.clone(), tags.clone(), SpanUnit::Bytes);
    assert_eq!(classes(&sample.encode_text("abc", &[span(0..2, "PER-1")]).unwrap()), [1, 4, 2]);
    let refused = |result: Result<TagSet>, words: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(TagSet::from_names(["O", "B-X", "I-X", "I-X"]), "expected the tag `I-X` once, found it 2 times");
    refused(TagSet::from_names(["O", "B-X"]), "expected the tag `I-X` once, found it 0 times");
    refused(TagSet::from_names(["B-X", "I-X"]), "expected the tag `O` once, found it 0 times");
    refused(TagSet::from_names(["O", "S-X"]), "expected tags in IOB2 (`O`, `B-type`, `I-type`), found `S-X`");
    refused(TagSet::new(Vec::<String>::new()), "expected at least one type of entity, found none");
    refused(TagSet::new(["A", "B", "A"]), "expected each type of entity once, found `A` again at position 2");
    refused(TagSet::new([""]), "expected types of entities with a name");
}

#[test]
fn predictions_of_any_kind_become_spans_in_order() {
    let entities = |text: &str, offsets: &[Range<usize>], classes: &[i32]| tags().entities(text, offsets, classes);
    let text = "京 Bo ";
    let offsets = BYTES.encode_with_offsets(text).offsets;
    // Two entities begin within one character: the first one gets it.
    assert_eq!(entities(text, &offsets, &[B_LOC, B_PER, O, O, O, O, O]), [span(0..3, "LOC")]);
    // White space at the ends is not part of an entity; a class beyond the last counts as `O`; a negative class is
    // skipped.
    assert_eq!(entities(text, &offsets, &[9, O, O, B_PER, I_PER, I_PER, I_PER]), [span(4..6, "PER")]);
    assert_eq!(entities(text, &offsets, &[O, O, O, O, I_PER, NONE, I_PER]), [span(4..6, "PER")]);
    // Fewer offsets than classes, ranges outside the text.
    assert_eq!(entities(text, &offsets[..1], &[I_LOC; 9]), [span(0..3, "LOC")]);
    assert_eq!(entities(text, &[90..95, 1..2], &[B_PER, B_PER]), []);
}

proptest! {
    /// Spans that are converted to classes of tokens and back stay the same.
    #[test]
    fn entities_survive_the_way_to_tokens_and_back(
        parts in prop::collection::vec(("[a-c北京]{1,6}", 0_usize..3), 0..8),
        separator in prop::sample::select(&["", " ", "，"][..]),
        pieces in any::<bool>(),
    ) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (part, label) in &parts {
            let start = text.len();
            text.push_str(part);
            if let Some(label) = ["PER", "LOC"].get(*label) {
                spans.push(span(start..text.len(), label));
            }
            text.push_str(separator);
        }
        let tokenizer: &Tokenizer = if pieces { &PIECES } else { &BYTES };
        let encoder = TokenLabelEncoder::new(tokenizer.clone(), tags(), SpanUnit::Bytes);
        let found = encoder.encode_text(&text, &spans);
        // Only a token of several characters can be cut by a span.
        if let Ok(encoded) = found {
            let offsets = tokenizer.encode_with_offsets(&text).offsets;
            prop_assert_eq!(tags().entities(&text, &offsets, &classes(&encoded)), spans);
        } else {
            prop_assert!(pieces && found.unwrap_err().to_string().contains("within the token"));
        }
    }

    #[test]
    fn nothing_panics(
        text in "\\PC{0,12}",
        spans in prop::collection::vec((0_usize..30, 0_usize..30, prop::sample::select(&["PER", "LOC", "X"][..])), 0..4),
        classes in prop::collection::vec(-2_i32..7, 0..30),
        ranges in prop::collection::vec((0_usize..30, 0_usize..30), 0..30),
        widen in any::<bool>(),
    ) {
        let spans: Vec<Span> = spans.into_iter().map(|(start, end, label)| span(start..end, label)).collect();
        for unit in [SpanUnit::Bytes, SpanUnit::Characters] {
            let on_cut = if widen { OnCutToken::Widen } else { OnCutToken::Fail };
            let encoder = TokenLabelEncoder::new(PIECES.clone(), tags(), unit).on_cut_token(on_cut);
            if let Ok(encoded) = encoder.encode_text(&text, &spans) {
                prop_assert_eq!(encoded.sample.input.len(), encoded.sample.target.len());
                let begun = encoded.sample.target.iter().filter(|class| [B_PER, B_LOC].contains(&(**class as i32)));
                prop_assert_eq!(begun.count(), spans.len());
            }
        }
        let ranges: Vec<Range<usize>> = ranges.into_iter().map(|(start, end)| start..end).collect();
        let entities = tags().entities(&text, &ranges, &classes);
        prop_assert!(entities.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert_eq!(Words::join(&["a", &text], "").first_tokens(&ranges).len(), 2);
    }
}
