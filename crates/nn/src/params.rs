//! Walking a model's parameters by name: the one traversal that weights, gradients, the optimizer and initialisation share.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// Burn's norm modules: they call `gamma` and `beta` what PyTorch calls `weight` and `bias`.
pub(crate) const NORMS: [&str; 5] =
    ["Struct:LayerNorm", "Struct:BatchNorm", "Struct:GroupNorm", "Struct:InstanceNorm", "Struct:RmsNorm"];

/// The place of a parameter in its model.
#[derive(Debug, Default)]
pub struct ParamPath {
    /// The names from the root down, joined by dots.
    path: String,
    /// The types that hold them, one after the other.
    containers: String,
    /// The lengths of both before each name.
    marks: Vec<(usize, usize)>,
}

impl ParamPath {
    /// The names from the root down: `encoder.layers.0.attention.query.weight`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The parameter's name in a [`StateDict`](crate::StateDict) and in `model.safetensors`, which is PyTorch's: the path, except
    /// that norms have `weight` and `bias` instead of Burn's `gamma` and `beta`.
    #[must_use]
    pub fn name(&self) -> String {
        self.torch_name().0
    }

    /// The last name: `weight`.
    #[must_use]
    pub fn field(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The type that holds the parameter, as Burn names it: `Struct:Linear`.
    #[must_use]
    pub fn container(&self) -> &str {
        self.marks.last().map_or("", |(_, before)| &self.containers[*before..])
    }

    /// The path of the module that holds the parameter: `encoder.layers.0.attention.query`; empty where that is the model itself.
    #[must_use]
    pub fn parent(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// The type that holds the one that holds the parameter: `Struct:GateController`; empty where there is none.
    pub(crate) fn outer_container(&self) -> &str {
        let n = self.marks.len();
        if n < 2 { "" } else { &self.containers[self.marks[n - 2].1..self.marks[n - 1].1] }
    }

    /// The component of the model that the parameter belongs to: the path up to its first number, or its first name.
    /// `encoder.layers.0`, `head`.
    #[must_use]
    pub fn component(&self) -> &str {
        let mut end = 0;
        for part in self.path.split('.') {
            end += part.len();
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                return &self.path[..end];
            }
            end += 1;
        }
        self.path.split('.').next().unwrap_or_default()
    }

    /// PyTorch's name of the parameter, and whether its matrix is stored transposed there.
    pub(crate) fn torch_name(&self) -> (String, bool) {
        let parents = &self.path[..self.path.len() - self.field().len()];
        let (field, is_transposed) = match (self.container(), self.field()) {
            ("Struct:Linear", "weight") => ("weight", true),
            (container, "gamma") if NORMS.contains(&container) => ("weight", false),
            (container, "beta") if NORMS.contains(&container) => ("bias", false),
            (_, field) => (field, false),
        };
        (format!("{parents}{field}"), is_transposed)
    }

    pub(crate) fn enter(&mut self, name: &str, container: &str) {
        self.marks.push((self.path.len(), self.containers.len()));
        if self.marks.len() > 1 {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.containers.push_str(container);
    }

    pub(crate) fn exit(&mut self) {
        if let Some((path, containers)) = self.marks.pop() {
            self.path.truncate(path);
            self.containers.truncate(containers);
        }
    }
}

/// Reads every float parameter of a model.
pub trait ParamVisitor {
    /// Reads one.
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>);
}

/// Replaces every float parameter of a model.
pub trait ParamMapper {
    /// Replaces one.
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>>;
}

/// Shows every float parameter of `model` to `visitor`, in the order of the model's fields.
pub fn visit_params<M: Module>(model: &M, visitor: &mut impl ParamVisitor) {
    model.visit(&mut Walk { path: ParamPath::default(), each: visitor });
}

/// `model` with every float parameter replaced by `mapper`, in the order of the model's fields.
#[must_use]
pub fn map_params<M: Module>(model: M, mapper: &mut impl ParamMapper) -> M {
    model.map(&mut Walk { path: ParamPath::default(), each: mapper })
}

/// A traversal, and what is done at each parameter.
struct Walk<'a, E> {
    path: ParamPath,
    each: &'a mut E,
}

impl<V: ParamVisitor> ModuleVisitor for Walk<'_, V> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.each.visit(&self.path, param);
    }
}

impl<M: ParamMapper> ModuleMapper for Walk<'_, M> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        self.each.map(&self.path, param)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_its_parts() {
        let mut path = ParamPath::default();
        for (name, container) in
            [("encoder", "Struct:Model"), ("layers", "Struct:Encoder"), ("0", "Vec"), ("weight", "Struct:Linear")]
        {
            path.enter(name, container);
        }
        assert_eq!((path.as_str(), path.field()), ("encoder.layers.0.weight", "weight"));
        assert_eq!((path.container(), path.component()), ("Struct:Linear", "encoder.layers.0"));
        assert_eq!(path.torch_name(), ("encoder.layers.0.weight".to_owned(), true));
        path.exit();
        path.exit();
        path.enter("gamma", "Struct:LayerNorm");
        assert_eq!((path.as_str(), path.component()), ("encoder.layers.gamma", "encoder"));
        assert_eq!(path.torch_name(), ("encoder.layers.weight".to_owned(), false));
        (0..3).for_each(|_| path.exit());
        path.enter("bias", "Struct:Linear");
        assert_eq!((path.as_str(), path.component(), path.torch_name().0.as_str()), ("bias", "bias", "bias"));
    }
}
