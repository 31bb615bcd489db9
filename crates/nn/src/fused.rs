//! The kernels as one operation of Burn's CPU backend, with its own backward pass.
//!
//! [`LayerOps`] is the operation; it is there for tensors on [`Device::flex`](burn::tensor::Device), with and without
//! autodiff. Everywhere else a layer is composed of Burn's own operations.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType, Flex, TensorMetadata, backend_extension};
use burn::module::Param;
use burn::nn::{LayerNorm, Linear};
use burn::tensor::{Bool, DType, Device, Tensor, TensorData};
use burn_flex::FlexTensor;
use drivetrain_kernels::{Layer, LayerParams, LayerShape, PARAMS, Ragged, Rows, Saved};

use crate::Mode;

/// A weight and its bias, as tensors of a backend.
#[derive(ExtensionType)]
struct AffineTensors<B: Backend> {
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
}

/// The input of a layer and its parameters, as tensors of a backend.
#[derive(ExtensionType)]
struct LayerTensors<B: Backend> {
    x: FloatTensor<B>,
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
const INPUTS: usize = 1 + PARAMS;

impl<B: Backend> LayerTensors<B> {
    /// The input, then the parameters in the order of [`LayerParams`].
    fn into_array(self) -> [FloatTensor<B>; INPUTS] {
        let Self {
            x,
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
            x, a.weight, a.bias, q.weight, q.bias, k.weight, k.bias, v.weight, v.bias, o.weight, o.bias, n.weight,
            n.bias, i.weight, i.bias, u.weight, u.bias,
        ]
    }
}

/// What is not a tensor.
#[derive(Clone, Debug)]
pub(crate) struct LayerCall {
    pub(crate) shape: LayerShape,
    pub(crate) batch: Arc<Ragged>,
    pub(crate) rows: Rows,
    pub(crate) mode: Mode,
}

impl LayerCall {
    fn layer<'a>(&self, inputs: &'a [FlexTensor; INPUTS]) -> Layer<'a> {
        let params = std::array::from_fn(|index| values(&inputs[index + 1]));
        Layer { shape: self.shape, params: LayerParams::from_array(params), dropout: self.mode.kernel_dropout() }
    }

    fn forward(&self, inputs: &[FlexTensor; INPUTS]) -> (FlexTensor, Saved) {
        let (y, saved) = self.layer(inputs).forward(values(&inputs[0]), &self.batch, self.rows);
        let (b, t, d) = (self.batch.b, self.batch.t, self.shape.d);
        let t = if self.rows == Rows::All { t } else { 1 };
        (FlexTensor::from_data(TensorData::new(y, [b, t, d])), saved)
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
    fn encoder_layer(#[extension_type] tensors: LayerTensors<Self>, call: LayerCall) -> FloatTensor<Self>;
}

impl LayerOps for Flex {
    fn encoder_layer(tensors: LayerTensors<Self>, call: LayerCall) -> FloatTensor<Self> {
        call.forward(&contiguous(tensors.into_array())).0
    }
}

impl<C: CheckpointStrategy> LayerOps for Autodiff<Flex, C> {
    fn encoder_layer(tensors: LayerTensors<Self>, call: LayerCall) -> FloatTensor<Self> {
        let inputs = tensors.into_array();
        let nodes = inputs.each_ref().map(|input| input.node());
        let inputs = contiguous(inputs.map(|input| input.into_primitive()));
        let (output, saved) = call.forward(&inputs);
        match EncoderLayerBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(Arc::new(Kept { inputs, call, saved }), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}

/// What the backward pass needs.
#[derive(Debug)]
struct Kept {
    inputs: [FlexTensor; INPUTS],
    call: LayerCall,
    saved: Saved,
}

#[derive(Debug)]
struct EncoderLayerBackward;

impl Backward<Flex, INPUTS> for EncoderLayerBackward {
    type State = Arc<Kept>;

    fn backward(self, ops: Ops<Self::State, INPUTS>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node);
        let dy = if dy.as_slice::<f32>().is_some() { dy } else { dy.to_contiguous() };
        let Kept { inputs, call, saved } = &*ops.state;
        let found = call.layer(inputs).backward(&call.batch, saved, values(&dy));
        let found = std::iter::once(found.x_btd).chain(found.params.into_array());
        for ((parent, input), gradient) in ops.parents.into_iter().zip(inputs).zip(found) {
            if let Some(parent) = parent {
                grads.register::<Flex>(parent.id, FlexTensor::from_data(TensorData::new(gradient, input.shape())));
            }
        }
    }
}

/// The modules of a layer whose parameters the kernels read.
pub(crate) type LayerModules<'a> = (&'a LayerNorm, [&'a Linear; 4], &'a LayerNorm, [&'a Linear; 2]);

/// Runs a layer in one operation. None where it has a form that the kernels do not know.
pub(crate) fn encoder_layer(x_btd: Tensor<3>, modules: LayerModules<'_>, call: LayerCall) -> Option<Tensor<3>> {
    let (attention_norm, [query, key, value, output], feed_forward_norm, [inner, outer]) = modules;
    let tensors = LayerTensors::<Dispatch> {
        x: x_btd.into_dispatch(),
        attention_norm: norm(attention_norm)?,
        query: linear(query)?,
        key: linear(key)?,
        value: linear(value)?,
        output: linear(output)?,
        feed_forward_norm: norm(feed_forward_norm)?,
        inner: linear(inner)?,
        outer: linear(outer)?,
    };
    Some(Tensor::from_dispatch(<Dispatch as LayerOps>::encoder_layer(tensors, call)))
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

/// The real positions, where the kernels can be used: f32 on the CPU, and for [`Rows::First`] a real first position.
pub(crate) fn batch_for_kernels(x_btd: &Tensor<3>, mask_bt: &Tensor<2, Bool>, rows: Rows) -> Option<Arc<Ragged>> {
    if x_btd.dtype() != DType::F32 || x_btd.device() != Device::flex() {
        return None;
    }
    let [b, t] = mask_bt.dims();
    let mask_bt: Vec<bool> = mask_bt.clone().into_data().iter::<bool>().collect();
    if rows == Rows::First && !mask_bt.iter().step_by(t.max(1)).all(|real| *real) {
        return None;
    }
    Some(Arc::new(Ragged::new(&mask_bt, b, t)))
}
