use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};

use crate::init::replace_values;
use crate::params::{ParamMapper, ParamPath, ParamVisitor, map_params, visit_params};
use crate::{Gradients, NnError};

/// One parameter's values, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Sizes per axis.
    pub shape: Vec<usize>,
    /// The values.
    pub values: Vec<f32>,
}

/// A model's parameters by path, in PyTorch's conventions: a linear layer's weight is `[out, in]`, a norm's parameters
/// are `weight` and `bias`. What is written to `model.safetensors` can so be read by `load_state_dict`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDict {
    /// Path, such as `encoder.layers.0.attention.query.weight`, to values.
    pub tensors: BTreeMap<String, NamedTensor>,
}

impl StateDict {
    /// Reads every float parameter of `model`.
    #[must_use]
    pub fn of<M: Module>(model: &M) -> Self {
        Self::read(model, None)
    }

    /// Reads the gradient of every float parameter of `model`, named and shaped like the weights; zeros where it has none.
    #[must_use]
    pub fn of_gradients<M: Module>(model: &M, gradients: &Gradients) -> Self {
        Self::read(model, Some(gradients))
    }

    fn read<M: Module>(model: &M, gradients: Option<&Gradients>) -> Self {
        let mut reader = Reader { gradients, state: Self::default() };
        visit_params(model, &mut reader);
        reader.state
    }

    /// `model` with these parameters.
    ///
    /// # Errors
    /// When a tensor is missing, unknown or of another shape; the model is then lost, nothing else has changed.
    pub fn load_into<M: Module>(mut self, model: M) -> Result<M, NnError> {
        let mut writer = Writer { state: &mut self, problem: None };
        let model = map_params(model, &mut writer);
        if let Some(problem) = writer.problem {
            return Err(problem);
        }
        match self.tensors.into_keys().next() {
            Some(name) => Err(NnError::UnknownTensor { name }),
            None => Ok(model),
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
    state: StateDict,
}

impl ParamVisitor for Reader<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
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
    problem: Option<NnError>,
}

impl ParamMapper for Writer<'_> {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (name, is_transposed) = path.torch_name();
        let Some(mut tensor) = self.state.tensors.remove(&name) else {
            self.problem.get_or_insert(NnError::MissingTensor { name });
            return param;
        };
        let mut expected = param.lazy_shape().as_slice().to_vec();
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
        let shape = param.lazy_shape();
        replace_values(param, TensorData::new(tensor.values, shape))
    }
}

/// A row-major `rows × columns` matrix, transposed.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}
