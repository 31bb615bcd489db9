//! Opens the pages in a real browser: every chart is drawn, filters work, and the console stays empty.

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn browser() -> &'static str {
    let found = BROWSERS.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    found.unwrap_or_else(|| panic!("none of {BROWSERS:?} is installed"))
}

/// The HTML of a page after a browser has rendered it, and the messages on the browser's console.
fn open(browser: &str, page: &Path, window: &str, is_dark: bool) -> (String, String) {
    let profile = TempDir::new().expect("a folder");
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--window-size={window}"));
    if is_dark {
        command.arg("--blink-settings=preferredColorScheme=0");
    }
    let output = command.arg(format!("file://{}", page.display())).output().expect("the browser runs");
    let console = String::from_utf8_lossy(&output.stderr);
    let console = console.lines().filter(|line| line.contains("CONSOLE")).collect::<Vec<_>>().join("\n");
    (String::from_utf8_lossy(&output.stdout).into_owned(), console)
}

fn assert_drawn(page: &str, console: &str, charts: usize) {
    assert_eq!(console, "");
    let figures: Vec<&str> = page.split("<figure class=\"chart").skip(1).collect();
    assert_eq!(figures.len(), charts);
    for figure in figures {
        let figure = figure.split("</figure>").next().unwrap_or_default();
        assert!(figure.contains("<svg") && figure.contains("<path") | figure.contains("<rect"), "{figure}");
    }
}

#[test]
#[ignore = "needs Chromium or Chrome"]
fn the_pages_are_drawn_without_a_word_on_the_console() {
    let browser = browser();
    let desk = TempDir::new().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = Command::new(cargo_bin("tabular-sense")).args(arguments).current_dir(desk.path()).output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tiny.toml");
    let config = config.to_str().expect("UTF-8");
    run(&["train", "--config", config, "--run", "a", "--lang", "en"]);
    run(&["train", "--config", config, "--run", "b", "--lang", "en", "--stop-after", "1"]);
    run(&["report", "a", "-o", "zh.html", "--lang", "zh"]);
    run(&["report", "b", "-o", "unfinished.html"]);
    run(&["compare", "a", "b", "--html", "both.html"]);
    for (file, window, is_dark, charts) in [
        ("a/report.html", "1280,900", false, 12),
        ("a/report.html", "390,844", true, 12),
        ("zh.html", "1280,900", true, 12),
        ("unfinished.html", "1280,900", false, 9),
        ("both.html", "1280,900", false, 4),
    ] {
        let (page, console) = open(browser, &desk.path().join(file), window, is_dark);
        assert_drawn(&page, &console, charts);
    }
}

#[test]
#[ignore = "needs Chromium or Chrome"]
fn the_page_of_answers_shows_and_filters_columns() {
    let desk = TempDir::new().expect("a folder");
    let table = "id,phone,note\n1,13812345678,x\n2,13912345678,y\n";
    std::fs::write(desk.path().join("people.csv"), table).expect("a file");
    let args = ["predict", "--format", "html", "-o", "page.html", "people.csv"];
    let status = Command::new(cargo_bin("tabular-sense")).args(args).current_dir(desk.path()).status();
    assert!(status.expect("the program runs").success());
    let page = std::fs::read_to_string(desk.path().join("page.html")).expect("a page");
    // A second script does what a user would do.
    let chosen =
        "<script>field(\"type\").value = \"phone\"; field(\"examples\").checked = false; show();</script></body>";
    std::fs::write(desk.path().join("chosen.html"), page.replace("</body>", chosen)).expect("a page");
    for (window, is_dark) in [("1280,900", false), ("390,844", true)] {
        let (page, console) = open(browser(), &desk.path().join("page.html"), window, is_dark);
        assert_eq!(console, "");
        assert!(page.contains("<form id=\"filters\">") && page.matches("<tr data-types").count() == 3, "{page}");
        assert!(page.contains("138****5678") && !page.contains("13812345678"), "{page}");
        let (chosen, console) = open(browser(), &desk.path().join("chosen.html"), window, is_dark);
        assert_eq!(console, "");
        let hidden = chosen.split("<tr ").filter(|row| row.split('>').next().is_some_and(|tag| tag.contains("hidden")));
        assert_eq!(hidden.count(), 2, "{chosen}");
        assert!(chosen.contains("<body class=\"no-examples\">"), "{chosen}");
    }
}
