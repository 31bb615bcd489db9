//! The code that reads untrusted files, as functions of a file's bytes. Whatever the bytes are, no reader may panic, hang or use
//! up the memory. If something is known about the result, it is checked.
//!
//! The fuzz target calls these functions; an ordinary test calls them with all files of the fuzzer's corpora.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use drivetrain::burn::tensor::Device;
use drivetrain::data::{
    EncodedSample, Fingerprint, LineIndex, LineProblem, OnBadLine, SampleEncoder, Silent, TokenStore, TokenizedSample,
    Tokenizer,
};
use drivetrain::nn::{EncoderConfig, Preset, SequenceClassifier, StateDict};
use drivetrain::run::write_export;
use drivetrain::train::{
    BceWithLogits, Checkpoint, CheckpointStore, Event, GradientNorms, JsonLines, Manifest, ModelView, Monitored,
    MultiLabelMetric, Observer, Position, ResumePlan, RunIdentity, RunStart, StepEnd, StepTime, TensorBoard, Trainer,
    TrainerConfig, read_safetensors, read_scalars,
};
use tabular_sense::config::{PredictConfig, RunConfig};
use tabular_sense::decision::Decision;
use tabular_sense::input::{parse_input, text_of};
use tabular_sense::model::{Classifier, export_config};
use tabular_sense_synth::sample::{parse_line, parse_query};
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::{Header, ReadOptions, Table, tables_from};

/// The name of a reader, and its function.
pub(crate) type Reader = (&'static str, fn(&[u8]));

/// All readers.
pub(crate) const READERS: [Reader; 13] = [
    ("sample", sample),
    ("sample_file", sample_file),
    ("index", index),
    ("token_store", token_store),
    ("tokenizer", tokenizer),
    ("config", config),
    ("table", table),
    ("tables", tables),
    ("safetensors", safetensors),
    ("checkpoint", checkpoint),
    ("pointer", pointer),
    ("model", model),
    ("logs", logs),
];

/// One line of a sample file, in either format, and a column given to `ask` on the command line.
pub(crate) fn sample(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = parse_query(&text);
    let whole = parse_line(&text);
    // Parsing a line directly to the model's input gives the same as parsing it to a sample first.
    match (parse_input(&text), &whole) {
        (Ok((input, labels)), Ok(sample)) => assert_eq!((input, labels), (text_of(sample), sample.labels)),
        (Err(_), Err(_)) => {}
        (short, long) => panic!("{short:?} but {long:?}"),
    }
    if let Ok(sample) = whole {
        assert_eq!(parse_line(&sample.to_json_line()).as_ref(), Ok(&sample));
    }
}

/// A sample file, whose lines are indexed and read.
pub(crate) fn sample_file(bytes: &[u8]) {
    let folder = Folder::new();
    let path = folder.write("samples", bytes);
    let Ok(index) = LineIndex::open(&path, &Silent) else { return };
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace));
    let lines: Vec<&[u8]> = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    assert_eq!(index.len(), lines.len());
    for (i, line) in lines.iter().enumerate() {
        assert_eq!(index.read_line(i).ok().as_deref(), std::str::from_utf8(line).ok());
    }
}

/// The index file beside a sample file.
pub(crate) fn index(bytes: &[u8]) {
    let folder = Folder::new();
    let path = folder.write("samples", b"one\n\ntwo\nthree\n");
    folder.write("samples.idx", bytes);
    let index = LineIndex::open(&path, &Silent).expect("an index that is no use is made again");
    let lines: Vec<String> = (0..index.len()).map(|i| index.read_line(i).expect("a line")).collect();
    assert_eq!(lines, ["one", "two", "three"]);
}

struct Bytes;

impl SampleEncoder for Bytes {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let sample = TokenizedSample { input: line.bytes().map(u32::from).collect(), target: vec![7] };
        Ok(EncodedSample { sample, cut: 0 })
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint(1)
    }
}

