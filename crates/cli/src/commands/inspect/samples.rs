//! The lengths, labels and padding of a sample file.

use std::path::Path;

use anyhow::Result;
use drivetrain::data::{BatchSampler, Batched, LengthGroups, LineIndex, Sequential, Stop, Tokenizer, padding_share};
use drivetrain::terminal::{Lang, counted, grid};
use drivetrain::tr;
use tabular_sense::input::text_of;
use tabular_sense_synth::sample::{ColumnSample, SampleLine};
use tabular_sense_synth::types::SemanticType;

use crate::error::{UserError, in_words};
use crate::progress::Bars;
use crate::terminal;

/// Prints what is in a sample file. Lengths are in tokens of the tokenizer in the file `tokenizer` or, without it, in characters.
pub(super) fn inspect(path: &Path, tokenizer: Option<&Path>, batch_size: usize) -> Result<()> {
    let tokenizer = tokenizer.map(Tokenizer::load).transpose()?;
    let index = LineIndex::open(path, &Bars::new(&Stop::new()))?;
    let found = SampleStatistics::read(&index, tokenizer.as_ref());
    let (lang, path, samples) = (terminal::lang(), path.display(), found.lengths.len());
    let (counted, fingerprint) = (counted(samples as u64, "sample", "samples"), index.fingerprint().short());
    say!(
        "{}",
        tr!(lang, "{path}: {counted}, fingerprint {fingerprint}", "{path}：{samples} 个样本，指纹 {fingerprint}")
    );
    if let Some(problem) = &found.first_problem {
        let bad = found.bad_lines;
        let what = if bad == 1 { "line is no sample" } else { "lines are no samples" };
        say!("{}", tr!(lang, "{bad} {what}; the first: {problem}", "{bad} 行不是样本；第一处：{problem}"));
    }
    if samples == 0 {
        return Err(UserError::new(tr!(lang, "{path} holds no usable sample", "{path} 中没有可用的样本")).into());
    }
    let unit = match (tokenizer.is_some(), lang) {
        (true, Lang::En) => "tokens",
        (false, Lang::En) => "characters",
        (true, Lang::Zh) => "词元",
        (false, Lang::Zh) => "字符",
    };
    let quantiles = quantiles(&found.lengths, lang);
    say!("\n{}", tr!(lang, "length in {unit}: {quantiles}", "长度（{unit}）：{quantiles}"));
    let in_order = Batched::new(Sequential::new(samples), batch_size, false)?.plan(0);
    let grouped = LengthGroups::new(&found.lengths, batch_size, 0, false)?.plan(0);
    let [in_order, grouped] = [in_order, grouped].map(|plan| padding_share(&plan, &found.lengths));
    say!("{}", padding_line(batch_size, in_order, grouped));
    say!("\n{}", label_table(&found.labels, found.untyped));
    Ok(())
}

/// Statistics of a sample file.
struct SampleStatistics {
    /// The length of each sample's text.
    lengths: Vec<u32>,
    /// How many samples have each label: first the built-in types, then the other labels in order of first occurrence.
    labels: Vec<(String, u64)>,
    /// Samples without a label.
    untyped: u64,
    bad_lines: u64,
    /// What is wrong with the first bad line.
    first_problem: Option<String>,
}

impl SampleStatistics {
    fn read(index: &LineIndex, tokenizer: Option<&Tokenizer>) -> Self {
        let mut found = Self {
            lengths: Vec::with_capacity(index.len()),
            labels: SemanticType::ALL.iter().map(|label| (label.code().to_owned(), 0)).collect(),
            untyped: 0,
            bad_lines: 0,
            first_problem: None,
        };
        for i in 0..index.len() {
            let line = index.read_line(i);
            match line.as_ref().map(|line| SampleLine::parse(line)) {
                Ok(Ok(column)) => found.add(&column, tokenizer),
                Ok(Err(problem)) => found.add_bad_line(|| {
                    let (line, problem) = (index.line_number(i), in_words(&problem));
                    tr!(terminal::lang(), "line {line}: {problem}", "第 {line} 行：{problem}")
                }),
                Err(error) => found.add_bad_line(|| in_words(error)),
            }
        }
        found
    }

    fn add(&mut self, column: &SampleLine<'_>, tokenizer: Option<&Tokenizer>) {
        let values = column.values().map(str::to_owned).collect();
        let text = text_of(&ColumnSample { name: column.name().to_owned(), values, ..ColumnSample::default() });
        let length = tokenizer.map_or_else(|| text.chars().count(), |tokenizer| tokenizer.encode(&text).len());
        self.lengths.push(length as u32);
        self.untyped += u64::from(column.label_names().next().is_none());
        for name in column.label_names() {
            match self.labels.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => self.labels.push((name.to_owned(), 1)),
            }
        }
    }

    fn add_bad_line(&mut self, problem: impl FnOnce() -> String) {
        self.bad_lines += 1;
        self.first_problem.get_or_insert_with(problem);
    }
}

/// The distribution of the sample lengths.
fn quantiles(lengths: &[u32], lang: Lang) -> String {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let mean = sorted.iter().map(|&length| f64::from(length)).sum::<f64>() / sorted.len() as f64;
    let [shortest, tenth, median, ninety, ninety_nine, longest] = [0.0, 0.1, 0.5, 0.9, 0.99, 1.0].map(at);
    tr!(
        lang,
        "shortest {shortest}, 10% {tenth}, median {median}, 90% {ninety}, 99% {ninety_nine}, longest {longest}, mean {mean:.1}",
        "最短 {shortest}，10% {tenth}，中位数 {median}，90% {ninety}，99% {ninety_nine}，最长 {longest}，平均 {mean:.1}"
    )
}

/// The share of padding in batches, in file order and grouped by length.
fn padding_line(batch_size: usize, in_order: f64, grouped: f64) -> String {
    let computed = |share: f64| 1.0 / (1.0 - share);
    let saved = 1.0 - computed(grouped) / computed(in_order);
    let [in_order, grouped, saved] = [in_order, grouped, saved].map(|share| 100.0 * share);
    tr!(
        terminal::lang(),
        "padding in batches of {batch_size}: {in_order:.1}% in file order, {grouped:.1}% grouped by length: grouping saves {saved:.1}% of the positions",
        "每批 {batch_size} 个样本时的填充：按文件顺序 {in_order:.1}%，按长度分组 {grouped:.1}%：分组省去 {saved:.1}% 的位置"
    )
}

fn label_table(counts: &[(String, u64)], untyped: u64) -> String {
    let mut rows = vec![vec![
        tr!(terminal::lang(), "label", "标签"),
        "中文".to_owned(),
        tr!(terminal::lang(), "samples", "样本数"),
    ]];
    // In a file with custom types, built-in types that do not occur are left out.
    let has_custom = counts.len() > SemanticType::ALL.len();
    for (name, count) in counts.iter().filter(|(_, count)| !has_custom || *count > 0) {
        let chinese = SemanticType::from_code(name).map_or("", SemanticType::zh);
        rows.push(vec![name.clone(), chinese.to_owned(), count.to_string()]);
    }
    rows.push(vec!["(none)".to_owned(), "无".to_owned(), untyped.to_string()]);
    grid(&rows, &[2])
}
