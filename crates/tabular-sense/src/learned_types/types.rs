//! From a column to the probabilities of learned types.

use std::collections::BTreeMap;
use std::path::Path;

use drivetrain::data::{DataError, Fingerprint};
use drivetrain::nn::{NamedTensor, StateDict};
use drivetrain::train::{read_safetensors, write_safetensors};
use rayon::prelude::*;

use super::config::{Calibration, GivenShares, LearnedConfig};
use super::features::{BUCKETS, BlockWeights, ReadColumn, Row, Vectorizer, likeness};
use super::linear::{Costs, LinearModel};
use super::names::{NameParts, is_vague};
use super::read::{Column, ColumnReader};
use crate::decision::softmax;
use crate::error::{ModelError, Result};
use crate::labels::Labels;
use crate::probabilities::sigmoid;

/// The file of the weights, beside `config.json`.
const FILE: &str = "learned.safetensors";

/// The temperature of the softmax that turns the scores of mutually exclusive labels into probabilities.
const SHARPNESS: f64 = 1.0 / 3.0;

/// Types that were learned from examples.
pub struct LearnedTypes {
    config: LearnedConfig,
    reader: ColumnReader,
    scores: TypeScores,
    names: ExampleNames,
}

/// The names of the examples of each type.
#[derive(Clone, Default)]
pub(crate) struct ExampleNames(Vec<Vec<NameParts>>);

impl ExampleNames {
    pub(crate) fn of<'a, Names: Iterator<Item = &'a str>>(types: impl Iterator<Item = Names>) -> Self {
        Self(types.map(|names| names.filter(|name| !is_vague(name)).map(NameParts::of).collect()).collect())
    }

    /// How similar a name is to the most similar name of each type's examples.
    fn likeness(&self, name: &str) -> Vec<f64> {
        let parts = NameParts::of(name);
        let most = |names: &Vec<NameParts>| names.iter().map(|name| parts.likeness(name)).fold(0.0, f64::max);
        self.0.iter().map(most).collect()
    }
}

/// What is known of a column for each learned type.
#[derive(Clone, Debug)]
pub(crate) struct NamedScores {
    /// The scores from the classifier.
    pub(crate) scores: Vec<f32>,
    /// How similar the shapes of its values are to those of the most similar example.
    pub(crate) shapes: Vec<f64>,
    /// How strongly the network's own types for the column speak against each learned type: see [`claim`].
    pub(crate) claims: Vec<f64>,
    /// How similar its name is to those of the examples; `None` if the name says nothing.
    pub(crate) likeness: Option<Vec<f64>>,
}

/// The classifiers.
#[derive(Clone)]
pub(crate) struct TypeScores {
    vectorizer: Vectorizer,
    /// The classifier of a column alone.
    plain: LinearModel,
    /// The classifier of a column together with its context.
    in_context: Option<LinearModel>,
    /// The shapes of each example, and the types that it has.
    shapes: Vec<(Row, Vec<usize>)>,
}

/// Columns to which classifiers are fitted. The first `examples` are the user's; the others only show what is not one of the
/// types.
pub(crate) struct Fitting<'a> {
    pub(crate) columns: &'a [&'a ReadColumn],
    pub(crate) examples: usize,
    pub(crate) n_labels: usize,
    pub(crate) costs: Costs,
    /// Whether columns are also shown without their names.
    pub(crate) is_name_hidden: bool,
}

impl NamedScores {
    /// The features of a type: a constant, the score, and the similarities of the shapes and of the name.
    pub(crate) fn features<const N: usize>(&self, label: usize) -> [f64; N] {
        let likeness = self.likeness.as_ref().map_or(0.0, |likeness| likeness[label]);
        let all = [1.0, f64::from(self.scores[label]), self.shapes[label], likeness];
        std::array::from_fn(|at| all.get(at).copied().unwrap_or_default())
    }
}

/// How strongly the types that the network assigns to a column speak against a learned type: the share of the learned type's
/// examples to which the network does not assign them. If the network assigns several types, the largest of these shares; if
/// none, 0.
pub(crate) fn claim(given: &[String], of_examples: &GivenShares) -> f64 {
    given.iter().map(|label| 1.0 - of_examples.get(label).copied().unwrap_or(0.0)).fold(0.0, f64::max)
}

