use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{BatchSampler, Batched, LengthGroups, LineIndex, Sequential, Stop, Tokenizer, padding_share};
use drivetrain::terminal::{Lang, counted};
use drivetrain::tr;
use drivetrain::train::{Loaded, Monitor};

use super::default_run::DEFAULT_RUN;
use drivetrain::terminal::grid;
use tabular_sense::run::{RunFolder, existing_config};

use crate::error::{UserError, in_words};
use crate::progress::Bars;
use crate::terminal;
use tabular_sense_synth::sample::{ColumnSample, SampleLine};
use tabular_sense_synth::types::SemanticType;

/// Show the sample lengths, label counts and padding of a sample file, or the state of a run.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Inspect this sample file or run folder.
    #[arg(value_name = "FILE|FOLDER", default_value = DEFAULT_RUN)]
    path: PathBuf,
    /// Measure the lengths of a sample file in tokens of this tokenizer [default: in characters].
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// Compute the padding of a sample file for batches of this size.
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,
}

pub(super) fn run(args: &Args) -> Result<()> {
    if args.path.is_dir() { inspect_run(&args.path) } else { inspect_samples(args) }
}

fn inspect_samples(args: &Args) -> Result<()> {
    let tokenizer = args.tokenizer.as_deref().map(Tokenizer::load).transpose()?;
    let index = LineIndex::open(&args.path, &Bars::new(&Stop::new()))?;
    let mut lengths: Vec<u32> = Vec::with_capacity(index.len());
    let mut label_counts: Vec<(String, u64)> =
        SemanticType::ALL.iter().map(|label| (label.code().to_owned(), 0)).collect();
    let (mut untyped, mut bad, mut first_bad) = (0_u64, 0_u64, None);
    for i in 0..index.len() {
        let line = index.read_line(i);
        let column = match line.as_ref().map(|line| SampleLine::parse(line)) {
            Ok(Ok(column)) => column,
            Ok(Err(problem)) => {
                bad += 1;
                first_bad.get_or_insert_with(|| {
                    let (line, problem) = (index.line_number(i), in_words(&problem));
                    tr!(terminal::lang(), "line {line}: {problem}", "第 {line} 行：{problem}")
                });
                continue;
            }
            Err(error) => {
                bad += 1;
                first_bad.get_or_insert_with(|| in_words(error));
                continue;
            }
        };
        let values = column.values().map(str::to_owned).collect();
        let sample = ColumnSample { name: column.name().to_owned(), values, ..ColumnSample::default() };
        let text = tabular_sense::input::text_of(&sample);
        lengths.push(tokenizer.as_ref().map_or_else(|| text.chars().count(), |t| t.encode(&text).len()) as u32);
        untyped += u64::from(column.label_names().next().is_none());
        for name in column.label_names() {
            match label_counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => label_counts.push((name.to_owned(), 1)),
            }
        }
    }
    let lang = terminal::lang();
    let (path, samples, fingerprint) = (args.path.display(), lengths.len(), index.fingerprint().short());
    let counted = counted(samples as u64, "sample", "samples");
    say!(
        "{}",
        tr!(lang, "{path}: {counted}, fingerprint {fingerprint}", "{path}：{samples} 个样本，指纹 {fingerprint}")
    );
    if let Some(problem) = first_bad {
        let what = if bad == 1 { "line is no sample" } else { "lines are no samples" };
        say!("{}", tr!(lang, "{bad} {what}; the first: {problem}", "{bad} 行不是样本；第一处：{problem}"));
    }
    if lengths.is_empty() {
        let path = args.path.display();
        return Err(
            UserError::new(tr!(terminal::lang(), "{path} holds no usable sample", "{path} 中没有可用的样本")).into()
        );
    }
    let unit = match (tokenizer.is_some(), lang) {
        (true, Lang::En) => "tokens",
        (false, Lang::En) => "characters",
        (true, Lang::Zh) => "词元",
        (false, Lang::Zh) => "字符",
    };
    let quantiles = quantiles(&lengths, lang);
    say!("\n{}", tr!(lang, "length in {unit}: {quantiles}", "长度（{unit}）：{quantiles}"));
    let batch_size = args.batch_size as usize;
    let in_order = padding_share(&Batched::new(Sequential::new(lengths.len()), batch_size, false)?.plan(0), &lengths);
    let grouped = padding_share(&LengthGroups::new(&lengths, batch_size, 0, false)?.plan(0), &lengths);
    say!("{}", say_padding(batch_size, in_order, grouped));
    say!("\n{}", label_table(&label_counts, untyped));
    Ok(())
}

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

