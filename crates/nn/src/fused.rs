//! The kernels as one operation of Burn's CPU backend, with its own backward pass.
//!
//! [`LayerOps`] is the operation; it is implemented for tensors on [`Device::flex`](burn::tensor::Device), with and without
//! autodiff. Everywhere else, a layer is composed of Burn's own operations.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients as AutodiffGradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType, Flex, TensorMetadata, backend_extension};
use burn::module::{Param, ParamId};
use burn::nn::{LayerNorm, Linear};
use burn::tensor::{Bool, DType, Device, Int, Tensor, TensorData};
use burn_flex::FlexTensor;
use drivetrain_kernels::{
    Input, InputGradient, Layer, LayerParams, LayerShape, PARAMS, Ragged, Rows, SavedForBackward, Tokens,
};

use crate::{Mode, SinusoidalPositions, TokenEmbedding, gradients};

/// A weight and its bias, as tensors of a backend.
#[derive(ExtensionType)]
struct AffineTensors<B: Backend> {
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
}

/// The input of a layer and its parameters, as tensors of a backend.
#[derive(ExtensionType)]
struct LayerTensors<B: Backend> {
    /// The rows `[b, t, d]`, or the table `[v, d]` that tokens are looked up in.
    source: FloatTensor<B>,
    /// `[CLS]`, the first position of every sequence `[d]`, for tokens that have one; otherwise `source` again, which is not read.
    first: FloatTensor<B>,
    #[extension_type]
    attention_norm: AffineTensors<B>,
    #[extension_type]
    query: AffineTensors<B>,
    #[extension_type]
    key: AffineTensors<B>,
    #[extension_type]
    value: AffineTensors<B>,
    #[extension_type]
    output: AffineTensors<B>,
    #[extension_type]
    feed_forward_norm: AffineTensors<B>,
    #[extension_type]
    inner: AffineTensors<B>,
    #[extension_type]
    outer: AffineTensors<B>,
}

/// The input and the parameters: what gradients flow to.
const INPUTS: usize = 2 + PARAMS;

impl<B: Backend> LayerTensors<B> {
    /// The input, then the parameters in the order of [`LayerParams`].
    fn into_array(self) -> [FloatTensor<B>; INPUTS] {
        let Self {
            source,
            first,
            attention_norm: a,
            query: q,
            key: k,
            value: v,
            output: o,
            feed_forward_norm: n,
            inner: i,
            outer: u,
        } = self;
        [
            source, first, a.weight, a.bias, q.weight, q.bias, k.weight, k.bias, v.weight, v.bias, o.weight, o.bias,
            n.weight, n.bias, i.weight, i.bias, u.weight, u.bias,
        ]
    }
}

/// Where the rows of a layer's input come from.
pub(crate) enum Source<'a> {
    /// They are a tensor, `[b, t, d]`.
    Rows(Tensor<3>),
    /// They are made from tokens `[b, t]`, under a mode.
    Tokens(&'a TokenEmbedding, Tensor<2, Int>, Mode),
}

impl Source<'_> {
    /// The rows as a tensor, made by Burn's operations where they are still tokens.
    pub(crate) fn rows(&self) -> Tensor<3> {
        match self {
            Self::Rows(x_btd) => x_btd.clone(),
            Self::Tokens(embedding, ids_bt, mode) => embedding.forward(ids_bt.clone(), mode),
        }
    }
}

/// The arguments of an embedding lookup that are not tensors.
#[derive(Clone, Debug)]
struct TokenCall {
    /// The table's parameter.
    table: ParamId,
    ids_bt: Vec<i32>,
    with_cls: bool,
    positions: SinusoidalPositions,
    scale: f64,
    mode: Mode,
}

/// The arguments of a layer that are not tensors.
#[derive(Clone, Debug)]
pub(crate) struct LayerCall {
    pub(crate) shape: LayerShape,
    pub(crate) batch: Arc<Ragged>,
    pub(crate) rows: Rows,
    pub(crate) mode: Mode,
}

/// A layer's call, and that of the tokens it reads.
#[derive(Clone, Debug)]
struct Call {
    layer: LayerCall,
    tokens: Option<TokenCall>,
}

