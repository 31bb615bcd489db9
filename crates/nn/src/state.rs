use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor, TensorData};

use crate::{NnError, init::replace};

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

    /// Reads the gradient of every float parameter of `model` that has one.
    #[must_use]
    pub fn of_gradients<M: Module>(model: &M, gradients: &Gradients) -> Self {
        Self::read(model, Some(gradients))
    }

    fn read<M: Module>(model: &M, gradients: Option<&Gradients>) -> Self {
        let mut reader = Reader { path: ParamPath::default(), gradients, state: Self::default() };
        model.visit(&mut reader);
        reader.state
    }

    /// `model` with these parameters.
    ///
    /// # Errors
    /// When a tensor is missing, unknown or of another shape; the model is then lost, nothing else has changed.
    pub fn load_into<M: Module>(mut self, model: M) -> Result<M, NnError> {
        let mut writer = Writer { path: ParamPath::default(), state: &mut self, problem: None };
        let model = model.map(&mut writer);
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

/// Where a traversal stands in the module tree.
#[derive(Default)]
struct ParamPath(Vec<(String, String)>);

impl ParamPath {
    /// PyTorch's name of the parameter, and whether its matrix is stored transposed there.
    fn torch_name(&self) -> (String, bool) {
        let (field, container) = self.0.last().map_or(("", ""), |(field, container)| (field, container));
        let (field, transposed) = match (container, field) {
            ("Struct:Linear", "weight") => ("weight", true),
            ("Struct:LayerNorm", "gamma") => ("weight", false),
            ("Struct:LayerNorm", "beta") => ("bias", false),
            _ => (field, false),
        };
        let parents = self.0.iter().rev().skip(1).rev().map(|(name, _)| name.as_str());
        (parents.chain([field]).collect::<Vec<_>>().join("."), transposed)
    }
}

struct Reader<'a> {
    path: ParamPath,
    /// Where to read from instead of the values.
    gradients: Option<&'a Gradients>,
    state: StateDict,
}

impl ModuleVisitor for Reader<'_> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.0.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = match self.gradients {
            None => param.val(),
            Some(gradients) => match param.val().grad(gradients) {
                Some(gradient) => gradient,
                None => return,
            },
        };
        let (name, transposed) = self.path.torch_name();
        let mut shape = tensor.shape().as_slice().to_vec();
        let mut values = float_values(tensor);
        if transposed {
            values = transpose(&values, shape[0], shape[1]);
            shape.swap(0, 1);
        }
        self.state.tensors.insert(name, NamedTensor { shape, values });
    }
}

struct Writer<'a> {
    path: ParamPath,
    state: &'a mut StateDict,
    problem: Option<NnError>,
}

impl ModuleMapper for Writer<'_> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.0.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (name, transposed) = self.path.torch_name();
        let Some(mut tensor) = self.state.tensors.remove(&name) else {
            self.problem.get_or_insert(NnError::MissingTensor { name });
            return param;
        };
        let mut expected = param.lazy_shape().as_slice().to_vec();
        if transposed {
            expected.swap(0, 1);
        }
        if tensor.shape != expected || tensor.values.len() != expected.iter().product::<usize>() {
            self.problem.get_or_insert(NnError::Shape { name, found: tensor.shape, expected });
            return param;
        }
        if transposed {
            tensor.values = transpose(&tensor.values, tensor.shape[0], tensor.shape[1]);
        }
        let shape = param.lazy_shape();
        replace(param, TensorData::new(tensor.values, shape))
    }
}

/// A tensor's values on the host, row-major.
fn float_values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = tensor.into_data_as::<f32>();
    data.as_slice::<f32>().map(<[f32]>::to_vec).unwrap_or_default()
}

/// A row-major `rows × columns` matrix, transposed.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}
