//! Labelled columns of real tables, and what a model's answers on them are worth.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use drivetrain::random::Random;
use drivetrain::terminal::counted;
use drivetrain::tr;
use drivetrain::train::{ClassCounts, ClassFigures, Rates};
use serde::{Deserialize, Serialize};

use crate::error::{UserError, in_words};
use crate::evidence::Verdict;
use crate::model::{Answer, Thresholds};
use crate::terminal::lang;
use drivetrain::terminal::{figure, grid};
use tabular_sense_synth::sample::{ColumnSample, parse_line};
use tabular_sense_synth::types::{SemanticType, TypeSet};

/// A type counts towards the second macro-F1 when so many columns are of it: of fewer, one more or less decides.
const LEAST_SUPPORT: u64 = 8;

/// Draws of the bootstrap.
const DRAWS: u64 = 1000;

/// A labelled column of a file.
#[derive(Clone, Debug)]
pub struct LabelledColumn {
    /// The name it has there.
    pub id: String,
    /// The column.
    pub sample: ColumnSample,
    /// A second reader could disagree.
    pub ambiguous: bool,
    /// `zh`, `en`, …; empty where nobody said.
    pub lang: String,
    /// The table it is from.
    pub source: String,
}

/// The parts of a line beside the sample; each is optional.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    id: Option<String>,
    ambiguous: bool,
    lang: String,
    source: Option<String>,
}

/// Reads labelled columns, one a line in either form of a sample file.
///
/// # Errors
/// Names the line that is none.
pub fn read_columns(path: &Path) -> Result<Vec<LabelledColumn>, UserError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let error = in_words(&error);
        UserError::new(tr!(
            lang(),
            "cannot read the labelled columns in {shown}: {error}",
            "无法读取 {shown} 中带标签的列：{error}"
        ))
        .hint(tr!(
            lang(),
            "one column a line, as in a sample file; docs/formats.md says what else a line may say",
            "每行一列，与样本文件相同；每行还可以写什么，见 docs/formats.md"
        ))
    })?;
    let mut columns = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let sample = parse_line(line).map_err(|problem| {
            let problem = in_words(&problem);
            UserError::new(tr!(lang(), "{shown}:{number}: {problem}", "{shown}:{number}：{problem}"))
        })?;
        let Extra { id, ambiguous, lang, source } = serde_json::from_str(line).unwrap_or_default();
        let id = id.unwrap_or_else(|| number.to_string());
        // A column that does not say where it is from is a source of its own.
        let source = source.unwrap_or_else(|| id.clone());
        columns.push(LabelledColumn { id, sample, ambiguous, lang, source });
    }
    if columns.is_empty() {
        return Err(UserError::new(tr!(lang(), "{shown} holds no columns", "{shown} 中没有列")));
    }
    Ok(columns)
}

/// The figures of a type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeReport {
    pub(crate) r#type: String,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
    pub(crate) support: u64,
    /// How often a type that is never true was given; 0 for other types, and in earlier files.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) given_in_vain: u64,
    /// A 95 % interval of the F1 over sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) f1_interval: Option<[f64; 2]>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl TypeReport {
    /// The metrics of one type.
    #[must_use]
    pub fn new(label: SemanticType, figures: ClassFigures) -> Self {
        let ClassFigures { rates: Rates { precision, recall, f1 }, support, predicted } = figures;
        let given_in_vain = if support == 0 { predicted } else { 0 };
        Self { r#type: label.code().into(), precision, recall, f1, support, given_in_vain, f1_interval: None }
    }
}

/// Types and their figures as a table.
#[must_use]
pub fn type_table(types: &[TypeReport], with_intervals: bool) -> String {
    let mut head = ["type", "precision", "recall", "F1", "support"].map(str::to_owned).to_vec();
    if with_intervals {
        head.push("F1, 95 %".to_owned());
    }
    let mut rows = vec![head];
    rows.extend(types.iter().map(|row| {
        // A type that is neither true nor given has no rates; one that is only given counts as 0, as in the macro-F1.
        let share = |value: f64| format!("{value:.4}");
        let occurs = row.support > 0 || row.given_in_vain > 0;
        let of_true = |value: f64| if occurs { share(value) } else { "–".to_owned() };
        let mut cells = vec![
            row.r#type.clone(),
            share(row.precision),
            of_true(row.recall),
            of_true(row.f1),
            row.support.to_string(),
        ];
        cells.extend(row.f1_interval.map(|[low, high]| format!("{low:.2}–{high:.2}")));
        cells
    }));
    grid(&rows, &[1, 2, 3, 4])
}

