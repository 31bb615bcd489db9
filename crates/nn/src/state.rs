use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};

use crate::init::replace_values;
use crate::params::{ParamMapper, ParamPath, ParamVisitor, map_params, visit_params};
use crate::running::settle;
use crate::{Gradients, NnError};

/// One parameter's values, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Sizes per axis.
    pub shape: Vec<usize>,
    /// The values.
    pub values: Vec<f32>,
}

/// A model's parameters and running statistics by path, in PyTorch's conventions: a linear layer's weight is `[out, in]`, a
/// norm's parameters are `weight` and `bias`, a batch norm's statistics `running_mean` and `running_var`. Therefore,
/// `load_state_dict` can read what is written to `model.safetensors`. Burn's recurrent modules keep their own names, gate by
/// gate: `lstm.forward.input_gate.input_transform.weight`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDict {
    /// Path, such as `encoder.layers.0.attention.query.weight`, to values.
    pub tensors: BTreeMap<String, NamedTensor>,
}

impl StateDict {
    /// Reads every float parameter and running statistic of `model`.
    #[must_use]
    pub fn of<M: Module>(model: &M) -> Self {
        Self::of_some(model, |_| true)
    }

    /// Reads those whose path ([`ParamPath::as_str`]) is `wanted`.
    pub(crate) fn of_some<M: Module>(model: &M, wanted: impl Fn(&str) -> bool) -> Self {
        settle(model);
        Self::read(model, None, &wanted)
    }

    /// Reads the gradient of every float parameter of `model`, named and shaped like the weights; zeros where it has none.
    #[must_use]
    pub fn of_gradients<M: Module>(model: &M, gradients: &Gradients) -> Self {
        Self::read(model, Some(gradients), &|_| true)
    }

    fn read<M: Module>(model: &M, gradients: Option<&Gradients>, wanted: &dyn Fn(&str) -> bool) -> Self {
        let mut reader = Reader { gradients, wanted, state: Self::default() };
        visit_params(model, &mut reader);
        reader.state
    }

    /// `model` with these parameters.
    ///
    /// # Errors
    /// When a tensor is missing, unknown or of another shape; the model is then lost, nothing else has changed.
    pub fn load_into<M: Module>(self, model: M) -> Result<M, NnError> {
        let (model, left) = self.load_some(model, |_| true)?;
        match left.tensors.into_keys().next() {
            Some(name) => Err(NnError::UnknownTensor { name }),
            None => Ok(model),
        }
    }

    /// Loads the parameters whose path ([`ParamPath::as_str`]) is `wanted` into `model`, and returns the model and the tensors
    /// that were not used.
    ///
    /// # Errors
    /// When a wanted tensor is missing or of another shape.
    pub(crate) fn load_some<M: Module>(
        mut self,
        model: M,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(M, Self), NnError> {
        settle(&model);
        let mut writer = Writer { state: &mut self, wanted: &wanted, problem: None };
        let model = map_params(model, &mut writer);
        match writer.problem {
            Some(problem) => Err(problem),
            None => Ok((model, self)),
        }
    }

    /// Number of values in all tensors.
    #[must_use]
    pub fn num_values(&self) -> usize {
        self.tensors.values().map(|tensor| tensor.values.len()).sum()
    }
}

struct Reader<'a> {
    /// Where to read from instead of the values.
    gradients: Option<&'a Gradients>,
    wanted: &'a dyn Fn(&str) -> bool,
    state: StateDict,
}

impl ParamVisitor for Reader<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        if !(self.wanted)(path.as_str()) {
            return;
        }
        let data = match self.gradients {
            None => param.val().into_data_as::<f32>(),
            Some(gradients) => gradients.of(param).unwrap_or_else(|| TensorData::zeros::<f32, _>(param.lazy_shape())),
        };
        let mut values = data.as_slice::<f32>().map(<[f32]>::to_vec).unwrap_or_default();
        let mut shape = param.lazy_shape().as_slice().to_vec();
        let (name, is_transposed) = path.torch_name();
        if is_transposed {
            values = transpose(&values, shape[0], shape[1]);
            shape.swap(0, 1);
        }
        self.state.tensors.insert(name, NamedTensor { shape, values });
    }
}

struct Writer<'a> {
    state: &'a mut StateDict,
    wanted: &'a dyn Fn(&str) -> bool,
    problem: Option<NnError>,
}

impl ParamMapper for Writer<'_> {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !(self.wanted)(path.as_str()) {
            return param;
        }
        let (name, is_transposed) = path.torch_name();
        // Earlier versions wrote Burn's names of some norms' parameters.
        let given = self.state.tensors.remove(&name).or_else(|| self.state.tensors.remove(path.as_str()));
        let Some(mut tensor) = given else {
            self.problem.get_or_insert(NnError::MissingTensor { name });
            return param;
        };
        let shape = param.val().shape();
        let mut expected = shape.as_slice().to_vec();
        if is_transposed {
            expected.swap(0, 1);
        }
        if tensor.shape != expected || tensor.values.len() != expected.iter().product::<usize>() {
            self.problem.get_or_insert(NnError::Shape { name, found: tensor.shape, expected });
            return param;
        }
        if is_transposed {
            tensor.values = transpose(&tensor.values, tensor.shape[0], tensor.shape[1]);
        }
        replace_values(param, TensorData::new(tensor.values, shape))
    }
}

/// A row-major `rows × columns` matrix, transposed.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}
