//! The message for each mistake of a user: one snapshot per mistake, with the exit code.

use super::{Desk, model, tiny};

/// A valid sample.
const GOOD: &str = "{\"name\": \"nl\", \"values\": [\"27\"], \"labels\": [\"age\"]}\n";

/// The output of `train` for a bad sample file; it must leave no checkpoint and no model behind.
fn train_on(samples: impl AsRef<[u8]>) -> String {
    let desk = Desk::new();
    desk.write("own.jsonl", samples);
    let config = tiny();
    let outcome =
        desk.run(&["train", "--config", config.to_str().expect("UTF-8"), "--samples", "own.jsonl", "--run", "run"]);
    let left = desk.files();
    assert!(!left.iter().any(|name| name.contains("checkpoints") || name.contains("export")), "left: {left:?}");
    assert!(!left.iter().any(|name| name.ends_with(".tmp")), "half-written: {left:?}");
    outcome.to_string()
}

#[test]
fn samples() {
    insta::assert_snapshot!("samples_empty_file", train_on(""));
    insta::assert_snapshot!("samples_not_json", train_on(format!("{GOOD}{{\"name\": \"nl\", \n{GOOD}")));
    insta::assert_snapshot!("samples_neither_form", train_on(format!("{GOOD}what is this?\n")));
    insta::assert_snapshot!("samples_unknown_label", train_on(GOOD.replace("age", "shoe_size")));
    insta::assert_snapshot!("samples_unknown_label_plain", train_on(format!("{GOOD}agee|nl|27<sep>31\n")));
    insta::assert_snapshot!("samples_no_values", train_on(format!("{GOOD}{}", GOOD.replace("\"27\"", ""))));
    insta::assert_snapshot!("samples_missing_field", train_on("{\"name\": \"nl\", \"labels\": [\"age\"]}\n"));
    insta::assert_snapshot!("samples_not_utf8", train_on([GOOD.as_bytes(), b"age|\xc4\xea\xc1\xe4|27\n"].concat()));
    insta::assert_snapshot!("samples_too_few", train_on(GOOD));
}

#[test]
fn a_missing_sample_file() {
    let desk = Desk::new();
    let outcome = desk.run(&["train", "--samples", "nowhere.jsonl", "--run", "run"]);
    insta::assert_snapshot!(outcome);
    assert!(desk.files().is_empty(), "{:?}", desk.files());
}

/// The output of `train` for the tiny configuration with one line replaced; it must not create the run's folder.
fn train_with(line: &str, by: &str) -> String {
    let desk = Desk::new();
    let text = std::fs::read_to_string(tiny()).expect("the configuration");
    assert!(text.contains(line), "{line}");
    desk.write("my.toml", text.replacen(line, by, 1));
    let outcome = desk.run(&["train", "--config", "my.toml", "--run", "run"]);
    assert_eq!(desk.files(), ["my.toml"]);
    outcome.to_string()
}

#[test]
fn configuration() {
    insta::assert_snapshot!("config_unknown_key", train_with("batch_size = 16", "batchsize = 16"));
    insta::assert_snapshot!("config_unknown_section", train_with("[data]", "[dta]"));
    insta::assert_snapshot!("config_wrong_type", train_with("epochs = 3", "epochs = \"two\""));
    insta::assert_snapshot!("config_not_toml", train_with("epochs = 3", "epochs: 3"));
    insta::assert_snapshot!("config_heads_do_not_divide", train_with("n_heads = 2", "n_heads = 3"));
    insta::assert_snapshot!("config_max_len_0", train_with("max_len = 48", "max_len = 0"));
    insta::assert_snapshot!("config_negative", train_with("batch_size = 16", "batch_size = -1"));
    insta::assert_snapshot!("config_learning_rate", train_with("learning_rate = 1e-2", "learning_rate = -1.0"));
    insta::assert_snapshot!("config_unknown_preset", train_with("\"micro\"", "\"tiny\""));
    insta::assert_snapshot!("config_missing", Desk::new().run(&["train", "--config", "no.toml"]));
}

#[test]
fn run_folders() {
    let desk = Desk::new();
    let config = tiny();
    let config = config.to_str().expect("UTF-8");
    insta::assert_snapshot!("run_missing", desk.run(&["train", "--resume", "--run", "nowhere"]));
    assert!(desk.files().is_empty());
    insta::assert_snapshot!("run_missing_evaluate", desk.run(&["evaluate", "--run", "nowhere"]));

    desk.run(&["train", "--config", config, "--run", "run", "--stop-after", "1"]).ok();
    let changed = desk.read("run/config.toml").replace("batch_size = 16", "batch_size = 8");
    desk.write("changed.toml", changed);
    let before = desk.files();
    insta::assert_snapshot!("run_of_another_config", desk.run(&["train", "--config", "changed.toml", "--run", "run"]));

    let lock = std::fs::File::open(desk.path("run/.lock")).expect("the lock file");
    lock.lock().expect("the lock");
    insta::assert_snapshot!("run_in_use", desk.run(&["train", "--run", "run"]));
    assert_eq!(desk.files(), before);
}

