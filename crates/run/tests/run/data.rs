//! What a run's files tell of it.

use super::*;
use drivetrain_report::{DataFacts, State};
use drivetrain_run::{PageContext, RunFolder};

#[test]
fn data_json_describes_the_samples() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How::ending(End::StopAfter(0))).unwrap();
    let facts = DataFacts::read(&folder.path().join("run")).unwrap();
    let sizes: Vec<(&str, u64)> = facts.splits.iter().map(|part| (&*part.name, part.samples)).collect();
    assert_eq!(sizes, [("train", 80), ("validation", 10), ("test", 10)]);
    let labels: u64 = facts.labels.iter().map(|(_, count)| count).sum();
    assert_eq!(
        (facts.source.as_str(), labels, facts.unlabelled, facts.max_len),
        ("samples.tsv", 80, 0, MAX_LEN as u64)
    );
    assert!(facts.padding.grouped < facts.padding.ungrouped, "{:?}", facts.padding);
    assert!(facts.repeated.is_some_and(|repeated| repeated.count > 1 && repeated.text.contains('a')));
}

#[test]
fn the_page_tells_the_state_the_configuration_and_what_the_run_is() {
    let folder = tempfile::tempdir().unwrap();
    train(folder.path(), How::ending(End::StopAfter(3))).unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let context =
        || PageContext { program: "test".into(), config: Vec::new(), versions: Vec::new(), command: "again".into() };
    assert_eq!(run.page(context()).unwrap().state, State::Stopped);
    train(folder.path(), How::default()).unwrap();
    let page = run.page(context()).unwrap();
    assert_eq!((page.state, page.history.validations.len()), (State::Completed, 2));
    let named: Vec<&str> = page.versions.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, ["instruction set", "seed", "program", "samples content"]);
    assert_eq!(std::fs::read_to_string(run.file("report.html")).unwrap(), "2 validations, Completed");
    run.write_json("test.json", &serde_json::json!({"score": 0.75})).unwrap();
    assert_eq!(run.page(context()).unwrap().test_score, Some(0.75));
}