impl TypeScores {
    /// Fits the classifier of columns alone. `has` returns whether a column has a label.
    pub(crate) fn fit(fitting: &Fitting<'_>, weights: BlockWeights, has: impl Fn(usize, usize) -> bool + Sync) -> Self {
        let columns = fitting.columns;
        let vectorizer = Vectorizer::fit(columns.iter().copied(), weights);
        let hidden: Vec<usize> = match fitting.is_name_hidden {
            true => (0..columns.len()).filter(|at| *at < fitting.examples || at % 3 == 0).collect(),
            false => Vec::new(),
        };
        let of_examples = hidden.iter().filter(|at| **at < fitting.examples).count();
        // The examples come first, because the classifier uses only features that occur in them.
        let (own, others) = (0..fitting.examples, fitting.examples..columns.len());
        let order: Vec<(usize, bool)> = own
            .map(|at| (at, true))
            .chain(hidden[..of_examples].iter().map(|at| (*at, false)))
            .chain(others.map(|at| (at, true)))
            .chain(hidden[of_examples..].iter().map(|at| (*at, false)))
            .collect();
        let rows: Vec<Row> = order.par_iter().map(|(at, with_name)| vectorizer.row(columns[*at], *with_name)).collect();
        let known = fitting.examples + of_examples;
        let plain =
            LinearModel::fit(&rows, known, fitting.n_labels, fitting.costs, |row, label| has(order[row].0, label));
        let labels = |at: usize| (0..fitting.n_labels).filter(|label| has(at, *label)).collect();
        let shapes = (0..fitting.examples).map(|at| (vectorizer.shapes(columns[at]), labels(at))).collect();
        Self { vectorizer, plain, in_context: None, shapes }
    }

    /// The probable labels of each column in a column's context.
    pub(crate) fn likely(&self, column: &ReadColumn) -> Vec<Vec<f32>> {
        let of = |column: &ReadColumn| softmax(&self.plain.scores(&self.vectorizer.row(column, true)), SHARPNESS);
        column.context.iter().map(of).collect()
    }

    /// Fits the classifier of columns in their context. `likely` holds the probable labels of the columns in each context.
    pub(crate) fn fit_in_context(
        &mut self,
        fitting: &Fitting<'_>,
        likely: &[Vec<Vec<f32>>],
        has: impl Fn(usize, usize) -> bool + Sync,
    ) {
        let pairs: Vec<(&&ReadColumn, &Vec<Vec<f32>>)> = fitting.columns.iter().zip(likely).collect();
        let rows: Vec<Row> =
            pairs.par_iter().map(|(column, likely)| self.vectorizer.row_in_context(column, likely)).collect();
        self.in_context = Some(LinearModel::fit(&rows, rows.len(), fitting.n_labels, fitting.costs, has));
    }

    /// Whether the context of a column is used.
    pub(crate) const fn reads_context(&self) -> bool {
        self.in_context.is_some()
    }

    /// The score of each label.
    pub(crate) fn of(&self, column: &ReadColumn, with_name: bool) -> Vec<f32> {
        match self.in_context.as_ref().filter(|_| !column.context.is_empty()) {
            Some(model) => model.scores(&self.vectorizer.row_in_context(column, &self.likely(column))),
            None => self.plain.scores(&self.vectorizer.row(column, with_name)),
        }
    }

    fn likeness_of_shapes(&self, column: &ReadColumn, n_labels: usize) -> Vec<f64> {
        let mut most = vec![0.0; n_labels];
        let of_column = self.vectorizer.shapes(column);
        for (shapes, labels) in &self.shapes {
            let likeness = likeness(shapes, &of_column);
            labels.iter().for_each(|label| most[*label] = f64::max(most[*label], likeness));
        }
        most
    }

    /// The scores of a column, and the similarity of its name.
    pub(crate) fn named(&self, column: &ReadColumn, name: &str, names: &ExampleNames, claims: Vec<f64>) -> NamedScores {
        let tells = !is_vague(name);
        let shapes = self.likeness_of_shapes(column, claims.len());
        NamedScores { scores: self.of(column, tells), shapes, claims, likeness: tells.then(|| names.likeness(name)) }
    }
}