impl Call {
    fn layer<'a>(&self, inputs: &'a [FlexTensor; INPUTS]) -> Layer<'a> {
        let LayerCall { shape, mode, .. } = &self.layer;
        let params = std::array::from_fn(|index| values(&inputs[index + 2]));
        Layer { shape: *shape, params: LayerParams::from_array(params), dropout: mode.kernel_dropout() }
    }

    fn input<'a>(&'a self, inputs: &'a [FlexTensor; INPUTS]) -> Input<'a> {
        let source = values(&inputs[0]);
        match &self.tokens {
            None => Input::Rows(source),
            Some(tokens) => Input::Tokens(Tokens {
                ids: &tokens.ids_bt,
                table_vd: source,
                cls_d: tokens.with_cls.then(|| values(&inputs[1])),
                positions_td: tokens.positions.table(),
                scale: tokens.scale as f32,
                dropout: tokens.mode.kernel_dropout(),
            }),
        }
    }

    fn forward(&self, inputs: &[FlexTensor; INPUTS]) -> (FlexTensor, SavedForBackward) {
        let LayerCall { batch, rows, .. } = &self.layer;
        let (y, saved) = self.layer(inputs).forward(&self.input(inputs), batch, *rows);
        (self.tensor(y), saved)
    }

    fn infer(&self, inputs: &[FlexTensor; INPUTS]) -> FlexTensor {
        let LayerCall { batch, rows, .. } = &self.layer;
        self.tensor(self.layer(inputs).infer(&self.input(inputs), batch, *rows))
    }

    /// The rows that a layer gave.
    fn tensor(&self, y: Vec<f32>) -> FlexTensor {
        let LayerCall { shape, batch, rows, .. } = &self.layer;
        let t = if *rows == Rows::All { batch.t } else { 1 };
        FlexTensor::from_data(TensorData::new(y, [batch.b, t, shape.d]))
    }
}

/// The numbers of a tensor that [`contiguous`] made.
fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().expect("contiguous f32: `contiguous` sees to the one, `fits` to the other")
}

fn contiguous(tensors: [FlexTensor; INPUTS]) -> [FlexTensor; INPUTS] {
    tensors.map(|tensor| if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() })
}

