//! Values for TensorBoard's pages other than Scalars: summaries that name the plugin they are for.

use serde_json::Value;

use super::super::flatten;
use super::proto::{Message, seconds_now};

/// Data types of tensors.
const STRING: u64 = 7;
const FLOAT: u64 = 1;
/// Data types of hyperparameters.
const DATA_TYPE_STRING: u64 = 1;
const DATA_TYPE_FLOAT64: u64 = 3;

/// `SummaryMetadata { plugin_data = 1 { plugin_name = 1, content = 2 } }`
fn metadata(plugin: &str, content: Option<Message>) -> Message {
    let plugin = Message::new().text(1, plugin);
    Message::new().message(
        1,
        match content {
            Some(content) => plugin.message(2, content),
            None => plugin,
        },
    )
}

/// A text for the Text page: `tensor { dtype = 1, tensor_shape = 2 { dim = 2 { size = 1 } }, string_val = 8 }`.
pub(super) fn text(tag: &str, text: &str) -> Message {
    let shape = Message::new().message(2, Message::new().integer(1, 1));
    let tensor = Message::new().integer(1, STRING).message(2, shape).text(8, text);
    Message::new().text(1, tag).message(8, tensor).message(9, metadata("text", None))
}

/// The maximum number of buckets of a histogram: as many as a chart can show.
const BUCKETS: usize = 40;

/// The distribution of the values: `histo { min = 1, max = 2, num = 3, sum = 4, sum_squares = 5, bucket_limit = 6, bucket = 7 }`,
/// in buckets of equal width.
pub(super) fn histogram(tag: &str, values: &[f32]) -> Message {
    let finite = || values.iter().map(|value| f64::from(*value)).filter(|value| value.is_finite());
    let (min, max) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), v| (min.min(v), max.max(v)));
    let (mut count, mut sum, mut sum_of_squares) = (0_u64, 0.0, 0.0);
    let mut buckets = vec![0.0; BUCKETS];
    let width = (max - min) / BUCKETS as f64;
    for value in finite() {
        count += 1;
        sum += value;
        sum_of_squares += value * value;
        let bucket = if width > 0.0 { ((value - min) / width) as usize } else { 0 };
        buckets[bucket.min(BUCKETS - 1)] += 1.0;
    }
    let limits: Vec<f64> = (1..=BUCKETS).map(|i| if width > 0.0 { min + width * i as f64 } else { min }).collect();
    let histogram = match count {
        0 => Message::new(),
        _ if width > 0.0 => spread(min, max, count, sum, sum_of_squares).doubles(6, &limits).doubles(7, &buckets),
        _ => spread(min, max, count, sum, sum_of_squares).doubles(6, &[max]).doubles(7, &[count as f64]),
    };
    Message::new().text(1, tag).message(5, histogram)
}

fn spread(min: f64, max: f64, count: u64, sum: f64, sum_of_squares: f64) -> Message {
    Message::new().double(1, min).double(2, max).double(3, count as f64).double(4, sum).double(5, sum_of_squares)
}

/// The final metrics that the HParams page shows beside the hyperparameters: (run, tag).
const METRICS: [(&str, &str); 6] = [
    ("validation", "score"),
    ("validation", "loss"),
    ("train", "loss"),
    ("validation", "metrics/f1"),
    ("validation", "metrics/exact_match"),
    ("validation", "metrics/accuracy"),
];

/// The hyperparameters of a run: their definitions (`Experiment`), and their values in this run (`SessionStartInfo`).
pub(super) fn hparams_start(config: &Value) -> [Message; 2] {
    let mut fields = Vec::new();
    flatten("", config, &mut fields);
    // `HParamInfo { name = 1, type = 4 }`, `MetricInfo { name = 1 { group = 1, tag = 2 } }`
    let known = fields.iter().map(|(name, text)| {
        Message::new()
            .text(1, name)
            .integer(4, if number(text).is_some() { DATA_TYPE_FLOAT64 } else { DATA_TYPE_STRING })
    });
    let metrics = METRICS.map(|(run, tag)| Message::new().message(1, Message::new().text(1, run).text(2, tag)));
    let experiment = Message::new().messages(4, known).messages(5, metrics);
    // A map is a list of `{ key = 1, value = 2 { number_value = 2 | string_value = 3 } }`.
    let value = |text: &str| match number(text) {
        Some(number) => Message::new().double(2, number),
        None => Message::new().text(3, text),
    };
    let hparams = fields.iter().map(|(name, text)| Message::new().text(1, name).message(2, value(text)));
    let start = Message::new().messages(1, hparams).double(5, seconds_now());
    [hparams_value("_hparams_/experiment", 2, experiment), hparams_value("_hparams_/session_start_info", 3, start)]
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The tag of the value that holds how a run has ended.
pub(super) const SESSION_END: &str = "_hparams_/session_end_info";

/// How a run has ended.
#[derive(Clone, Copy)]
pub(super) enum Status {
    Success = 1,
    Failure = 2,
}

/// The run has ended: `SessionEndInfo { status = 1, end_time_secs = 2 }`.
pub(super) fn hparams_end(status: Status) -> Message {
    hparams_value(SESSION_END, 4, Message::new().integer(1, status as u64).double(2, seconds_now()))
}

/// `HParamsPluginData { version = 1 (0), experiment = 2 | session_start_info = 3 | session_end_info = 4 }`, together with a dummy
/// tensor.
fn hparams_value(tag: &str, field: u8, info: Message) -> Message {
    let tensor = Message::new().integer(1, FLOAT).message(2, Message::new()).float(5, 0.0);
    let content = Message::new().message(field, info);
    Message::new().text(1, tag).message(8, tensor).message(9, metadata("hparams", Some(content)))
}
