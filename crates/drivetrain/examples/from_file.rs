//! From a file to an exported model. Ctrl-C stops it, and the same command resumes it; once complete, it only predicts.
//!
//!     cargo run --release -p drivetrain --example from_file

use std::sync::Arc;

use drivetrain::prelude::*;

const LABELS: [&str; 3] = ["account", "delivery", "payment"];
const MAX_LEN: usize = 24;

/// Lines of `text<TAB>label`, in place of a file of your own.
fn samples() -> String {
    let nouns = [["password", "login", "profile"], ["parcel", "courier", "order"], ["invoice", "card", "refund"]];
    let line = |i| {
        let mut draw = Random::new(7, "message").at(i).draws();
        let (label, verb) = (draw.below(3), *draw.pick(&["is wrong", "was lost", "does not arrive", "needs a change"]));
        format!("{} {} {verb}\t{}\n", draw.pick(&["my", "the", "our"]), draw.pick(&nouns[label]), LABELS[label])
    };
    (0..1000).map(line).collect()
}

fn main() -> anyhow::Result<()> {
    let options = RunOptions { stop: stop_on_signals()?, ..RunOptions::new("from_file") };
    let mut run = Run::open("target/from_file", options)?;
    let path = run.file("samples.tsv");
    std::fs::write(&path, samples())?;

    let index = LineIndex::open(&path, &Silent)?;
    let tokenizer = run.tokenizer(|| Tokenizer::train(TextFormat::Tsv.texts(&index), 320, &Silent))?;
    let encoder = LabelledText::new(TextFormat::Tsv, tokenizer.clone(), LABELS, MAX_LEN);
    let store = Arc::new(TokenStore::open(&index, &encoder, OnBadLine::Fail, &Silent)?);
    let split = Split::by_seed(store.len(), SplitRatio::default(), 7)?;
    let collate = ClassCollate { n_classes: LABELS.len(), pad_side: PadSide::Right };
    let train = DataLoader::grouped(&store, &split.train, collate, 16, 7)?;
    let validation = DataLoader::grouped(&store, &split.validation, collate, 16, 7)?;
    run.describe_data(&DataDescription::new(&path, &store, &split, LABELS, MAX_LEN, &train.plan(0)))?;

    let sizes = Preset::Micro.encoder(tokenizer.vocab_size(), MAX_LEN);
    let config = TrainerConfig { epochs: 4, ..TrainerConfig::default() };
    let identity = RunIdentity::new(&serde_json::json!({"trainer": config, "model": sizes}))?
        .with("samples_content", index.fingerprint())
        .with("labels", LABELS.join(" "));
    let model = SequenceClassifier::new(&sizes, LABELS.len(), 7, &Device::flex().autodiff())?;
    let trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(LABELS.len()), config)?;
    let mut trainer = run.attach(trainer, identity)?.observe(Console::default());
    if !run.fit(&mut trainer, &train, &validation)?.is_complete() {
        return Ok(()); // stopped by a signal: run it again
    }
    let best = run.best()?;
    let exported = ExportConfig::new("from_file", &sizes, ProblemType::SingleLabel, LABELS);
    let model = run.export(&best, exported, Some(&tokenizer))?;
    let report = run.report(|page| run_page(&page, Language::ENGLISH))?;
    let classifier = TextClassifier::load(model)?;
    let (label, probability) = classifier.predict("a refund that does not arrive")[0];
    println!("{label} {probability:.2}; report: {}", report.display());
    assert!(best.score >= 0.97 && label == "payment", "score {}, expected 0.97; {label}", best.score);
    Ok(())
}