/// The token store of `samples`, and the path of its file.
fn stored(folder: &Folder) -> (TokenStore, PathBuf) {
    let path = folder.write("samples", b"one\n\ntwo\nthree\n");
    let index = LineIndex::open(&path, &Silent).expect("an index");
    let store = TokenStore::open(&index, &Bytes, OnBadLine::Fail, &Silent).expect("a store");
    let mut entries = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.path());
    let path = entries.find(|path| path.extension().is_some_and(|end| end == "tokens")).expect("a store");
    (store, path)
}

/// A complete token store, for the corpus.
#[must_use]
pub(crate) fn whole_token_store() -> Vec<u8> {
    std::fs::read(stored(&Folder::new()).1).expect("a store")
}

/// The token store beside a sample file.
pub(crate) fn token_store(bytes: &[u8]) {
    let folder = Folder::new();
    let (_, path) = stored(&folder);
    std::fs::write(path, bytes).expect("a store");
    let (store, _) = stored(&folder);
    let inputs: Vec<&[u32]> = (0..3).map(|i| store.input(i)).collect();
    assert_eq!(inputs, [&[111, 110, 101][..], &[116, 119, 111], &[116, 104, 114, 101, 101]]);
}

/// A `tokenizer.json`.
pub(crate) fn tokenizer(bytes: &[u8]) {
    let folder = Folder::new();
    let path = folder.write("tokenizer.json", bytes);
    if let Ok(tokenizer) = Tokenizer::load(&path) {
        for text in ["", "age|27<sep>31", "年龄|二十七 岁", "a\u{0}\u{10FFFF}b  ''"] {
            let ids = tokenizer.encode(text);
            let _ = tokenizer.decode(&ids);
        }
    }
}

/// A run's configuration.
pub(crate) fn config(bytes: &[u8]) {
    if let Ok(config) = RunConfig::parse(&String::from_utf8_lossy(bytes)) {
        let text = toml::to_string_pretty(&config).expect("what was read can be written");
        assert_eq!(RunConfig::parse(&text).ok().as_ref(), Some(&config));
    }
}

/// A delimited text; the first byte selects the options with which it is read.
pub(crate) fn table(bytes: &[u8]) {
    let Some((&how, bytes)) = bytes.split_first() else { return };
    let folder = Folder::new();
    let path = folder.write("table.csv", bytes);
    let header = [Header::Auto, Header::Present, Header::Absent][how as usize % 3];
    let encoding = ["utf-8", "gb18030", "big5", "utf-16le", "shift_jis"].get(how as usize / 3 % 10);
    let encoding = encoding.map(|name| (*name).to_owned());
    let options = ReadOptions { header, encoding, max_rows: 1 + how as usize % 7, ..ReadOptions::default() };
    if let Ok(table) = Table::read(&path, &options) {
        let _ = table.remarks();
        let rows = table.kept_rows();
        assert!(rows <= options.max_rows);
        assert!(table.columns.iter().all(|column| column.values.len() <= rows));
    }
}

/// A file in any of the table formats.
pub(crate) fn tables(bytes: &[u8]) {
    let options = ReadOptions { max_rows: 9, max_scattered_rows: 5, max_bytes: 16 << 20, ..ReadOptions::default() };
    let Ok(tables) = tables_from(bytes, Path::new("table"), &options) else { return };
    for table in tables.take(30).flatten() {
        let (rows, _) = (table.kept_rows(), table.remarks());
        assert!(rows <= options.max_rows);
        assert!(table.columns.iter().all(|column| column.values.len() == rows));
    }
}

fn sizes() -> EncoderConfig {
    EncoderConfig { d_model: 4, n_heads: 2, n_layers: 1, d_feed_forward: 4, ..Preset::Micro.encoder(8, 6) }
}

fn small_model() -> SequenceClassifier {
    static MODEL: OnceLock<SequenceClassifier> = OnceLock::new();
    MODEL.get_or_init(|| SequenceClassifier::new(&sizes(), 2, 1, &Device::flex().autodiff()).expect("a model")).clone()
}

/// A file of weights.
pub(crate) fn safetensors(bytes: &[u8]) {
    let folder = Folder::new();
    let path = folder.write("model.safetensors", bytes);
    if let Ok(state) = read_safetensors(&path) {
        let _ = state.load_into(small_model());
    }
}

