//! The messages for the mistakes of a Chinese user are entirely in Chinese.

use super::{Desk, Outcome, model, tiny};

const GOOD: &str = "{\"name\": \"nl\", \"values\": [\"27\"], \"labels\": [\"age\"]}\n";

/// The first sequence of four or more English words outside backquotes.
fn english(text: &str) -> Option<String> {
    let outside: Vec<&str> = text.split('`').step_by(2).collect();
    for piece in outside.join("|").split(|c: char| c != ' ' && c != ',' && c != '\'' && !c.is_ascii_alphabetic()) {
        let words: Vec<&str> = piece.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        if words.len() >= 4 {
            return Some(words.join(" "));
        }
    }
    None
}

/// Checks that the outcome is a user error with a message in Chinese.
fn in_chinese(outcome: Outcome) -> Outcome {
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.starts_with("错误："), "{outcome}");
    assert_eq!(english(&outcome.stderr), None, "{outcome}");
    for word in ["error:", "hint:", "expected"] {
        assert!(!outcome.stderr.contains(word), "{outcome}");
    }
    outcome
}

impl Desk {
    fn chinese(&self, args: &[&str]) -> Outcome {
        in_chinese(self.run(&[args, &["--lang", "zh"]].concat()))
    }
}

#[test]
fn english_is_found() {
    assert_eq!(english("错误：没有 a.csv：no such file there").as_deref(), Some("no such file there"));
    assert_eq!(english("错误：`one of these words here` 无效，a.b.c.d-e f"), None);
}

#[test]
fn tables() {
    let desk = Desk::new();
    desk.write("empty.csv", "");
    desk.write("blank.csv", "\n , \n");
    desk.write("picture.csv", b"\x89PNG\r\n\x1a\n");
    desk.write("data.csv", "<?xml version=\"1.0\"?>\n<rows/>\n");
    desk.write("good.csv", "a,b\n1,x\n");
    insta::assert_snapshot!("zh_table_missing", desk.chinese(&["predict", "nowhere.csv"]));
    for file in ["empty.csv", "blank.csv", "picture.csv", "data.csv"] {
        let told = desk.chinese(&["predict", file]);
        assert!(told.stderr.contains(file), "{told}");
    }
    desk.write("folder/notes.txt", "no table");
    desk.chinese(&["predict", "folder"]);
    desk.chinese(&["predict", "--resume", "folder/notes.txt", "good.csv"]);
    desk.write("broken.parquet", "PAR1 and nothing else");
    let told = desk.chinese(&["predict", "broken.parquet"]);
    assert!(told.stderr.contains("Parquet 文件，但已损坏"), "{told}");
    desk.chinese(&["predict", "--encoding", "klingon", "good.csv"]);
    let two = desk.chinese(&["predict", "nowhere.csv", "empty.csv"]);
    assert_eq!(two.stderr.matches("错误：").count(), 3, "{two}");
}

#[test]
fn notes() {
    let desk = Desk::new();
    desk.write("odd.csv", "id,name\n1,Ann\n\n2,Bob\n");
    let outcome = desk.run(&["predict", "--json", "--lang", "zh", "odd.csv"]).ok();
    assert_eq!(outcome.stderr, "注意：odd.csv：跳过 1 个空行\n");
}

#[test]
fn models_and_columns() {
    let desk = Desk::new();
    desk.write("t.csv", "a,b\n1,x\n");
    desk.chinese(&["predict", "--model", "nowhere", "t.csv"]);
    let fixture = |name: &str| std::fs::read(model().join(name)).expect("the fixture");
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        desk.write(&format!("model/{name}"), fixture(name));
    }
    let predict = || desk.chinese(&["predict", "--model", "model", "t.csv"]);
    let config = String::from_utf8(fixture("config.json")).expect("UTF-8");
    for wrong in
        ["{}", "{", "[]", &config.replace("\"age\"", "\"name\""), &config.replace("\"input\": ", "\"input\": 9")]
    {
        desk.write("model/config.json", wrong);
        predict();
    }
    desk.write("model/config.json", config);
    desk.write("model/tokenizer.json", "{}");
    predict();
    desk.write("model/tokenizer.json", fixture("tokenizer.json"));
    desk.write("model/model.safetensors", &fixture("model.safetensors")[..5000]);
    predict();
    desk.chinese(&["evaluate", "--columns", "nowhere.jsonl"]);
    desk.write("c.jsonl", "agee|nl|27\n");
    desk.chinese(&["evaluate", "--columns", "c.jsonl"]);
    desk.write("c.jsonl", "");
    desk.chinese(&["evaluate", "--columns", "c.jsonl"]);
}