/// A column, and the types that it was given.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// With its true types.
    pub column: &'a LabelledColumn,
    /// What the model says.
    pub given: TypeSet,
}

/// What a model's answers are worth: on all columns, without the ambiguous, and language by language.
#[derive(Debug, Serialize)]
pub struct ColumnsReport {
    parts: Vec<Part>,
    types: Vec<TypeReport>,
    /// What the evidence beside the model took from its answers and added to them, type by type.
    findings: Vec<FindingsReport>,
}

/// Verdicts that changed the answer, of one type.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Changed {
    /// How many.
    columns: usize,
    /// Those of them that are right to.
    right: usize,
}

/// What the evidence beside the model did to one type.
#[derive(Debug, Serialize)]
struct FindingsReport {
    r#type: &'static str,
    withheld: Changed,
    contradicted: Changed,
    settled: Changed,
}

#[derive(Debug, Serialize)]
struct Part {
    what: String,
    columns: usize,
    micro_f1: f64,
    /// 95 %, by drawing sources with replacement: columns of one table stand or fall together.
    micro_f1_interval: [f64; 2],
    precision: f64,
    recall: f64,
    /// The mean over the types with at least eight columns, where there are such.
    macro_f1: Option<f64>,
    macro_types: usize,
    /// The mean over all types that occur, in truth or in what is given, as in training: [`Rates::macro_mean`].
    macro_f1_occurring: Option<f64>,
    macro_types_occurring: usize,
    exact_match: f64,
    no_type_columns: usize,
    /// None where every column has a type.
    no_type_left_empty: Option<f64>,
}