type SmallTrainer = Trainer<
    drivetrain::data::SequenceBatch<drivetrain::data::MultiHot>,
    SequenceClassifier,
    BceWithLogits,
    MultiLabelMetric,
>;

fn small_trainer() -> SmallTrainer {
    Trainer::new(small_model(), BceWithLogits, MultiLabelMetric::new(2, 0.5), TrainerConfig::default())
        .expect("a trainer")
}

/// The three files of a checkpoint, with a manifest that matches them. The first bytes give the lengths of two of the files.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Some((lengths, rest)) = bytes.split_first_chunk::<4>() else { return };
    let [state, model] =
        [[lengths[0], lengths[1]], [lengths[2], lengths[3]]].map(|two| usize::from(u16::from_le_bytes(two)));
    let (state, rest) = rest.split_at(state.min(rest.len()));
    let (model, optimizer) = rest.split_at(model.min(rest.len()));
    let folder = Folder::new();
    let place = folder.path().join("step-00000001");
    std::fs::create_dir(&place).expect("a folder");
    let files = [("state.json", state), ("model.safetensors", model), ("optimizer.safetensors", optimizer)];
    for (name, bytes) in files {
        std::fs::write(place.join(name), bytes).expect("a file");
    }
    let hashes = files.map(|(name, bytes)| (name.to_owned(), Fingerprint::of_bytes(bytes)));
    let manifest = Manifest::new(Position { epoch: 0, batch: 1, step: 1 }, hashes.into());
    std::fs::write(place.join("manifest.json"), manifest.to_bytes()).expect("a file");
    let store = CheckpointStore::new(folder.path());
    let _ = store.load_best();
    if let Ok(loaded) = store.load_latest() {
        let state = loaded.checkpoint.meta.state.clone();
        let _ = store.tidy(&state);
        let _ = loaded.checkpoint.meta.identity.changes(&RunIdentity::default());
        let _ = small_trainer().resume(loaded.checkpoint, ResumePlan::default());
    }
}

/// The bytes of a complete small checkpoint, for the corpus: the fuzzer would not find them by itself.
#[must_use]
pub(crate) fn whole_checkpoint() -> Vec<u8> {
    let folder = Folder::new();
    let trainer = small_trainer();
    let meta = drivetrain::train::CheckpointMeta {
        state: trainer.state().clone(),
        optimizer_name: "adamw".into(),
        optimizer_step: 0,
        average_count: 0,
        validates_average: false,
        seed: 1,
        identity: RunIdentity::default(),
        instruction_set: "any".into(),
    };
    let store = CheckpointStore::new(folder.path());
    let optimizer = trainer.optimizer().state();
    let checkpoint = Checkpoint { model: StateDict::of(trainer.model()), optimizer, average: None, meta };
    let path = store.save(&checkpoint).expect("a checkpoint");
    let read = |name: &str| std::fs::read(path.join(name)).expect("a file");
    let (state, model, optimizer) = (read("state.json"), read("model.safetensors"), read("optimizer.safetensors"));
    let mut bytes = Vec::new();
    bytes.extend((state.len() as u16).to_le_bytes());
    bytes.extend((model.len() as u16).to_le_bytes());
    [state, model, optimizer].iter().for_each(|part| bytes.extend(part));
    bytes
}

/// The file `latest`, beside a checkpoint folder that it may name.
pub(crate) fn pointer(bytes: &[u8]) {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("step-00000001")).expect("a folder");
    folder.write("latest", bytes);
    folder.write("step-00000001/manifest.json", bytes);
    assert!(CheckpointStore::new(folder.path()).load_latest().is_err());
}

/// The `config.json` of an exported model, whose other files are intact.
pub(crate) fn model(bytes: &[u8]) {
    static WHOLE: OnceLock<Folder> = OnceLock::new();
    let whole = WHOLE.get_or_init(whole_model);
    let folder = Folder::new();
    for name in ["tokenizer.json", "model.safetensors"] {
        std::fs::copy(whole.path().join(name), folder.path().join(name)).expect("a file");
    }
    folder.write("config.json", bytes);
    if let Ok(model) = Classifier::load(folder.path()) {
        let PredictConfig { values, draws, .. } = model.predict;
        let predict = PredictConfig { values: values.min(3), draws: draws.min(2), ..model.predict };
        let _ = model.columns(&[("nl", &["27".to_owned(), "31".to_owned()])], &predict);
    }
}