#[backend_extension(Autodiff, Flex)]
trait LayerOps: Backend {
    /// An encoder layer: `[b, t, d]` to the wanted rows, `[b, t, d]` or `[b, 1, d]`.
    fn encoder_layer(#[extension_type] tensors: LayerTensors<Self>, call: Call) -> FloatTensor<Self>;
}

impl LayerOps for Flex {
    fn encoder_layer(tensors: LayerTensors<Self>, call: Call) -> FloatTensor<Self> {
        call.infer(&contiguous(tensors.into_array()))
    }
}

impl<C: CheckpointStrategy> LayerOps for Autodiff<Flex, C> {
    fn encoder_layer(tensors: LayerTensors<Self>, call: Call) -> FloatTensor<Self> {
        let inputs = tensors.into_array();
        let nodes = inputs.each_ref().map(|input| input.node());
        let inputs = contiguous(inputs.map(|input| input.into_primitive()));
        let (output, saved) = call.forward(&inputs);
        match EncoderLayerBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(Arc::new(LayerState { inputs, call, saved }), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}

/// What the backward pass needs.
#[derive(Debug)]
struct LayerState {
    inputs: [FlexTensor; INPUTS],
    call: Call,
    saved: SavedForBackward,
}

#[derive(Debug)]
struct EncoderLayerBackward;

impl Backward<Flex, INPUTS> for EncoderLayerBackward {
    type State = Arc<LayerState>;

    fn backward(self, ops: Ops<Self::State, INPUTS>, grads: &mut AutodiffGradients, _checkpointer: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node);
        let dy = if dy.as_slice::<f32>().is_some() { dy } else { dy.to_contiguous() };
        let LayerState { inputs, call, saved } = &*ops.state;
        let found = call.layer(inputs).backward(&call.input(inputs), &call.layer.batch, saved, values(&dy));
        let [source, first, params @ ..] = ops.parents.map(|parent| parent.map(|parent| parent.id));
        let mut register = |parent: Option<_>, like: &FlexTensor, gradient: Vec<f32>| {
            if let Some(parent) = parent {
                grads.register::<Flex>(parent, FlexTensor::from_data(TensorData::new(gradient, like.shape())));
            }
        };
        match (found.input, &call.tokens) {
            (InputGradient::Rows(x_btd), _) => register(source, &inputs[0], x_btd),
            (InputGradient::Tokens(table, cls_d), tokens) => {
                if let Some(cls_d) = cls_d {
                    register(first, &inputs[1], cls_d);
                }
                let dense = match (&source, tokens) {
                    (Some(_), Some(tokens)) => gradients::keep(tokens.table, table),
                    _ => None,
                };
                if let Some(table) = dense {
                    let v = inputs[0].shape().num_elements() / table.d;
                    register(source, &inputs[0], table.to_dense(v));
                }
            }
        }
        for ((parent, input), gradient) in params.into_iter().zip(&inputs[2..]).zip(found.params.into_array()) {
            register(parent, input, gradient);
        }
    }
}

/// The modules of a layer whose parameters the kernels read.
pub(crate) type LayerModules<'a> = (&'a LayerNorm, [&'a Linear; 4], &'a LayerNorm, [&'a Linear; 2]);

/// Runs a layer in one operation. None where it has a form that the kernels do not know.
pub(crate) fn encoder_layer(source: &Source<'_>, modules: LayerModules<'_>, layer: LayerCall) -> Option<Tensor<3>> {
    let (attention_norm, [query, key, value, output], feed_forward_norm, [inner, outer]) = modules;
    let (source, first, tokens) = match source {
        Source::Rows(x_btd) => (x_btd.clone().into_dispatch(), x_btd.clone().into_dispatch(), None),
        Source::Tokens(embedding, ids_bt, mode) => {
            let (table, cls) = (embedding.table(), embedding.cls());
            let call = TokenCall {
                table: table.id,
                ids_bt: ids_bt.clone().into_data().iter::<i32>().collect(),
                with_cls: cls.is_some(),
                positions: embedding.positions().clone(),
                scale: embedding.scale(),
                mode: *mode,
            };
            let table = table.val().into_dispatch();
            (table.clone(), cls.map_or(table, |cls| cls.val().into_dispatch()), Some(call))
        }
    };
    let tensors = LayerTensors::<Dispatch> {
        source,
        first,
        attention_norm: norm(attention_norm)?,
        query: linear(query)?,
        key: linear(key)?,
        value: linear(value)?,
        output: linear(output)?,
        feed_forward_norm: norm(feed_forward_norm)?,
        inner: linear(inner)?,
        outer: linear(outer)?,
    };
    Some(Tensor::from_dispatch(<Dispatch as LayerOps>::encoder_layer(tensors, Call { layer, tokens })))
}

fn affine<const D: usize>(
    weight: &Param<Tensor<D>>,
    bias: Option<&Param<Tensor<1>>>,
) -> Option<AffineTensors<Dispatch>> {
    Some(AffineTensors { weight: weight.val().into_dispatch(), bias: bias?.val().into_dispatch() })
}

fn linear(module: &Linear) -> Option<AffineTensors<Dispatch>> {
    affine(&module.weight, module.bias.as_ref())
}

fn norm(module: &LayerNorm) -> Option<AffineTensors<Dispatch>> {
    affine(&module.gamma, module.beta.as_ref())
}

/// The real positions, where the kernels can be used: f32 on the CPU, and for [`Rows::Cls`] a real first position.
pub(crate) fn batch_for_kernels(source: &Source<'_>, mask_bt: &Tensor<2, Bool>, rows: Rows) -> Option<Arc<Ragged>> {
    let (dtype, device) = match source {
        Source::Rows(x_btd) => (x_btd.dtype(), x_btd.device()),
        Source::Tokens(embedding, ..) => {
            let table_vd = embedding.table().val();
            (table_vd.dtype(), table_vd.device())
        }
    };
    if dtype != DType::F32 || device != Device::flex() {
        return None;
    }
    let [b, t] = mask_bt.dims();
    let mask_bt: Vec<bool> = mask_bt.clone().into_data().iter::<bool>().collect();
    if rows == Rows::Cls && !mask_bt.iter().step_by(t.max(1)).all(|real| *real) {
        return None;
    }
    Some(Arc::new(Ragged::new(&mask_bt, b, t)))
}