#[test]
fn models() {
    let desk = Desk::new();
    desk.write("t.csv", "a,b\n1,x\n");
    insta::assert_snapshot!("model_missing", desk.run(&["predict", "--model", "runs/mine/export", "t.csv"]));

    let fixture = |name: &str| std::fs::read(model().join(name)).expect("the fixture");
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        desk.write(&format!("model/{name}"), fixture(name));
    }
    let predict = || desk.run(&["predict", "--model", "model", "t.csv"]);
    predict().ok();
    let tokenizer = String::from_utf8(fixture("tokenizer.json")).expect("UTF-8");
    let swapped = [("\"0\":", "\"@@\":"), ("\"1\":", "\"0\":"), ("\"@@\":", "\"1\":")];
    let other = swapped.iter().fold(tokenizer.clone(), |text, (from, to)| text.replacen(from, to, 1));
    assert_ne!(tokenizer, other);
    desk.write("model/tokenizer.json", other);
    insta::assert_snapshot!("model_of_another_tokenizer", predict());
    desk.write("model/tokenizer.json", tokenizer);

    let weights = fixture("model.safetensors");
    desk.write("model/model.safetensors", &weights[..weights.len() / 2]);
    insta::assert_snapshot!("model_damaged", predict());
    desk.write("model/model.safetensors", weights);

    let config = String::from_utf8(fixture("config.json")).expect("UTF-8");
    // A 1 in front of the number makes it another width.
    let (before, width) = config.split_once("\"d_feed_forward\": ").expect("a width");
    desk.write("model/config.json", format!("{before}\"d_feed_forward\": 1{width}"));
    insta::assert_snapshot!("model_of_another_shape", predict());
    desk.write("model/config.json", config.replace("\"age\"", "\"name\""));
    insta::assert_snapshot!("model_of_other_labels", predict());
    desk.write("model/config.json", config.replace("\"input\": ", "\"input\": 9"));
    insta::assert_snapshot!("model_of_other_input", predict());
}

#[test]
fn tables() {
    let desk = Desk::new();
    let model = model();
    let model = model.to_str().expect("UTF-8");
    desk.write("good.csv", "a,b\n1,x\n");
    desk.write("empty.csv", "");
    desk.write("picture.csv", [0x89, b'P', b'N', b'G', 0, 0, 0, 13, 0, 255, 254, 0]);
    let predict = |more: &[&str]| desk.run(&[&["predict", "--model", model], more].concat());
    desk.write("run/config.toml", "");
    desk.write("run/export/config.json", "");
    let outcome = desk.run(&["predict", "--model", "run", "good.csv"]);
    assert!(
        outcome.code == Some(2) && outcome.stderr.contains("hint: name its exported model: run/export"),
        "{outcome}"
    );
    insta::assert_snapshot!("table_missing", predict(&["nowhere.csv"]));
    insta::assert_snapshot!("table_empty", predict(&["empty.csv"]));
    insta::assert_snapshot!("table_binary", predict(&["picture.csv"]));
    insta::assert_snapshot!("table_threshold", predict(&["--threshold", "1.5", "good.csv"]));
    insta::assert_snapshot!("table_top_k", predict(&["--top-k", "0", "good.csv"]));
    let outcome = predict(&["nowhere.csv", "good.csv"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stdout.contains("good.csv"), "the tables that are in order are read all the same: {outcome}");
}

#[test]
fn labelled_columns() {
    let desk = Desk::new();
    let model = model();
    let model = model.to_str().expect("UTF-8");
    desk.write("c.jsonl", "{\"id\": \"a\", \"name\": \"nl\", \"values\": [\"27\"], \"labels\": [\"agee\"]}\n");
    let evaluate =
        |file: &str| desk.run(&["evaluate", "--model", model, "--columns", file, "--predictions", "out.jsonl"]);
    insta::assert_snapshot!("columns_missing", evaluate("nowhere.jsonl"));
    insta::assert_snapshot!("columns_unknown_label", evaluate("c.jsonl"));
    assert_eq!(desk.files(), ["c.jsonl"], "nothing half-written");
}

#[test]
fn generating() {
    let desk = Desk::new();
    insta::assert_snapshot!(
        "generate_nowhere",
        desk.run(&["generate", "--per-type", "1", "-o", "no/such/folder.jsonl"])
    );
    insta::assert_snapshot!("generate_nothing", desk.run(&["generate", "--per-type", "0", "-o", "out.jsonl"]));
    assert!(desk.files().is_empty());
}
