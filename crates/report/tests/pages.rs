//! Pages of runs of any task, made from the files that a run writes. What was not measured is not shown.

use std::path::Path;

use drivetrain_report::{
    Analysis, Label, Language, MultiClassOutcomes, ReportOptions, RunPage, Shown, TokenOutcomes, report, run_page,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A run folder with these validations, and a session with the given numbers of tokens and GFLOP.
fn run(validations: &[Value], tokens: u64, gflop: f64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lines = |records: &[Value]| records.iter().map(|record| format!("{record}\n")).collect::<String>();
    let record = |(at, extra): (usize, &Value)| {
        let mut record = json!({
            "kind": "validation", "epoch": at, "step": 10 * (at + 1), "train_loss": 0.9 / (at + 1) as f64,
            "validation_loss": 1.0 / (at + 1) as f64, "score": 0.5, "learning_rate": 1e-3, "dropout": 0.0,
        });
        record.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        record
    };
    let records: Vec<Value> = validations.iter().enumerate().map(record).collect();
    std::fs::write(folder.path().join("metrics.jsonl"), lines(&records)).unwrap();
    let timings = [
        json!({"kind": "start", "time": "2030-01-02T03:04:05Z", "step": 0, "epochs": 9, "train_samples": 80,
            "validation_samples": 20, "parameters": 1234, "instruction_set": "avx2", "threads": 2}),
        json!({"kind": "interval", "step": 10, "samples": 800, "tokens": tokens, "gflop": gflop, "forward_s": 1.0,
            "backward_s": 1.0, "training_s": 4.0, "validation_s": 1.0}),
        json!({"kind": "end", "step": 10, "why": "completed", "time": "2030-01-02T03:04:15Z"}),
    ];
    std::fs::write(folder.path().join("timings.jsonl"), lines(&timings)).unwrap();
    folder
}

fn page_of(folder: &Path) -> String {
    report(folder, &ReportOptions::default()).unwrap()
}

/// The data of the page's charts.
fn charts(page: &str) -> Value {
    let (_, rest) = page.split_once(r#"<script type="application/json" id="charts">"#).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn ids(page: &str) -> Vec<String> {
    charts(page).as_object().unwrap().keys().cloned().collect()
}

/// The text of a page as a reader without scripts sees it.
fn text(page: &str) -> String {
    let body = page.split_once("<body").unwrap().1.split_once("<script").unwrap().0;
    let words = body.split('<').filter_map(|piece| piece.split_once('>')).flat_map(|(_, text)| text.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

/// The same, with one element per line; the cells of a table row share a line.
fn lines(page: &str, folder: &Path) -> String {
    let page = page.replace(&folder.display().to_string(), "FOLDER");
    let body = page.split_once("<body").unwrap().1.split_once("<script").unwrap().0.split_once('>').unwrap().1;
    let mut lines = vec![String::new()];
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        let is_inline = ["a", "b", "small", "span", "th", "td", "dd", "code", "i"].contains(&name);
        if !is_inline && !lines.last().unwrap().is_empty() {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        if !line.is_empty() && ["th", "td", "dd"].contains(&tag.split(' ').next().unwrap()) {
            line.push_str(" | ");
        }
        line.push_str(text);
    }
    lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_regression_has_no_classes_and_its_lowest_error_is_the_best() {
    let error =
        |rmse: f64| json!({"score": -rmse, "rmse": rmse, "r2": 1.0 - rmse / 9.0, "monitor": "rmse", "mode": "min"});
    let folder = run(&[error(8.0), error(2.5), error(3.0)], 0, 0.0);
    let page = page_of(folder.path());
    insta::assert_snapshot!("regression", lines(&page, folder.path()));
    let text = text(&page);
    assert!(
        text.contains("The rmse fell from 8.0000 to 2.5000, its best in epoch 2; it ended when all epochs"),
        "{text}"
    );
    assert!(text.contains("best rmse in validation 2.5000"), "{text}");
    // The chart of the score shows the error, since the score is the error with the opposite sign. R² has a chart of
    // its own. Dropout was not used, so it has none.
    assert_eq!(ids(&page), ["chart-loss", "chart-metric-0", "chart-score", "chart-time"]);
    let charts = charts(&page);
    assert_eq!(charts["chart-score"]["series"][0]["points"], json!([[10.0, 8.0], [20.0, 2.5], [30.0, 3.0]]));
    assert_eq!(charts["chart-metric-0"]["series"][0]["name"], "r2");
    assert!(text.contains("rmse on the validation set Lower is better."), "{text}");
    for absent in ["class", "token", "GFLOP", "F1", "NaN", "Higher is better"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
    assert!(text.contains("5.0s in all: 200 samples a second."), "{text}");
}

#[test]
fn a_run_that_monitors_its_loss_has_the_lowest_as_its_best() {
    let monitored = json!({"monitor": "loss", "mode": "min"});
    let folder = run(&[monitored.clone(), monitored], 0, 0.0);
    std::fs::write(folder.path().join("test.json"), r#"{"loss": 0.625, "score": 0.1}"#).unwrap();
    let text = text(&page_of(folder.path()));
    assert!(text.contains("The validation loss fell from 1.0000 to 0.5000, its best in epoch 2"), "{text}");
    assert!(text.contains("lowest validation loss 0.5000") && text.contains("test loss 0.6250"), "{text}");
    assert!(!text.contains("Higher is better"), "{text}");
}

#[test]
fn metrics_of_ones_own_are_shown_by_their_names() {
    let own = |score: f64, latency: f64| json!({"score": score, "bleu": score, "top_5": 0.9, "latency_ms": latency});
    let page = page_of(run(&[own(0.2, 41.0), own(0.3, 43.0)], 500, 0.0).path());
    let charts = charts(&page);
    // Fractions share a chart with the score; the BLEU equals the score and is not drawn twice. Other values have a
    // chart of their own.
    let names = |id: &str| -> Vec<&str> {
        charts[id]["series"].as_array().unwrap().iter().map(|series| series["name"].as_str().unwrap()).collect()
    };
    assert_eq!((names("chart-score"), names("chart-metric-0")), (vec!["score", "top 5"], vec!["latency ms"]));
    let text = text(&page);
    assert!(text.contains("step score bleu top 5 10 0.2000 0.2000 0.9000 20 0.3000 0.3000 0.9000"), "{text}");
    assert!(text.contains("125 tokens (without padding) a second.") && !text.contains("GFLOP"), "{text}");
}

#[test]
fn a_multi_class_run_has_a_whole_confusion_table() {
    let class = |f1: f64| json!({"precision": f1, "recall": f1, "f1": f1, "support": 10});
    let validation = json!({"score": 0.75, "accuracy": 0.75, "classes": [class(0.9), class(0.5), class(0.7)]});
    let folder = run(&[validation], 500, 12.0);
    // Without `analysis.json`, the page shows the classes of the validation, by number.
    let bare = text(&page_of(folder.path()));
    assert!(bare.contains("The best validation; the weakest class first."), "{bare}");
    assert!(bare.contains("#1 0.5000 0.5000 0.5000 10 #2 0.7000"), "{bare}");

    let labels =
        [("cat", "a cat"), ("dog", ""), ("owl", "")].map(|(code, name)| Label { code: code.into(), name: name.into() });
    let probabilities_sc = &[0.8, 0.1, 0.1, 0.1, 0.7, 0.2, 0.5, 0.4, 0.1, 0.3, 0.3, 0.4];
    let shown = |i: usize| Shown { title: "photo".into(), text: format!("{i}.png"), place: format!("line {i}") };
    let outcomes = MultiClassOutcomes { labels: &labels, probabilities_sc, classes_s: &[0, 1, 1, 1] };
    let analysis = serde_json::to_vec(&outcomes.analyse("test", 10, shown)).unwrap();
    std::fs::write(folder.path().join("analysis.json"), analysis).unwrap();
    let page = page_of(folder.path());
    insta::assert_snapshot!("multi_class", lines(&page, folder.path()));
    let text = text(&page);
    assert!(text.contains("The best checkpoint on the test split, 4 samples; the weakest class first."), "{text}");
    let table = "true ↓ predicted → a cat dog owl a cat 1 0 0 dog 1 1 1 owl 0 0 0";
    assert!(text.contains(table), "{text}");
    assert_eq!(charts(&page)["chart-confusions"]["rows"], json!(["a cat", "dog", "owl"]));
    assert!(text.contains("photo | 2.png true: dog given: a cat 0.50 dog 0.40"), "{text}");
    assert!(text.contains("Smallest margin between two classes") && !text.contains("hreshold"), "{text}");
    assert!(!ids(&page).contains(&"chart-threshold".to_owned()));
    assert!(text.contains("125 tokens (without padding) and 6.0 GFLOP a second"), "{text}");
}

#[test]
fn a_token_run_has_tables_by_class_and_by_type_of_entity() {
    let kind = |f1: f64| json!({"precision": f1, "recall": f1, "f1": f1, "support": 6});
    let validation = json!({
        "score": 0.8, "f1": 0.8, "token_accuracy": 0.95, "classes": [kind(0.9), kind(0.6)],
        "class_names": ["person", "place"],
    });
    let folder = run(&[validation], 500, 12.0);
    let labels = ["O", "B-person", "B-place"].map(Label::new);
    let probabilities_tc = &[0.9, 0.1, 0.0, 0.0, 0.6, 0.4, 0.2, 0.1, 0.7];
    let shown = |i: usize| Shown { text: format!("sentence {i}"), place: format!("line {i}"), ..Shown::default() };
    let outcomes = TokenOutcomes { labels: &labels, probabilities_tc, classes_t: &[0, 2, 2], lengths_s: &[2, 1] };
    let analysis = serde_json::to_vec(&outcomes.analyse("test", 10, shown)).unwrap();
    std::fs::write(folder.path().join("analysis.json"), analysis).unwrap();
    let page = page_of(folder.path());
    insta::assert_snapshot!("tokens", lines(&page, folder.path()));
    let text = text(&page);
    assert!(text.contains("place 0.6000 0.6000 0.6000 6 person 0.9000"), "{text}");
    assert!(text.contains("true ↓ predicted → O B-person B-place O 1 0 0 B-person 0 0 0 B-place 0 1 1"), "{text}");
    assert!(text.contains("Tokens by their true class (rows)") && text.contains("line 0, token 2"), "{text}");
    assert!(text.contains("(bar from 0.0) tokens"), "{text}");
}

#[test]
fn a_folder_without_a_validation_and_one_that_is_none() {
    let empty = tempfile::tempdir().unwrap();
    let page = page_of(empty.path());
    assert!(text(&page).contains("No validation yet.") && ids(&page).is_empty(), "{}", text(&page));
    let error = report(&empty.path().join("none"), &ReportOptions::default()).unwrap_err();
    assert!(error.kind() == std::io::ErrorKind::NotFound && error.to_string().contains("none"), "{error}");
}

#[test]
fn damaged_files_are_left_out() {
    let folder = run(&[json!({"score": null, "validation_loss": null}), json!({"score": "x"})], 0, 1e300);
    for name in ["data.json", "analysis.json", "test.json"] {
        std::fs::write(folder.path().join(name), r#"{"split": 7"#).unwrap();
    }
    let timings = r#"{"kind": "interval", "step": 1, "training_s": 1e308, "validation_s": 1e308, "samples": 1}"#;
    std::fs::write(folder.path().join("timings.jsonl"), timings).unwrap();
    assert!(text(&page_of(folder.path())).contains("No validation yet."));
    assert!(Analysis::read(folder.path()).is_none());
}

#[test]
fn every_text_of_a_page_is_translated() {
    let folder = run(&[json!({"accuracy": 0.5}), json!({"accuracy": 0.75})], 500, 12.0);
    let content = RunPage::read(folder.path()).unwrap();
    let page = run_page(&content, Language { code: "xx", translate: |_| "T".to_owned() });
    assert!(page.contains(r#"<html lang="xx""#));
    assert_eq!(charts(&page)["chart-loss"]["x"]["label"], "T");
    // Only names, numbers and times are not translated.
    let name = content.name;
    let rest = text(&page).replace(&name, "").replace('Z', "");
    let words: Vec<&str> = rest.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).collect();
    assert_eq!(words, [""; 0], "{}", text(&page));
}
