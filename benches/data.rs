//! The stages from file to batch, one by one: `cargo bench -p drivetrain-benches --bench data`.

use divan::{Bencher, counter::ItemsCount};
use drivetrain::data::{Silent, TokenizedSample, Tokenizer};
use drivetrain::prelude::*;
use tabular_sense_synth::GeneratorConfig;
use tabular_sense_synth::sample::{ColumnSample, parse_line};

fn main() {
    divan::main();
}

fn samples() -> Vec<ColumnSample> {
    let generator = GeneratorConfig { per_type: 100, seed: 1 };
    (0..generator.total()).map(|i| generator.sample(i)).collect()
}

#[divan::bench]
fn generate(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(samples().len())).bench(samples);
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let lines: Vec<String> = samples().iter().map(ColumnSample::to_json_line).collect();
    let parse = || lines.iter().filter(|line| parse_line(line).is_ok()).count();
    bencher.counter(ItemsCount::new(lines.len())).bench(parse);
}

/// On one thread; the token store uses all threads.
#[divan::bench]
fn tokenise(bencher: Bencher<'_, '_>) {
    let texts: Vec<String> = samples().iter().map(tabular_sense::input::text_of).collect();
    let tokenizer = Tokenizer::train(texts.iter().cloned().map(Ok), 6000, &Silent).expect("a vocabulary");
    let tokenise = || texts.iter().map(|text| tokenizer.encode(text).len()).sum::<usize>();
    bencher.counter(ItemsCount::new(texts.len())).bench(tokenise);
}

#[divan::bench(args = [64, 128, 256])]
fn collate(bencher: Bencher<'_, '_>, batch: usize) {
    let sample = |i: usize| TokenizedSample { input: vec![7; 40 + i % 16], target: vec![3, 5] };
    let samples: Vec<TokenizedSample> = (0..batch).map(sample).collect();
    let collate = MultiLabelCollate { n_classes: 32, pad_side: PadSide::Right };
    bencher
        .counter(ItemsCount::new(batch))
        .with_inputs(|| samples.clone())
        .bench_values(|samples| collate.collate(samples));
}

/// Computes the order of an epoch of a million samples.
#[divan::bench(sample_count = 5)]
fn length_groups(bencher: Bencher<'_, '_>) {
    let lengths: Vec<u32> = (0..1_000_000_u32).map(|i| i.wrapping_mul(2_654_435_761) % 200).collect();
    bencher.bench(|| {
        use drivetrain::data::BatchSampler as _;
        LengthGroups::new(&lengths, 128, 1, false).map(|groups| groups.plan(0))
    });
}

/// What a resumed run waits for before its first step: the order of the epoch, and one batch from the middle of it.
#[divan::bench(sample_count = 5)]
fn first_batch_of_a_resumed_run(bencher: Bencher<'_, '_>) {
    let sample =
        |i: u32| TokenizedSample { input: vec![7; 1 + (i.wrapping_mul(2_654_435_761) % 64) as usize], target: vec![3] };
    let samples: Vec<TokenizedSample> = (0..1_000_000).map(sample).collect();
    let lengths: Vec<u32> = samples.iter().map(|sample| sample.input.len() as u32).collect();
    let dataset = std::sync::Arc::new(MemoryDataset::new(samples));
    let loader = || {
        let groups = LengthGroups::new(&lengths, 128, 1, false).expect("groups");
        let collate = MultiLabelCollate { n_classes: 32, pad_side: PadSide::Right };
        DataLoader::new(std::sync::Arc::clone(&dataset), collate, groups, LoaderConfig { workers: 1, prefetch: 4 })
    };
    bencher.with_inputs(loader).bench_values(|loader| loader.epoch_from(3, 5_000).next());
}
