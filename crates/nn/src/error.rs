use thiserror::Error;

/// What can be wrong with a model's configuration or its weights.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NnError {
    /// A field of a configuration has a value no model can have.
    #[error("`{field}` is {found}, but it must be {expected}")]
    Config {
        /// Name of the field as it is written in the configuration.
        field: &'static str,
        /// The value that was given.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// A weight the model needs is not among the given ones.
    #[error("the weights hold no tensor `{name}`: they belong to another model")]
    MissingTensor {
        /// Path of the parameter, such as `encoder.layers.0.attention.query.weight`.
        name: String,
    },
    /// A weight the model does not have.
    #[error("the weights hold a tensor `{name}` that this model does not have: they belong to another model")]
    UnknownTensor {
        /// Path of the tensor.
        name: String,
    },
    /// A weight of another shape.
    #[error("tensor `{name}` has shape {found:?}, but this model's configuration needs {expected:?}")]
    Shape {
        /// Path of the parameter.
        name: String,
        /// Shape of the given tensor.
        found: Vec<usize>,
        /// Shape of the model's parameter.
        expected: Vec<usize>,
    },
    /// A part that was to be left out of loading does not exist.
    #[error("there is no part `{name}`: neither the model nor the weights have one; the model's parts are {known}")]
    UnknownPart {
        /// The name that was given.
        name: String,
        /// The model's parts.
        known: String,
    },
}