impl ColumnsReport {
    /// Measures.
    #[must_use]
    pub fn of(judged: &[Judged<'_>]) -> Self {
        let part = |what: &str, is_in: &dyn Fn(&LabelledColumn) -> bool| {
            let chosen: Vec<Judged<'_>> = judged.iter().copied().filter(|judged| is_in(judged.column)).collect();
            (!chosen.is_empty()).then(|| Part::of(what, &chosen))
        };
        let mut parts: Vec<Part> = part("all columns", &|_| true).into_iter().collect();
        if judged.iter().any(|judged| judged.column.ambiguous) {
            parts.extend(part("without the ambiguous", &|column| !column.ambiguous));
        }
        let mut langs: Vec<&str> = judged.iter().map(|judged| judged.column.lang.as_str()).collect();
        langs.sort_unstable();
        langs.dedup();
        if langs.len() > 1 {
            parts.extend(langs.iter().filter_map(|lang| part(&format!("lang {lang}"), &|column| column.lang == *lang)));
        }
        let by_source = by_source(judged);
        let totals = type_counts(judged);
        let types = SemanticType::ALL
            .into_iter()
            .filter(|label| totals[label.index()].figures().support > 0)
            .map(|label| {
                let f1 = |counts: &[ClassCounts]| counts[label.index()].rates().f1;
                let interval = Some(bootstrap(&by_source, f1));
                TypeReport { f1_interval: interval, ..TypeReport::new(label, totals[label.index()].figures()) }
            })
            .collect();
        Self { parts, types, findings: Vec::new() }
    }

    /// Counts what the evidence beside the model took from the answers and added to them.
    pub fn count_findings(&mut self, judged: &[Judged<'_>], answers: &[Answer], thresholds: &Thresholds) {
        for label in SemanticType::ALL {
            let [mut withheld, mut contradicted, mut settled] = [Changed::default(); 3];
            for (Judged { column, given }, answer) in judged.iter().zip(answers) {
                let Some(finding) = answer.findings.iter().find(|finding| finding.label == label) else { continue };
                let was_given = f64::from(finding.model) >= thresholds[label.index()];
                let is_given = given.contains(label);
                let changed = match finding.verdict {
                    Verdict::Withheld(_) => &mut withheld,
                    Verdict::Contradicted(_) => &mut contradicted,
                    _ => &mut settled,
                };
                changed.columns += usize::from(was_given != is_given);
                changed.right += usize::from(was_given != is_given && is_given == column.sample.labels.contains(label));
            }
            if withheld.columns + contradicted.columns + settled.columns > 0 {
                self.findings.push(FindingsReport { r#type: label.code(), withheld, contradicted, settled });
            }
        }
    }
}

impl fmt::Display for ColumnsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            writeln!(f, "{}", part.headline())?;
        }
        write!(f, "\n{}", type_table(&self.types, true))?;
        if self.findings.is_empty() {
            return Ok(());
        }
        let cell = |changed: Changed| format!("{} of {}", changed.right, changed.columns);
        let head =
            ["type", "withheld, rightly", "contradicted, rightly", "settled, rightly"].map(str::to_owned).to_vec();
        let row = |one: &FindingsReport| {
            vec![one.r#type.to_owned(), cell(one.withheld), cell(one.contradicted), cell(one.settled)]
        };
        let rows: Vec<Vec<String>> = [head].into_iter().chain(self.findings.iter().map(row)).collect();
        write!(f, "\n\n{}", grid(&rows, &[1, 2, 3]))
    }
}

impl Part {
    /// The metrics of a part in one line.
    fn headline(&self) -> String {
        let [low, high] = self.micro_f1_interval;
        let Self { what, columns, micro_f1, precision, recall, macro_types, exact_match, no_type_columns, .. } = self;
        let (occurring, macro_f1) = (figure(self.macro_f1_occurring), figure(self.macro_f1));
        let (types, empty) = (self.macro_types_occurring, figure(self.no_type_left_empty));
        let counted = counted(types as u64, "type", "types");
        let occur = if types == 1 { "occurs" } else { "occur" };
        tr!(
            lang(),
            "{what} ({columns}): micro-F1 {micro_f1:.4} [{low:.3}–{high:.3}]  precision {precision:.4}  recall {recall:.4}  \
             macro-F1 {occurring} over {counted} that {occur}, {macro_f1} over {macro_types} with {LEAST_SUPPORT} columns or \
             more  exact match {exact_match:.4}  no-type columns left empty {empty} of {no_type_columns}",
            "{what}（{columns} 列）：微平均 F1 {micro_f1:.4} [{low:.3}–{high:.3}]  精确率 {precision:.4}  召回率 {recall:.4}  \
             宏平均 F1 {occurring}（出现的 {types} 种类型），{macro_f1}（不少于 {LEAST_SUPPORT} 列的 {macro_types} 种）  \
             完全匹配 {exact_match:.4}  无类型的 {no_type_columns} 列中留空 {empty}"
        )
    }
}

fn type_counts(judged: &[Judged<'_>]) -> Vec<ClassCounts> {
    let mut counts = vec![ClassCounts::default(); SemanticType::ALL.len()];
    for Judged { column, given } in judged {
        for label in SemanticType::ALL {
            counts[label.index()].add(given.contains(label), column.sample.labels.contains(label));
        }
    }
    counts
}

fn by_source(judged: &[Judged<'_>]) -> Vec<Vec<ClassCounts>> {
    let mut sources: BTreeMap<&str, Vec<Judged<'_>>> = BTreeMap::new();
    for one in judged {
        sources.entry(&one.column.source).or_default().push(*one);
    }
    sources.values().map(|judged| type_counts(judged)).collect()
}

fn sum<'a>(counts: impl Iterator<Item = &'a ClassCounts>) -> ClassCounts {
    counts.fold(ClassCounts::default(), |sum, one| ClassCounts {
        true_positive: sum.true_positive + one.true_positive,
        false_positive: sum.false_positive + one.false_positive,
        false_negative: sum.false_negative + one.false_negative,
    })
}

fn micro_f1(counts: &[ClassCounts]) -> f64 {
    sum(counts.iter()).rates().f1
}

/// The middle 95 % of a figure over draws of as many sources as there are, with replacement (Efron 1979).
fn bootstrap(by_source: &[Vec<ClassCounts>], figure: impl Fn(&[ClassCounts]) -> f64) -> [f64; 2] {
    let random = Random::new(0, "bootstrap");
    let mut found: Vec<f64> = (0..DRAWS)
        .map(|i| {
            let mut draw = random.at(i).draws();
            let drawn: Vec<&Vec<ClassCounts>> = by_source.iter().map(|_| draw.pick(by_source)).collect();
            let counts: Vec<ClassCounts> =
                (0..SemanticType::ALL.len()).map(|class| sum(drawn.iter().map(|counts| &counts[class]))).collect();
            figure(&counts)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |share: f64| found[((found.len() - 1) as f64 * share).round() as usize];
    [at(0.025), at(0.975)]
}

impl Part {
    fn of(what: &str, judged: &[Judged<'_>]) -> Self {
        let counts = type_counts(judged);
        let rates = sum(counts.iter()).rates();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let occurring = counts.iter().filter(|class| class.occurs()).count();
        let frequent: Vec<f64> = counts
            .iter()
            .map(ClassCounts::figures)
            .filter(|figures| figures.support >= LEAST_SUPPORT)
            .map(|figures| figures.rates.f1)
            .collect();
        let exact = judged.iter().filter(|one| one.given == one.column.sample.labels).count();
        let untyped: Vec<&Judged<'_>> = judged.iter().filter(|one| one.column.sample.labels.is_empty()).collect();
        let left_empty = untyped.iter().filter(|one| one.given.is_empty()).count();
        Self {
            what: what.to_owned(),
            columns: judged.len(),
            micro_f1: rates.f1,
            micro_f1_interval: bootstrap(&by_source(judged), micro_f1),
            precision: rates.precision,
            recall: rates.recall,
            macro_f1: (!frequent.is_empty()).then(|| frequent.iter().sum::<f64>() / frequent.len() as f64),
            macro_types: frequent.len(),
            macro_f1_occurring: (occurring > 0).then(|| Rates::macro_mean(&counts).f1),
            macro_types_occurring: occurring,
            exact_match: share(exact, judged.len()),
            no_type_columns: untyped.len(),
            no_type_left_empty: (!untyped.is_empty()).then(|| share(left_empty, untyped.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(id: usize, labels: &[SemanticType]) -> LabelledColumn {
        let sample = ColumnSample { name: "x".into(), values: vec!["1".into()], labels: TypeSet::of(labels) };
        let source = (id / 2).to_string();
        LabelledColumn { id: id.to_string(), sample, ambiguous: id == 0, lang: "en".into(), source }
    }

    #[test]
    fn figures_are_counted_over_columns_and_intervals_over_sources() {
        let (age, int) = (SemanticType::Age, SemanticType::Int);
        // Ten ages, of which the last is missed; two of nothing, of which one is given int.
        let columns: Vec<LabelledColumn> =
            (0..12).map(|id| column(id, if id < 10 { &[SemanticType::Age] } else { &[] })).collect();
        let given = |id: usize| match id {
            ..=8 => TypeSet::of(&[age]),
            10 => TypeSet::of(&[int]),
            _ => TypeSet::EMPTY,
        };
        let judged: Vec<Judged<'_>> =
            columns.iter().enumerate().map(|(id, column)| Judged { column, given: given(id) }).collect();
        let report = ColumnsReport::of(&judged);
        let all = &report.parts[0];
        assert_eq!((all.precision, all.recall, all.exact_match), (0.9, 0.9, 10.0 / 12.0));
        assert_eq!((all.macro_types, all.no_type_columns, all.no_type_left_empty), (1, 2, Some(0.5)));
        assert!(all.macro_f1.is_some_and(|f1| (f1 - 18.0 / 19.0).abs() < 1e-12));
        // Of the types that occur, int is given once and never true.
        assert_eq!(all.macro_types_occurring, 2);
        assert!(all.macro_f1_occurring.is_some_and(|f1| (f1 - 9.0 / 19.0).abs() < 1e-12));
        // So the table has its F1, and none for a type that does not occur.
        let types = [int, SemanticType::Phone].map(|label| {
            let is = |one: &TypeSet| one.contains(label);
            let mut counts = ClassCounts::default();
            judged.iter().for_each(|one| counts.add(is(&one.given), is(&one.column.sample.labels)));
            TypeReport::new(label, counts.figures())
        });
        let table = type_table(&types, false);
        let row = |code: &str| table.lines().find(|line| line.starts_with(code)).expect("a row").to_owned();
        assert!(!row("int").contains('–') && row("phone").contains('–'), "{table}");
        let [low, high] = all.micro_f1_interval;
        assert!(0.6 < low && low < 0.9 && 0.9 < high && high <= 1.0, "{low} {high}");
        assert_eq!(report.parts[1].columns, 11);
    }
}
