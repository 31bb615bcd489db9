//! Token classification: the people, places and dates in a sentence, English or Chinese.
//!
//!     cargo run --release -p drivetrain --example per_token

use std::sync::Arc;

use drivetrain::prelude::*;

const TYPES: [&str; 3] = ["PER", "LOC", "DATE"];
/// The phrases that the training texts are put together from, in any order.
const ENGLISH: [&str; 18] = [
    "{PER}",
    "{PER}",
    "and {PER}",
    "has seen {PER}",
    "knows {PER}",
    "moved",
    "was born",
    "the letter",
    "reached",
    "{LOC}",
    "to {LOC}",
    "in {LOC}",
    "from {LOC}",
    "Nobody",
    "{DATE}",
    "on {DATE}",
    "On {DATE}",
    "since {DATE}",
];
const CHINESE: [&str; 16] = [
    "{PER}",
    "{PER}",
    "认识",
    "见过",
    "的",
    "他",
    "没有人",
    "出生",
    "搬到",
    "{LOC}",
    "在{LOC}",
    "从{LOC}",
    "的信",
    "{DATE}",
    "{DATE}，",
    "那天是{DATE}",
];
/// Sentences to validate on.
const HELD_OUT: [&str; 6] = [
    "On {DATE} {PER} moved to {LOC}.",
    "Nobody in {LOC} has seen {PER} since {DATE}.",
    "{PER} and {PER} reached {LOC} on {DATE}.",
    "{DATE}，{PER}搬到{LOC}。",
    "{PER}在{LOC}见过{PER}。",
    "{PER}认识{LOC}的{PER}。",
];
const FIRST: [&str; 8] = ["Ada", "Grace", "Alan", "Emmy", "Niels", "Rosa", "Omar", "Ingrid"];
const LAST: [&str; 8] = ["Lovelace", "Hopper", "Turing", "Noether", "Bohr", "Parks", "Khayyam", "Berg"];
const FAMILY: [&str; 8] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"];
const GIVEN: [&str; 8] = ["小明", "芳", "伟", "秀英", "娜", "建国", "丽", "强"];
const PLACES: [&str; 8] = ["Lima", "York", "Cape Town", "New Delhi", "Oslo", "Kyoto", "Porto", "San Juan"];
const CITIES: [&str; 8] = ["北京", "上海", "广州", "成都", "哈尔滨", "乌鲁木齐", "西安", "杭州"];
const MONTHS: [&str; 4] = ["March", "June", "August", "December"];

/// Some phrases at random.
fn phrases(random: Random) -> String {
    let mut draw = random.draws();
    let (phrases, between, end) = if draw.chance(0.5) { (&ENGLISH[..], " ", ".") } else { (&CHINESE[..], "", "。") };
    let picked: Vec<&str> = (0..draw.between(2, 6)).map(|_| *draw.pick(phrases)).collect();
    picked.join(between) + end
}

/// A text with its blanks filled, and where they are.
fn filled(shape: &str, random: Random) -> AnnotatedText {
    let mut draw = random.draws();
    let (mut text, mut spans) = (String::new(), Vec::new());
    let is_english = shape.is_ascii();
    for part in shape.split(['{', '}']) {
        let start = text.len();
        let (day, year) = (draw.between(1, 28), draw.between(1900, 2030));
        text += &match part {
            "PER" if is_english => format!("{} {}", draw.pick(&FIRST), draw.pick(&LAST)),
            "PER" => format!("{}{}", draw.pick(&FAMILY), draw.pick(&GIVEN)),
            "LOC" => (*draw.pick(if is_english { &PLACES } else { &CITIES })).to_owned(),
            "DATE" if is_english => format!("{day} {} {year}", draw.pick(&MONTHS)),
            "DATE" => format!("{year}年{}月{day}日", draw.between(1, 12)),
            words => words.to_owned(),
        };
        if TYPES.contains(&part) {
            spans.push(Span::new(start..text.len(), part));
        }
    }
    AnnotatedText { text, spans }
}

fn main() -> anyhow::Result<()> {
    let [shape, names] = ["shape", "names"].map(|purpose| Random::new(8, purpose));
    let texts: Vec<_> = (0..2000).map(|i| filled(&phrases(shape.at(i)), names.at(i))).collect();
    let held_out: Vec<_> = (2000..2300).map(|i| filled(HELD_OUT[i as usize % HELD_OUT.len()], names.at(i))).collect();

    // Text to tokens, and entities to one class per token: O, B-PER, I-PER, and so on. A token is made of bytes, and a few
    // tokens contain the last byte of a Chinese name together with the character after it: such tokens are labelled as a whole.
    let pieces = texts.iter().flat_map(|text| text.pieces(SpanUnit::Bytes));
    let tokenizer = Tokenizer::train(pieces.map(|piece| Ok(piece.to_owned())), 500, &Silent)?;
    let tags = TagSet::new(TYPES)?;
    let encoder =
        TokenLabelEncoder::new(tokenizer.clone(), tags.clone(), SpanUnit::Bytes).on_cut_token(OnCutToken::Widen);
    let loader = |texts: &[AnnotatedText]| {
        let samples = encoder.dataset(texts)?;
        let batches = Batched::new(Shuffled::new(samples.len(), 8), 16, false)?;
        let collate = TokenLabelCollate { n_classes: tags.n_classes(), pad_side: PadSide::Right };
        Ok::<_, DataError>(DataLoader::new(Arc::new(samples), collate, batches, LoaderConfig::default()))
    };

    let sizes = EncoderConfig { n_layers: 2, d_model: 64, d_feed_forward: 128, ..Preset::Micro.encoder(500, 64) };
    let model = TokenClassifier::new(&sizes, tags.n_classes(), 8, &Device::flex().autodiff())?;
    let optimizer = AdamWConfig { learning_rate: 2e-3, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 8, optimizer: optimizer.into(), ..TrainerConfig::default() };
    let metric = EntityMetric::new(&tags);
    let mut trainer = Trainer::new(model, TokenCrossEntropy, metric, config)?.observe(Console::default());
    let summary = trainer.fit(&loader(&texts)?, &loader(&held_out)?)?;

    // What is in a new sentence?
    for text in ["Emmy Berg moved to Cape Town on 7 June 1987.", "黄建国1999年12月3日搬到哈尔滨。"] {
        let encoding = tokenizer.encode_with_offsets(text);
        let input = pad(&[encoding.ids], PadSide::Right, 0);
        let (ids_bt, mask_bt) = input_tensors(&input, &device_of(trainer.model()));
        let logits_btc = trainer.model().forward(ids_bt, mask_bt, &Mode::Eval);
        let classes = logits_btc.argmax(2).to_data_as::<i32>();
        for entity in tags.entities(text, &encoding.offsets, classes.as_slice()?) {
            println!("{:5} {}", entity.label, entity.of(text));
        }
    }
    let f1 = summary.best.map_or(0.0, |best| best.score);
    assert!(f1 >= 0.95, "F1 of the entities in the sentences: {f1:.4}, expected at least 0.95");
    Ok(())
}
