//! What the console and the log file print for a run's events, in both languages.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use drivetrain_data::{BatchSize, SkippedLine, SkippedLines, Truncation};
use drivetrain_terminal::{Lang, describe};
use drivetrain_train::{
    Best, Event, Incident, MonitorMode, Monitored, Notice, Outlier, Position, Rescheduled, RunStart, SampleOrigin,
    StepTime, Summary, Throughput, TrainError, Validated, ValidationRecord,
};

fn record(epoch: u64, score: f64) -> ValidationRecord {
    ValidationRecord {
        epoch,
        step: (epoch + 1) * 100,
        train_loss: 0.25 / (epoch + 1) as f64,
        validation_loss: 0.3 / (epoch + 1) as f64,
        score,
        metrics: vec![("f1".into(), 0.9), ("precision".into(), 0.95)],
        learning_rate: 2e-3,
        dropout: 0.1,
    }
}

fn start() -> RunStart {
    RunStart {
        config: serde_json::json!({"trainer": {"epochs": 6, "seed": 7}, "model": {"preset": "small"}}),
        parameters: 970_784,
        train_samples: 92_160,
        validation_samples: 11_520,
        batches: 1440,
        epochs: 6,
        learning_rate: 1e-5,
        dropout: 0.1,
        resumed_at: None,
        rescheduled: None,
        validated_at: 0,
        best: None,
        monitored: Monitored::default(),
        own_optimizer: None,
        device: "cpu".into(),
        instruction_set: "x86-64 avx2+fma",
        threads: 2,
    }
}

/// The lines printed for a run in which every kind of event occurs.
fn lines(lang: Lang) -> String {
    let monitored = &Monitored::default();
    let best = Best { score: 0.971, value: 0.971, epoch: 0, step: 100 };
    let resumed = RunStart {
        resumed_at: Some(Position { epoch: 1, batch: 7, step: 107 }),
        validated_at: 100,
        best: Some(best),
        ..start()
    };
    let (first, second) = (record(0, 0.971), record(1, 0.9807));
    let throughput = Throughput {
        steps: 100,
        samples: 6400,
        size: BatchSize { tokens: 9000, positions: 10_000 },
        flops: 3e9,
        time: StepTime::default(),
        saving: Duration::ZERO,
        wall: Duration::from_millis(12_340),
    };
    let validated = |record, previous| Validated {
        record,
        previous,
        epochs: 6,
        classes: &[],
        monitored,
        class_names: &[],
        early_stop: (0, 3),
        throughput,
        validation_time: Duration::from_secs(65),
    };
    let origin = |line| SampleOrigin { place: format!("a.jsonl line {line} (byte 0)"), text: None };
    let samples: Vec<SampleOrigin> = (1..6).map(origin).collect();
    let incident = |is_skipped| Incident {
        outlier: Outlier::NonFiniteLoss(f64::NAN),
        epoch: 1,
        batch: 9,
        step: 109,
        samples: &samples,
        is_skipped,
    };
    let error = TrainError::Io { path: "runs/a/checkpoints".into(), source: std::io::Error::other("no space left") };
    let summary = Summary {
        epochs: 2,
        steps: 200,
        best: Some(best),
        monitored: monitored.clone(),
        stopped_early: true,
        stopped_by: None,
        skipped_batches: 1,
        saves: 2,
        save_wait: Duration::from_millis(40),
        seconds: 3725.0,
    };
    let events = [
        Event::RunStart(&start()),
        Event::EpochStart { epoch: 0, epochs: 6, batches: 1440, first_batch: 0 },
        Event::Validated(&validated(&first, None)),
        Event::NewBest { epoch: 0, step: 100, monitored, value: 0.971, former: None },
        Event::Saving { step: 100 },
        Event::Saved { path: Path::new("step-100"), is_best: true, took: Duration::ZERO },
        Event::RunStart(&resumed),
        Event::Incident(&incident(true)),
        Event::Validated(&validated(&second, Some(&first))),
        Event::NewBest { epoch: 1, step: 200, monitored, value: 0.9807, former: Some(0.971) },
        Event::LearningRate { epoch: 1, step: 200, old: 2e-3, new: 1e-3 },
        Event::Dropout { epoch: 1, step: 200, old: 0.1, new: 0.125 },
        Event::NearEarlyStop { epoch: 1, step: 200, count: 2, patience: 3 },
        Event::SaveFailed { error: &error, retry_after: Duration::from_secs(10) },
        Event::EarlyStop { epoch: 1, step: 200, count: 3, best: Some(best), monitored },
        Event::Incident(&incident(false)),
        Event::RunEnd(&summary),
    ];
    let mut text = String::new();
    for line in events.iter().flat_map(|event| describe(event, lang)) {
        writeln!(text, "{:<8}|{}", format!("{:?}", line.tone), line.text).unwrap();
    }
    text
}

#[test]
fn in_english() {
    insta::assert_snapshot!(lines(Lang::En));
}

#[test]
fn in_chinese() {
    insta::assert_snapshot!(lines(Lang::Zh));
}

