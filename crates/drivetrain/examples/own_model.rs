//! A model of your own: two inputs, a convolution and a bidirectional LSTM with batch norm, an output of two parts, a loss of two
//! terms, a metric and an observer.
//!
//!     cargo run --release -p drivetrain --example own_model

use std::sync::Arc;

use drivetrain::burn::nn::conv::{Conv1d, Conv1dConfig};
use drivetrain::burn::nn::*;
use drivetrain::burn::tensor::{TensorData, activation::relu};
use drivetrain::prelude::*;
use drivetrain::{burn, data, train};

/// Words, weight, service, price. The order of two words, 3 and 4, decides how it is sent; everything together decides the price.
type Order = (Vec<u32>, f32, i32, f32);

fn order(i: u64) -> Order {
    let mut draw = Random::new(5, "order").at(i).draws();
    let mut words: Vec<u32> = (0..draw.between(4, 12)).map(|_| draw.between(5, 30) as u32).collect();
    let (weight, service, half) = (draw.unit() as f32, draw.below(3), words.len() / 2);
    let places = [draw.below(half), half + draw.below(half)];
    [&[][..], &[3, 4], &[4, 3]][service].iter().zip(places).for_each(|(mark, place)| words[place] = *mark);
    let price = weight + service as f32 * 0.5 + words.len() as f32 * 0.1;
    (words, weight, service as i32, price)
}

/// The words, and the orders.
struct Batch(Padded, Vec<Order>);

/// One number per order, as a column.
fn column(orders: &[Order], number: fn(&Order) -> f32, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(orders.iter().map(number).collect(), [orders.len(), 1]), device)
}

struct Orders;
impl Collate for Orders {
    type Sample = Order;
    type Batch = Batch;
    fn collate(&self, orders: Vec<Order>) -> data::Result<Batch> {
        let words: Vec<&[u32]> = orders.iter().map(|order| &order.0[..]).collect();
        Ok(Batch(pad(&words, PadSide::Right, 0), orders))
    }
}

#[derive(Module, Debug)]
struct Shipping {
    embedding: Embedding,
    conv: Conv1d,
    norm: BatchNorm,
    lstm: BiLstm,
    heads: (Linear, Linear),
}
impl Shipping {
    fn new(device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(31, 16).init(device),
            conv: Conv1dConfig::new(16, 16, 3).with_padding(PaddingConfig1d::Same).init(device),
            norm: BatchNormConfig::new(16).init(device),
            lstm: BiLstmConfig::new(16, 16, true).init(device),
            heads: (LinearConfig::new(33, 3).init(device), LinearConfig::new(33, 1).init(device)),
        }
    }
}

struct Output {
    service_bc: Tensor<2>,
    price_b1: Tensor<2>,
}

impl Model<Batch> for Shipping {
    type Output = Output;
    fn forward(&self, batch: &Batch, mode: &Mode) -> Output {
        let (ids_bt, mask_bt) = input_tensors(&batch.0, &device_of(self));
        let real_bt1 = mask_bt.float().unsqueeze_dim::<3>(2);
        let conv_bdt = self.conv.forward(self.embedding.forward(ids_bt).swap_dims(1, 2));
        let (x_btd, _) = self.lstm.forward(relu(self.norm.forward(conv_bdt)).swap_dims(1, 2), None);
        let mean_b1d = (x_btd * real_bt1.clone()).sum_dim(1) / real_bt1.sum_dim(1);
        let (mean_bd, weight_b1) = (mean_b1d.squeeze_dim::<2>(1), column(&batch.1, |order| order.1, &device_of(self)));
        let x_bd = Tensor::cat(vec![mode.dropout(mean_bd, 0), weight_b1], 1);
        Output { service_bc: self.heads.0.forward(x_bd.clone()), price_b1: self.heads.1.forward(x_bd) }
    }
}

struct ServiceAndPrice;
impl Objective<Output, Batch> for ServiceAndPrice {
    fn loss(&self, output: Output, batch: &Batch) -> Tensor<1> {
        let device = output.price_b1.device();
        let services: Vec<i32> = batch.1.iter().map(|order| order.2).collect();
        let error_b1 = output.price_b1 - column(&batch.1, |order| order.3, &device);
        cross_entropy(output.service_bc, Tensor::from_data(&services[..], &device)) + error_b1.square().mean()
    }
}

/// The number of correct services, and the number of orders.
#[derive(Clone, Debug, serde::Serialize)]
struct Hits(u64, u64);
impl Metric<Output, Batch> for Hits {
    type Values = Self;
    fn update(&mut self, output: &Output, batch: &Batch) {
        let found = output.service_bc.clone().argmax(1).into_data().iter::<i32>().collect::<Vec<_>>();
        self.0 += found.iter().zip(&batch.1).filter(|(found, order)| **found == order.2).count() as u64;
        self.1 += found.len() as u64;
    }
    fn compute(&self) -> Self {
        self.clone()
    }
}
impl MetricValues for Hits {
    fn score(&self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![("accuracy", self.score())]
    }
}

struct Print;
impl Observer for Print {
    fn on(&mut self, event: &Event<'_>) -> train::Result<Control> {
        if let Event::Validated(validated) = event {
            println!("epoch {}: {:?}", validated.record.epoch + 1, validated.record.metrics);
        }
        Ok(Control::Continue)
    }
}

fn loader(from: u64, to: u64) -> data::Result<DataLoader<MemoryDataset<Order>, Orders>> {
    let orders = MemoryDataset::new((from..to).map(order).collect());
    let batches = Batched::new(Shuffled::new(orders.len(), 5), 32, false)?;
    Ok(DataLoader::new(Arc::new(orders), Orders, batches, LoaderConfig::default()))
}

fn main() -> anyhow::Result<()> {
    let model = seeded(5, &Device::flex().autodiff(), Shipping::new);
    let optimizer = AdamWConfig { learning_rate: 1e-2, ..AdamWConfig::default() };
    let config = TrainerConfig { epochs: 4, optimizer: optimizer.into(), ..TrainerConfig::default() };
    let mut trainer = Trainer::new(model, ServiceAndPrice, Hits(0, 0), config)?.observe(Print);
    let summary = trainer.fit(&loader(0, 2000)?, &loader(2000, 2400)?)?;
    assert!(summary.best.is_some_and(|best| best.score >= 0.97), "0.97 is expected: {summary:?}");
    Ok(())
}