impl Calibration {
    /// The probability of each type.
    pub(crate) fn probabilities(&self, found: &NamedScores) -> Vec<f32> {
        let logit = |label: usize| match found.likeness {
            Some(_) => found.features::<4>(label).iter().zip(&self.named).map(|(value, weight)| value * weight).sum(),
            None => found.features::<3>(label).iter().zip(&self.nameless).map(|(value, weight)| value * weight).sum(),
        };
        let margin = |label: usize| self.margin * found.claims[label];
        (0..found.scores.len()).map(|label| (sigmoid(logit(label)) - margin(label)).max(0.0) as f32).collect()
    }
}

impl LearnedTypes {
    pub(crate) fn new(config: LearnedConfig, reader: ColumnReader, scores: TypeScores) -> Self {
        let names = ExampleNames::of(config.types.iter().map(|of| of.columns.iter().map(String::as_str)));
        Self { config, reader, scores, names }
    }

    /// Loads the types of a model's folder.
    ///
    /// # Errors
    /// When their file is missing or damaged, or holds other types than `config.json` says.
    pub(crate) fn load(folder: &Path, config: LearnedConfig, reader: ColumnReader, labels: &Labels) -> Result<Self> {
        let path = folder.join(FILE);
        let state = read_safetensors(&path)?;
        let scores = TypeScores::from_state(state, config.features, config.types.len())
            .map_err(|problem| ModelError::Learned { path: path.clone(), problem })?;
        let own: Vec<&str> = config.types.iter().map(|of| of.name.as_str()).collect();
        let known: Vec<&str> = labels.names().skip(labels.len().saturating_sub(own.len())).collect();
        if own != known || scores.in_context.is_some() != config.context {
            return Err(ModelError::Learned { path, problem: "it is of other types".into() }.into());
        }
        Ok(Self::new(config, reader, scores))
    }