#[test]
fn another_monitored_value_is_named() {
    let best = Some(Best { score: 0.5, value: 0.125, epoch: 2, step: 300 });
    let text = |monitor: &str, lang| {
        let monitored = Monitored { monitor: monitor.into(), mode: MonitorMode::Min };
        let summary = Summary {
            epochs: 3,
            steps: 300,
            best,
            monitored: monitored.clone(),
            stopped_early: true,
            stopped_by: Some("budget".into()),
            skipped_batches: 0,
            saves: 0,
            save_wait: Duration::ZERO,
            seconds: 1.0,
        };
        let start = RunStart { best, monitored: monitored.clone(), ..start() };
        let outlier = Outlier::NonFiniteMetric { name: "mae", value: f64::NAN };
        let incident = Incident { outlier, epoch: 1, batch: 0, step: 200, samples: &[], is_skipped: true };
        let monitored = &monitored;
        let events = [
            Event::RunStart(&start),
            Event::NewBest { epoch: 0, step: 100, monitored, value: 0.25, former: None },
            Event::NewBest { epoch: 2, step: 300, monitored, value: 0.125, former: Some(0.25) },
            Event::EarlyStop { epoch: 2, step: 300, count: 1, best, monitored },
            Event::Incident(&incident),
            Event::RunEnd(&summary),
        ];
        let lines: Vec<String> = events.iter().flat_map(|event| describe(event, lang)).map(|line| line.text).collect();
        lines.join("\n")
    };
    let (english, chinese) = (text("mae", Lang::En), text("loss", Lang::Zh));
    for part in [
        "mae 0.12500 in epoch 3",
        "first best: mae 0.25000",
        "new best: mae 0.25000 → 0.12500",
        "best: epoch 3, mae 0.12500",
        "the validation metric `mae` became NaN after step 200",
        "best mae 0.12500 in epoch 3",
        "\n  stopped by the observer budget",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
    for part in [
        "新的最佳：验证损失 0.25000 → 0.12500",
        "验证指标 `mae` 变为 NaN",
        "最佳验证损失 0.12500（第 3 轮）",
        "由观察器 budget 要求停止",
    ] {
        assert!(chinese.contains(part), "{part}: {chinese}");
    }
}

#[test]
fn notices_are_described_in_both_languages() {
    let skipped = SkippedLines { count: 12, first: vec![SkippedLine { line: 3, problem: "found no tab".into() }] };
    let notices = [
        Notice::SkippedLines(skipped),
        Notice::Truncated(Truncation { samples: 1, ids: 1 }),
        Notice::Truncated(Truncation { samples: 2, ids: 30 }),
        Notice::UnseededModules { modules: vec!["a (Dropout)".into(), "b (Dropout)".into()] },
        Notice::Other("changed: seed".into()),
    ];
    let texts = |lang| -> Vec<String> {
        let lines = notices.iter().flat_map(|notice| describe(&Event::Notice { step: 0, notice }, lang));
        lines.map(|line| line.text).collect()
    };
    let english = texts(Lang::En);
    assert_eq!(english[0], "  ! 12 lines are no samples and were skipped:\n  line 3: found no tab");
    assert_eq!(english[1], "  ! 1 sample is longer than max_len: 1 token was cut from its end");
    assert_eq!(english[2], "  ! 2 samples are longer than max_len: 30 tokens were cut from their ends");
    assert!(english[3].contains("in a (Dropout), b (Dropout): two runs differ"), "{}", english[3]);
    assert_eq!(english[4], "  ! changed: seed");
    let chinese = texts(Lang::Zh);
    assert_eq!(chinese[0], "  ! 跳过了 12 行，它们不是样本：\n  第 3 行：found no tab");
    assert_eq!(chinese[2], "  ! 2 个样本超过 max_len：末尾共截去 30 个 token");
    assert!(chinese[3].contains("a (Dropout)、b (Dropout)"), "{}", chinese[3]);
}

#[test]
fn an_optimizer_of_the_programs_own_is_shown_in_place_of_the_configured_one() {
    let config = serde_json::json!({"trainer": {"optimizer": {"kind": "sgd", "momentum": 0.9, "learning_rate": 0.1}}});
    let text = |own_optimizer, lang| {
        let start = RunStart { config: config.clone(), own_optimizer, ..start() };
        describe(&Event::RunStart(&start), lang).into_iter().map(|line| line.text + "\n").collect::<String>()
    };
    let configured = text(None, Lang::En);
    assert!(configured.contains("kind sgd  learning_rate 0.1  momentum 0.9\n") && !configured.contains("  optimizer "));
    let own = text(Some("lamb".into()), Lang::En);
    assert!(
        own.contains("\n  optimizer               lamb, the program's own, in place of the configured one\n"),
        "{own}"
    );
    assert!(own.contains("  trainer.optimizer       learning_rate 0.1\n"), "{own}");
    assert!(text(Some("lamb".into()), Lang::Zh).contains("lamb（程序自带"));
}

#[test]
fn a_changed_schedule_is_described_last() {
    let rescheduled = Rescheduled { old_steps: 26, new_steps: 52, old_rate: 0.0, new_rate: 2.5e-3, last_rate: 1e-5 };
    let start = RunStart { train_samples: 1, batches: 1, threads: 1, rescheduled: Some(rescheduled), ..start() };
    let lines = describe(&Event::RunStart(&start), Lang::En);
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let last = "now ends at step 52 instead of 26: the rate is 2.50e-3 (it would have been 0.00e0) and 1.00e-5 at the last step";
    assert!(text.trim_end().ends_with(last), "{text}");
    assert!(text.contains("1 in 1 batch\n") && text.contains(", 1 thread\n"), "{text}");
}

#[test]
fn a_locale_chooses_the_language() {
    for (locale, lang) in [("zh_CN.UTF-8", Lang::Zh), ("zh-Hant-TW", Lang::Zh), ("C", Lang::En), ("de_DE", Lang::En)] {
        assert_eq!(Lang::of_locale(locale), lang, "{locale}");
    }
}