#[test]
fn samples() {
    let desk = Desk::new();
    let config = tiny();
    let config = config.to_str().expect("UTF-8");
    let train = |content: &[u8], more: &[&str]| {
        desk.write("own.jsonl", content);
        desk.chinese(&[&["train", "--config", config, "--samples", "own.jsonl", "--run", "run"], more].concat())
    };
    insta::assert_snapshot!("zh_samples_unknown_label", train(GOOD.replace("age", "shoe_size").as_bytes(), &[]));
    for (content, says) in [
        ("", "没有样本"),
        ("{\"name\": \"nl\", \n", "第 1 行"),
        ("what is this line?\n", "`what is this line?`"),
        ("{\"name\": \"nl\", \"labels\": [\"age\"]}\n", "缺少字段 `values`"),
        ("{\"name\": 5, \"values\": [], \"labels\": []}\n", "整数 `5`"),
        ("age|nl|\n", "至少要有一个"),
        (GOOD, "验证集没有样本"),
    ] {
        let told = train(content.as_bytes(), &[]);
        assert!(told.stderr.contains(says), "{told}");
    }
    train(b"age|\xc4\xea\xc1\xe4|27\n", &[]);
    let skipping = train(b"x\ny\n", &["--on-bad-line", "skip"]);
    assert!(skipping.stderr.contains("全部被跳过"), "{skipping}");
    desk.chinese(&["train", "--samples", "nowhere.jsonl", "--run", "run"]);
    desk.chinese(&["inspect", "nowhere.jsonl"]);
    desk.chinese(&["generate", "--per-type", "1", "-o", "no/such/folder.jsonl"]);
}

#[test]
fn configuration() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(tiny()).expect("the configuration");
    let train = |line: &str, by: &str| {
        assert!(text.contains(line), "{line}");
        desk.write("my.toml", text.replacen(line, by, 1));
        desk.chinese(&["train", "--config", "my.toml", "--run", "run"])
    };
    insta::assert_snapshot!("zh_config_unknown_key", train("batch_size = 16", "batchsize = 16"));
    for (line, by, says) in [
        ("[data]", "[dta]", "未知字段 `dta`"),
        ("epochs = 3", "epochs = \"two\"", "字符串 \"two\""),
        ("epochs = 3", "epochs: 3", "第 23 行"),
        ("epochs = 3", "epochs = 0", "不小于 1"),
        ("n_heads = 2", "n_heads = 3", "能整除 d_model"),
        ("max_len = 48", "max_len = 0", "不小于 1"),
        ("batch_size = 16", "batch_size = 9999999999", "不大于"),
        ("batch_size = 16", "batch_size = -1", "非负整数"),
        ("batch_size = 16", "batch_size = 16\nsplit = { train = 0.5, validation = 0.1, test = 0.1 }", "之和必须为 1"),
        ("vocab_size = 400", "vocab_size = 10", "每个字节"),
        ("learning_rate = 1e-2", "learning_rate = -1.0", "是正数"),
        ("\"micro\"", "\"tiny\"", "未知取值 `tiny`"),
        ("\"micro\"", "\"micro", "字符串"),
        ("[model]", "[model", "表头"),
    ] {
        let told = train(line, by);
        assert!(told.stderr.contains(says), "{told}");
    }
    desk.chinese(&["train", "--config", "no.toml"]);
    desk.chinese(&["train", "--epochs", "5"]);
    desk.chinese(&["train", "--allow-change", "batchsize"]);
    desk.chinese(&["train", "--allow-change", "nonsense"]);
}

#[test]
fn run_folders() {
    let desk = Desk::new();
    let config = tiny();
    let config = config.to_str().expect("UTF-8");
    for args in [&["train", "--resume", "--run", "no"][..], &["evaluate", "--run", "no"], &["report", "no"], &["runs"]]
    {
        desk.chinese(args);
    }
    desk.write("runs/a.txt", "");
    desk.chinese(&["runs"]);
    desk.run(&["train", "--config", config, "--run", "run", "--stop-after", "1"]).ok();
    desk.chinese(&["train", "--run", "run", "--resume=never"]);
    desk.write("changed.toml", desk.read("run/config.toml").replace("batch_size = 16", "batch_size = 8"));
    insta::assert_snapshot!(
        "zh_run_of_another_config",
        desk.chinese(&["train", "--config", "changed.toml", "--run", "run"])
    );
    let lock = std::fs::File::open(desk.path("run/.lock")).expect("the lock file");
    lock.lock().expect("the lock");
    desk.chinese(&["train", "--run", "run"]);
    drop(lock);

    for name in desk.files().iter().filter(|name| name.ends_with("state.json")) {
        desk.write(name, "{}");
    }
    let told = desk.chinese(&["train", "--run", "run"]);
    assert!(told.stderr.contains("没有完整的检查点") && told.stderr.contains("已损坏"), "{told}");
}

/// JSON has the same keys in every language, because programs read them.
#[test]
fn json_keeps_its_keys() {
    let desk = Desk::new();
    let outcome = desk.run(&["predict", "--lang", "zh", "--log-format", "json", "nowhere.csv"]);
    let line = outcome.stderr.lines().last().expect("a line");
    let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(record["level"], "error", "{outcome}");
    assert!(
        record["message"].as_str().is_some_and(|message| message.starts_with("错误：没有文件 nowhere.csv")),
        "{outcome}"
    );
}
