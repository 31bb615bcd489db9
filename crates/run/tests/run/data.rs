//! What the files of a run say about it.

use super::*;
use drivetrain_data::OnBadLine;
use drivetrain_report::{DataFacts, State};
use drivetrain_run::{PageContext, RunFolder};
use drivetrain_train::TrainerConfig;

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
fn observers_are_told_of_what_the_samples_lack_and_of_notices_that_nobody_took() {
    let folder = tempfile::tempdir().unwrap();
    write_samples(&folder.path().join("samples.tsv"), &format!("{}\tfruit\nno label\n", "plum ".repeat(40)));
    let skipping = |end| How { on_bad_line: OnBadLine::Skip, ..How::ending(end) };
    let first = train(folder.path(), skipping(End::StopAfter(5))).unwrap();
    assert_eq!(
        first.shown[0],
        "1 line is no sample and was skipped:\n  line 101: expected a text, a tab and a label, found no tab"
    );
    let [_, cut] = &first.shown[..] else { panic!("{:?}", first.shown) };
    assert!(cut.contains(" longer than max_len: ") && cut.contains(" cut from "), "{cut}");
    // The log contains each of them once, however often the run is resumed.
    let log = || std::fs::read_to_string(folder.path().join("run/metrics.jsonl")).unwrap();
    let noted = |log: String| log.lines().filter(|line| line.contains("\"notice\"")).count();
    assert_eq!(noted(log()), 2);

    let other = How { takes_notices: false, ..skipping(End::Itself) };
    let epochs = TrainerConfig { epochs: 3, ..config() };
    let resumed = train(folder.path(), How { config: epochs, ..other }).unwrap();
    assert_eq!(resumed.shown[0], "changed since the run was saved: trainer.epochs: 2 → 3");
    assert_eq!((&resumed.shown[1..], noted(log())), (&first.shown[..], 2));
}

#[test]
fn lines_that_are_not_utf_8_are_skipped_and_told_once_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples.tsv");
    write_samples(&path, "a plum\tfruit\n");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.splice(0..0, *b"a \xFFlum\tfruit\n");
    std::fs::write(&path, bytes).unwrap();
    let refused = error(folder.path(), How::default()).to_string();
    assert!(refused.contains("line 1") && refused.contains("UTF-8"), "{refused}");
    let skipped = train(folder.path(), How { on_bad_line: OnBadLine::Skip, ..How::default() }).unwrap();
    let told = |line: &&String| line.starts_with("1 line is no sample and was skipped:\n  line 1: ");
    assert_eq!(skipped.shown.iter().filter(told).count(), 1, "{:?}", skipped.shown);
    assert!(skipped.ended.is_complete());
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
