//! What a run reports: log lines, JSON records and pages; and the comparison of runs.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Desk;

/// The data of a page's charts.
fn charts_of(page: &str) -> Value {
    let (_, rest) = page.split_once(r#"<script type="application/json" id="charts">"#).expect("chart data");
    serde_json::from_str(rest.split_once("</script>").expect("an end").0).expect("JSON")
}

#[test]
fn train_writes_a_page_that_holds_everything() {
    let desk = Desk::new();
    let trained = desk.train(&["--run", "mine"]).ok();
    assert!(trained.stdout.contains("report: mine/report.html"), "{trained}");
    let page = desk.read("mine/report.html");
    let charts = charts_of(&page);
    for id in [
        "chart-loss",
        "chart-score",
        "chart-rate",
        "chart-dropout",
        "chart-gradients",
        "chart-confusions",
        "chart-calibration",
        "chart-threshold",
        "chart-lengths",
        "chart-padding",
        "chart-labels",
        "chart-time",
    ] {
        assert!(charts[id].is_object() && page.contains(&format!(r#"id="{id}""#)), "{id} is missing");
    }
    for said in ["completed", "bank_card", "useragent", "tabular-sense train --config mine/config.toml", "per_type"] {
        assert!(page.contains(said), "{said} is missing");
    }
    // The page loads nothing from the network.
    assert!(!page.contains("src=\"") && !page.contains("href=\"http"));
    let zh = desk.run(&["report", "mine", "-o", "zh.html", "--lang", "zh"]).ok();
    assert_eq!(zh.stdout, "zh.html\n");
    let zh = desk.read("zh.html");
    assert!(zh.contains("已完成") && zh.contains("bank_card 银行卡号") && zh.contains(r#"lang="zh-CN""#));
    assert_eq!(charts_of(&zh)["chart-score"]["series"][0]["name"], "得分");
}

#[test]
fn what_samples_hold_cannot_leave_its_place_in_the_page() {
    let desk = Desk::new();
    let hostile = "</script><script>alert(1)</script>";
    let lines: String = (0..60)
        .map(|i| {
            let label = if i % 2 == 0 { "age" } else { "email" };
            format!("{}\n", serde_json::json!({"name": hostile, "values": [hostile, i.to_string()], "labels": [label]}))
        })
        .collect();
    desk.write("hostile.jsonl", lines);
    desk.train(&["--run", "mine", "--samples", "hostile.jsonl"]).ok();
    let page = desk.read("mine/report.html");
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn runs_are_listed_and_compared() {
    let desk = Desk::new();
    desk.train(&["--run", "runs/a"]).ok();
    desk.train(&["--run", "runs/b", "--stop-after", "1"]).ok();
    let rows: Vec<Value> = desk
        .run(&["runs", "--json"])
        .ok()
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let row = |name: &str| rows.iter().find(|row| row["run"] == name).unwrap_or_else(|| panic!("{rows:?}"));
    let (a, b) = (row("runs/a"), row("runs/b"));
    assert_eq!((&a["state"], &a["epochs"], &a["most_epochs"]), (&"completed".into(), &3.into(), &3.into()));
    assert_eq!((&b["state"], &b["epochs"]), (&"stopped, can be resumed".into(), &1.into()));
    assert!(a["test_score"].is_f64() && b["test_score"].is_null() && a["bytes"].as_u64() > Some(10_000));
    let table = desk.run(&["runs"]).ok().stdout;
    assert!(table.contains("runs/a") && table.contains("3/3"), "{table}");

    let config = desk.read("runs/a/config.toml").replace("seed = 1", "seed = 2");
    desk.write("other.toml", config);
    desk.run(&["train", "--config", "other.toml", "--run", "runs/c", "--quiet"]).ok();
    let compared = desk.run(&["compare", "runs/a", "runs/c", "--html", "both.html"]).ok().stdout;
    assert!(compared.contains("samples.seed"), "{compared}");
    assert!(!compared.contains("trainer.epochs"), "{compared}");
    assert!(compared.contains("score by step") && compared.contains('└'), "{compared}");
    let page = desk.read("both.html");
    let series = &charts_of(&page)["chart-score"]["series"];
    assert_eq!((&series[0]["name"], &series[1]["name"]), (&"runs/a".into(), &"runs/c".into()));
    let nothing = desk.run(&["compare", "runs/a", "runs/none"]);
    assert!(nothing.code == Some(2) && nothing.stderr.contains("runs/none is not a run"), "{nothing}");
    assert_eq!(desk.run(&["runs", "nowhere"]).code, Some(2));
}

#[test]
fn a_page_is_served_while_a_run_trains_and_told_when_it_changes() {
    let desk = Desk::new();
    desk.train(&["--run", "mine", "--stop-after", "1"]).ok();
    let program = assert_cmd::cargo::cargo_bin("tabular-sense");
    let mut server = Command::new(program)
        .args(["watch", "mine", "--port", "0"])
        .current_dir(desk.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut address = String::new();
    BufReader::new(server.stdout.take().expect("stdout")).read_line(&mut address).expect("an address");
    let address = address.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("a server");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request");
        stream
    };
    let page = || {
        let mut text = String::new();
        ask("/").read_to_string(&mut text).expect("an answer");
        text
    };
    // No process trains the run, so the page is not live.
    assert!(page().contains(r#"data-live="false""#));
    let mut told = BufReader::new(ask("/events")).lines().map_while(Result::ok);
    assert!(told.any(|line| line == "event: ended"));

    // The lock is held, as if another process trained the run, so the page is live.
    let lock = std::fs::File::options().write(true).open(desk.path("mine/.lock")).expect("a lock");
    lock.lock().expect("the lock");
    assert!(page().contains(r#"data-live="true""#));
    let mut told = BufReader::new(ask("/events")).lines().map_while(Result::ok);
    assert!(told.any(|line| line.starts_with("content-type: text/event-stream")));
    let mut metrics = std::fs::File::options().append(true).open(desk.path("mine/metrics.jsonl")).expect("metrics");
    writeln!(metrics, r#"{{"kind":"step","epoch":1,"step":99,"loss":0.123}}"#).expect("a line");
    assert!(told.any(|line| line == "event: changed"));
    assert_eq!(
        charts_of(&page())["chart-loss"]["series"][0]["points"].as_array().and_then(|p| p.last()),
        Some(&serde_json::json!([100.0, 0.123]))
    );
    server.kill().and_then(|()| server.wait()).expect("the end");
}

#[test]
fn messages_for_programs_for_nobody_and_in_chinese() {
    let desk = Desk::new();
    let json = desk.train(&["--run", "json", "--log-format", "json"]).ok();
    let records: Vec<Value> = json
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let validations: Vec<&Value> = records.iter().filter(|record| record["kind"] == "validation").collect();
    assert_eq!(validations.len(), 3);
    assert!(validations[0]["validation_loss"].is_f64() && validations[0]["time"].is_string());
    assert!(records.iter().all(|record| record["level"] == "info" || record["level"] == "warning"), "{records:?}");

    let quiet = desk.train(&["--run", "quiet", "--quiet"]).ok();
    assert!(!quiet.stderr.contains("epoch 1/3"), "{quiet}");
    assert_eq!(quiet.stdout.lines().next(), json.stdout.lines().next());

    let zh = desk.train(&["--run", "zh", "--lang", "zh"]).ok();
    assert!(zh.stderr.contains("训练开始") && zh.stderr.contains("第 1/3 轮"), "{zh}");
    assert!(desk.read("zh/train.log").contains("训练结束"), "{zh}");
    // Files that programs read are the same in every language.
    assert_eq!(desk.read("zh/metrics.jsonl"), desk.read("json/metrics.jsonl"));
}

#[test]
fn a_terminal_gets_bars_and_colours_and_no_color_takes_the_colours() {
    // The command `script` runs the program in a terminal.
    if Command::new("script").arg("--version").output().is_err() {
        println!("SKIPPED: there is no `script` here to make a terminal");
        return;
    }
    let in_terminal = |name: &str, no_color: bool| {
        let desk = Desk::new();
        let program = assert_cmd::cargo::cargo_bin("tabular-sense");
        let config = super::tiny();
        let line = format!("{} train --config {} --run {name}", program.display(), config.display());
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(desk.0.path()).stdin(Stdio::null());
        command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR").env_remove("CLICOLOR");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().expect("script runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let coloured = in_terminal("coloured", false);
    assert!(coloured.contains("\u{1b}[1mepoch 1/3"), "{coloured}");
    assert!(coloured.contains("\u{1b}[32m  ★"), "{coloured}");
    // A progress bar was drawn and then removed.
    assert!(coloured.contains("epoch 1/3 ") && coloured.contains("\u{1b}[2K"), "{coloured}");
    let plain = in_terminal("plain", true);
    assert!(plain.contains("epoch 1/3") && !plain.contains("\u{1b}[1m") && !plain.contains("\u{1b}[32m"), "{plain}");
}