/// A small exported model.
#[must_use]
pub(crate) fn whole_model() -> Folder {
    let folder = Folder::new();
    let texts = ["age|27<sep>31".to_owned(), "nl|8".to_owned()];
    let tokenizer = Tokenizer::train(texts.into_iter().map(Ok), 300, &Silent).expect("a tokenizer");
    let sizes = EncoderConfig { vocab_size: tokenizer.vocab_size(), ..sizes() };
    let model = SequenceClassifier::new(&sizes, SemanticType::ALL.len(), 1, &Device::flex()).expect("a model");
    let (weights, predict) = (StateDict::of(&model), PredictConfig::default());
    let config = export_config(sizes, predict, Decision::default(), &tabular_sense::labels::Labels::built_in());
    write_export(folder.path(), config, &weights, Some(&tokenizer)).expect("an exported model");
    folder
}

/// The `RunStart` event of a resumed run.
fn go_on() -> RunStart {
    RunStart {
        config: serde_json::Value::Null,
        parameters: 0,
        train_samples: 0,
        validation_samples: 0,
        batches: 1,
        epochs: 1,
        learning_rate: 0.1,
        dropout: 0.1,
        resumed_at: Some(Position { epoch: 0, batch: 5, step: 5 }),
        rescheduled: None,
        validated_at: 3,
        best: None,
        monitored: Monitored::default(),
        own_optimizer: None,
        device: "cpu".into(),
        instruction_set: "any",
        threads: 1,
    }
}

/// A TensorBoard event file of a run that has just begun, for the corpus.
#[must_use]
pub(crate) fn whole_events() -> Vec<u8> {
    let folder = Folder::new();
    let mut board = TensorBoard::new(folder.path(), 1);
    board.on(&Event::RunStart(&RunStart { resumed_at: None, ..go_on() })).expect("the log opens");
    let model = small_trainer().into_model();
    for step in 0..3 {
        let end = StepEnd {
            epoch: 0,
            batch: 0,
            batches: 3,
            step,
            samples: 1,
            loss: 0.5,
            learning_rate: 0.1,
            dropout: 0.1,
            gradient_norms: &GradientNorms::default(),
            size: None,
            time: StepTime::default(),
            model: ModelView::new(&model),
        };
        board.on(&Event::Step(&end)).expect("the log grows");
    }
    board.on(&Event::Saving { step: 3 }).expect("the log is kept");
    let mut entries = std::fs::read_dir(folder.path().join("train")).expect("a folder").flatten();
    std::fs::read(entries.next().expect("a file").path()).expect("a file")
}

/// The `metrics.jsonl` and the TensorBoard event file of a resumed run.
pub(crate) fn logs(bytes: &[u8]) {
    let _ = read_scalars(bytes);
    let folder = Folder::new();
    let path = folder.write("metrics.jsonl", bytes);
    std::fs::create_dir_all(folder.path().join("tensorboard/train")).expect("a folder");
    folder.write("tensorboard/train/events.out.tfevents.1.1.drivetrain", bytes);
    let start = go_on();
    let event = Event::RunStart(&start);
    JsonLines::new(&path, 1).on(&event).expect("the log opens");
    TensorBoard::new(folder.path().join("tensorboard"), 1).on(&event).expect("the log opens");
    // Whatever is kept is the beginning of the file, and consists of complete lines.
    let kept = std::fs::read(&path).expect("the log");
    assert!(bytes.starts_with(&kept) && kept.last().is_none_or(|&byte| byte == b'\n'));
}

/// A temporary folder, removed when the value is dropped.
#[derive(Debug)]
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        // In memory, if the system has such a folder: the fuzzer creates about a thousand folders per second.
        let shared = Path::new("/dev/shm");
        Self(if shared.is_dir() { tempfile::tempdir_in(shared) } else { tempfile::tempdir() }.expect("a folder"))
    }

    /// The path of the folder.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }
}
