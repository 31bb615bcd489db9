//! The state of an optimizer as named tensors, `NAME.PATH` for that of a parameter: `exp_avg.head.weight`.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{NamedTensor, StateDict};

use super::param_state::ParamState;

/// The prefix of the names of state that belongs to no parameter.
const GLOBAL: &str = "global";

/// The states of the parameters, by path, and the state that belongs to none.
pub(super) fn to_tensors(states: &BTreeMap<String, ParamState>, global: StateDict) -> StateDict {
    let mut saved = StateDict::default();
    for (path, state) in states {
        for (name, tensor) in state.tensors() {
            let data = tensor.to_data_as::<f32>();
            let values = data.as_slice::<f32>().map(<[f32]>::to_vec).unwrap_or_default();
            saved.tensors.insert(format!("{name}.{path}"), NamedTensor { shape: vec![values.len()], values });
        }
    }
    saved.tensors.extend(global.tensors.into_iter().map(|(name, tensor)| (format!("{GLOBAL}.{name}"), tensor)));
    saved
}

/// The inverse of [`to_tensors`], for an optimizer whose state has these `names`.
///
/// # Errors
/// Names the first tensor that is unknown.
pub(super) fn from_tensors(
    saved: StateDict,
    names: &[&str],
    device: &Device,
) -> Result<(BTreeMap<String, ParamState>, StateDict), String> {
    let mut states: BTreeMap<String, ParamState> = BTreeMap::new();
    let mut global = StateDict::default();
    for (full_name, tensor) in saved.tensors {
        if let Some(name) = below(GLOBAL, &full_name) {
            global.tensors.insert(name.to_owned(), tensor);
            continue;
        }
        let found = names.iter().find_map(|name| Some((*name, below(name, &full_name)?)));
        let (name, path) =
            found.ok_or_else(|| format!("the optimizer's state holds an unknown tensor `{full_name}`"))?;
        let n = tensor.values.len();
        let tensor = Tensor::from_data(TensorData::new(tensor.values, [n]), device);
        states.entry(path.to_owned()).or_insert_with(|| ParamState::new(names)).set(name, tensor);
    }
    Ok((states, global))
}

fn below<'a>(prefix: &str, name: &'a str) -> Option<&'a str> {
    name.strip_prefix(prefix)?.strip_prefix('.')
}
