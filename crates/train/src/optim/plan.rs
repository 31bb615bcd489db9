//! What the groups of a configuration mean for each parameter of a model.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::Tensor;
use drivetrain_nn::{ParamPath, ParamVisitor, visit_params};

use super::config::OptimizerConfig;
use super::groups::{Decayed, ParamGroup};
use super::layer_decay::LayerDecay;
use super::pattern;
use crate::{Result, TrainError};

/// How one parameter is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ParamPlan {
    /// Of the learning rate: the group's factor times the layer's.
    pub(super) rate_factor: f64,
    pub(super) weight_decay: f64,
    pub(super) frozen: bool,
}

/// How each parameter is trained.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Those that differ from the default, by their paths.
    special: BTreeMap<String, ParamPlan>,
    default: ParamPlan,
}

impl Plan {
    /// # Errors
    /// When a pattern matches no parameter, every parameter is frozen, or `layer_decay` is set but no layer is numbered.
    pub(super) fn new<M: Module>(model: &M, config: &OptimizerConfig) -> Result<Self> {
        let default = ParamPlan { rate_factor: 1.0, weight_decay: config.weight_decay(), frozen: false };
        let mut params = Params(Vec::new());
        visit_params(model, &mut params);
        let params = params.0;
        config.groups.iter().flat_map(|group| &group.params).try_for_each(|pattern| check(pattern, &params))?;
        let layers = LayerDecay::new(config.layer_decay, params.iter().map(|param| param.component.as_str()))?;
        let plan_of = |param: &ModelParam| {
            let exempt = config.decayed == Decayed::Matrices && !param.is_matrix;
            let base = ParamPlan {
                rate_factor: layers.factor(&param.component, param.is_embedding),
                weight_decay: if exempt { 0.0 } else { default.weight_decay },
                ..default
            };
            group_of(&param.name, &config.groups).map_or(base, |group| ParamPlan {
                rate_factor: base.rate_factor * group.learning_rate_factor,
                weight_decay: group.weight_decay.unwrap_or(base.weight_decay),
                frozen: group.frozen,
            })
        };
        let plans: Vec<ParamPlan> = params.iter().map(plan_of).collect();
        if !plans.is_empty() && plans.iter().all(|plan| plan.frozen) {
            return Err(TrainError::NothingToTrain { parameters: plans.len() });
        }
        let special = params.into_iter().zip(plans).filter(|(_, plan)| *plan != default);
        Ok(Self { special: special.map(|(param, plan)| (param.path, plan)).collect(), default })
    }

    /// How the parameter at `path` is trained.
    pub(super) fn of(&self, path: &str) -> ParamPlan {
        self.special.get(path).copied().unwrap_or(self.default)
    }
}

/// The last group that `name` belongs to.
fn group_of<'a>(name: &str, groups: &'a [ParamGroup]) -> Option<&'a ParamGroup> {
    groups.iter().rev().find(|group| group.params.iter().any(|pattern| pattern::matches(pattern, name)))
}

/// How many names an error lists.
const LISTED: usize = 3;

/// Whether `pattern` matches a parameter.
fn check(pattern: &str, params: &[ModelParam]) -> Result<()> {
    if params.iter().any(|param| pattern::matches(pattern, &param.name)) {
        return Ok(());
    }
    let mut closest: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
    closest.sort_by_key(|name| pattern::distance(pattern, name));
    let closest = closest.into_iter().take(LISTED).map(str::to_owned).collect();
    Err(TrainError::NoSuchParameter { pattern: pattern.to_owned(), closest })
}

/// A parameter of the model.
struct ModelParam {
    path: String,
    name: String,
    component: String,
    /// Not a bias, not of a norm, not of an embedding.
    is_matrix: bool,
    is_embedding: bool,
}

/// All parameters, in the model's order.
struct Params(Vec<ModelParam>);

impl ParamVisitor for Params {
    fn visit<const D: usize>(&mut self, path: &ParamPath, _param: &Param<Tensor<D>>) {
        let name = path.name();
        let in_embedding = path.container().contains("Embedding");
        self.0.push(ModelParam {
            path: path.as_str().to_owned(),
            component: path.component().to_owned(),
            is_matrix: D > 1 && !in_embedding && !path.container().contains("Norm"),
            is_embedding: in_embedding || name.to_lowercase().contains("embed"),
            name,
        });
    }
}