    /// The fingerprint of the file of the weights in a folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn file_fingerprint(folder: &Path) -> Result<Fingerprint> {
        Ok(Fingerprint::of_file(folder.join(FILE))?)
    }

    /// Writes the file of the weights to a folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn save(folder: &Path, scores: &TypeScores) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(|source| DataError::Io { path: folder.to_path_buf(), source })?;
        // An earlier model in the folder becomes invalid first, because its types are about to be replaced.
        let _ = std::fs::remove_file(folder.join("config.json"));
        Ok(write_safetensors(&folder.join(FILE), &scores.state())?)
    }

    /// Whether the context of a column is used.
    pub(crate) const fn reads_context(&self) -> bool {
        self.config.context
    }

    /// The probabilities of the learned types for columns; `given` holds the types that the network assigns to each column.
    pub(crate) fn probabilities(&self, columns: &[Column<'_>], given: &[Vec<String>]) -> Vec<Vec<f32>> {
        let read = self.reader.read(columns, self.config.context);
        let of = |((read, column), given): ((&ReadColumn, &Column<'_>), &Vec<String>)| match &self.config.calibration {
            Some(calibration) if column.values.iter().any(|value| !value.trim().is_empty()) => {
                let claims = self.config.types.iter().map(|of| claim(given, &of.given)).collect();
                calibration.probabilities(&self.scores.named(read, column.name, &self.names, claims))
            }
            // A name alone is not enough to identify a learned type.
            Some(_) => vec![0.0; self.config.types.len()],
            None => softmax(&self.scores.of(read, true), SHARPNESS),
        };
        read.par_iter().zip(columns).zip(given).map(of).collect()
    }

    /// The probability from which a learned type is assigned.
    pub(crate) fn threshold(&self) -> f64 {
        self.config.calibration.as_ref().map_or(0.0, |calibration| calibration.threshold)
    }

    /// Whether a learned type and another label exclude each other, because no example of the learned type has the other label.
    pub(crate) fn excludes(&self, learned: usize, other: &str) -> bool {
        let of = &self.config.types[learned];
        of.name != other && !of.with.iter().any(|with| with == other)
    }
}

impl TypeScores {
    fn state(&self) -> StateDict {
        let Vectorizer { idf, mean, scale, .. } = &self.vectorizer;
        let mut tensors = BTreeMap::new();
        let mut add = |name: String, shape: Vec<usize>, values: Vec<f32>| {
            tensors.insert(name, NamedTensor { shape, values });
        };
        for (name, values) in [("idf", idf), ("mean", mean), ("scale", scale)] {
            add(name.to_owned(), vec![values.len()], values.clone());
        }
        for (name, model) in [("plain", Some(&self.plain)), ("in_context", self.in_context.as_ref())] {
            let Some(LinearModel { ids, weights, bias }) = model else { continue };
            // Ids are below 2²⁴, so f32 represents them exactly.
            add(format!("{name}.features"), vec![ids.len()], ids.iter().map(|id| *id as f32).collect());
            add(format!("{name}.weights"), vec![ids.len(), bias.len()], weights.clone());
            add(format!("{name}.bias"), vec![bias.len()], bias.clone());
        }
        let ids: Vec<f32> = self.shapes.iter().flat_map(|(row, _)| row.iter().map(|(id, _)| *id as f32)).collect();
        let values: Vec<f32> = self.shapes.iter().flat_map(|(row, _)| row.iter().map(|(_, value)| *value)).collect();
        let lengths: Vec<f32> = self.shapes.iter().map(|(row, _)| row.len() as f32).collect();
        let has = |(_, labels): &(Row, Vec<usize>)| {
            (0..self.plain.bias.len()).map(|label| f32::from(u8::from(labels.contains(&label)))).collect::<Vec<f32>>()
        };
        let labels: Vec<f32> = self.shapes.iter().flat_map(has).collect();
        add("shapes.labels".into(), vec![lengths.len(), self.plain.bias.len()], labels);
        for (name, values) in [("features", ids), ("values", values), ("lengths", lengths)] {
            add(format!("shapes.{name}"), vec![values.len()], values);
        }
        StateDict { tensors }
    }

    fn from_state(mut state: StateDict, weights: BlockWeights, n_labels: usize) -> Result<Self, String> {
        let mut take = |name: &str| {
            let tensor = state.tensors.remove(name).ok_or_else(|| format!("the tensor `{name}` is missing"))?;
            let is_finite = tensor.values.iter().all(|value| value.is_finite());
            if is_finite {
                Ok(tensor.values)
            } else {
                Err(format!("the tensor `{name}` holds numbers that are not finite"))
            }
        };
        let (idf, mean, scale) = (take("idf")?, take("mean")?, take("scale")?);
        if idf.len() != BUCKETS as usize || mean.len() != scale.len() {
            return Err("its tensors are of other sizes".into());
        }
        let mut model = |name: &str| -> Result<LinearModel, String> {
            let ids: Vec<u32> = take(&format!("{name}.features"))?.into_iter().map(|id| id as u32).collect();
            let (weights, bias) = (take(&format!("{name}.weights"))?, take(&format!("{name}.bias"))?);
            let fits = bias.len() == n_labels && weights.len() == ids.len() * n_labels && ids.is_sorted();
            if fits { Ok(LinearModel { ids, weights, bias }) } else { Err(format!("`{name}` is of other sizes")) }
        };
        let plain = model("plain")?;
        let in_context = model("in_context").ok();
        let mut shape = |name: &str| take(&format!("shapes.{name}"));
        let shapes = shapes_of(&shape("features")?, &shape("values")?, &shape("lengths")?, &shape("labels")?, n_labels);
        let shapes = shapes.ok_or("the shapes of examples are of other sizes")?;
        Ok(Self { vectorizer: Vectorizer { idf, mean, scale, weights }, plain, in_context, shapes })
    }
}

/// The stored shapes of the examples; `None` if the sizes of the tensors do not match.
fn shapes_of(
    ids: &[f32],
    values: &[f32],
    lengths: &[f32],
    labels: &[f32],
    n_labels: usize,
) -> Option<Vec<(Row, Vec<usize>)>> {
    if ids.len() != values.len() || labels.len() != lengths.len() * n_labels {
        return None;
    }
    let mut rest = ids.iter().map(|id| *id as u32).zip(values.iter().copied());
    let mut shapes = Vec::with_capacity(lengths.len());
    for (at, length) in lengths.iter().enumerate() {
        let row: Row = rest.by_ref().take(*length as usize).collect();
        let of_example = &labels[at * n_labels..(at + 1) * n_labels];
        let labels = (0..n_labels).filter(|label| of_example[*label] > 0.0).collect();
        shapes.push((row, labels));
    }
    rest.next().is_none().then_some(shapes)
}