fn say_padding(batch_size: usize, in_order: f64, grouped: f64) -> String {
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
    // In a file of labels of its own, built-in types that do not occur are left out.
    let is_own = counts.len() > SemanticType::ALL.len();
    for (name, count) in counts.iter().filter(|(_, count)| !is_own || *count > 0) {
        let chinese = SemanticType::from_code(name).map_or("", SemanticType::zh);
        rows.push(vec![name.clone(), chinese.to_owned(), count.to_string()]);
    }
    rows.push(vec!["(none)".to_owned(), "无".to_owned(), untyped.to_string()]);
    grid(&rows, &[2])
}

fn inspect_run(path: &Path) -> Result<()> {
    let run = RunFolder::new(path);
    let config = existing_config(&run)?;
    let store = run.checkpoints();
    let lang = terminal::lang();
    say!("{}", path.display());
    if store.is_empty() {
        say!("{}", tr!(lang, "no checkpoint yet", "还没有检查点"));
        return Ok(());
    }
    let Loaded { path: newest, checkpoint, damaged } = store.load_latest()?;
    for problem in damaged {
        let problem = in_words(&problem);
        say!("{}", tr!(lang, "damaged: {problem}", "已损坏：{problem}"));
    }
    let state = &checkpoint.meta.state;
    let at = state.position;
    let status = if state.stopped_early {
        tr!(lang, "ended by early stopping", "因早停而结束")
    } else if at.epoch >= config.trainer.epochs {
        tr!(lang, "complete", "已完成")
    } else {
        tr!(lang, "unfinished", "未完成")
    };
    let (epoch, batch, step) = (at.epoch + 1, at.batch, at.step);
    say!(
        "{}",
        tr!(
            lang,
            "state: {status}; next is epoch {epoch}, batch {batch}, step {step}",
            "状态：{status}；接下来是第 {epoch} 轮，第 {batch} 批，第 {step} 步"
        )
    );
    let newest = newest.display();
    say!("{}", tr!(lang, "newest whole checkpoint: {newest}", "最新的完整检查点：{newest}"));
    if let Some(best) = state.best {
        let (value, epoch, step) = (best.value, best.epoch + 1, best.step);
        let name = match &state.monitored.monitor {
            Monitor::Loss => tr!(lang, "validation loss", "验证损失"),
            Monitor::Score => tr!(lang, "score", "分数"),
            metric => metric.name().to_owned(),
        };
        say!(
            "{}",
            tr!(
                lang,
                "best: {name} {value:.5} in epoch {epoch}, step {step}",
                "最佳：第 {epoch} 轮第 {step} 步，{name} {value:.5}"
            )
        );
    }
    let skipped = state.skipped_batches;
    if skipped > 0 {
        say!(
            "{}",
            tr!(
                lang,
                "batches skipped for a non-finite loss or gradient, or a loss spike: {skipped}",
                "因损失或梯度不是有限数，或损失突增而跳过的批次：{skipped}"
            )
        );
    }
    let (count, patience) = (state.early_stop.count(), state.early_stop.patience());
    say!(
        "{}",
        tr!(
            lang,
            "early stopping: {count} of {patience} validations without improvement",
            "早停：{patience} 次验证中已有 {count} 次没有改进"
        )
    );
    let (dropout, rate) = (state.dropout.current(), state.learning_rate.at(at.step));
    say!("{}", tr!(lang, "dropout {dropout:.3}, learning rate {rate:.3e}", "dropout {dropout:.3}，学习率 {rate:.3e}"));
    let parameters = checkpoint.model.num_values();
    say!("{}", tr!(lang, "parameters: {parameters}", "参数：{parameters}"));
    let is_exported = run.file("export/config.json").exists();
    let export =
        if is_exported { run.file("export").display().to_string() } else { tr!(lang, "none yet", "还没有") };
    say!("{}\n", tr!(lang, "exported model: {export}", "导出的模型：{export}"));
    let head = match lang {
        Lang::En => ["epoch", "step", "train loss", "val loss", "score", "lr", "dropout"],
        Lang::Zh => ["轮", "步", "训练损失", "验证损失", "分数", "学习率", "dropout"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(state.history.iter().map(|record| {
        vec![
            (record.epoch + 1).to_string(),
            record.step.to_string(),
            format!("{:.4}", record.train_loss),
            format!("{:.4}", record.validation_loss),
            format!("{:.4}", record.score),
            format!("{:.2e}", record.learning_rate),
            format!("{:.3}", record.dropout),
        ]
    }));
    say!("{}", grid(&rows, &[0, 1, 2, 3, 4, 5, 6]));
    Ok(())
}
