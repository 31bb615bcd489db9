//! Texts that people mistake for tables: data in another format, a page, a server's error message.

use serde_json::Value;

/// What a text is if it is not a delimited table, and what to do about it. `is_whole` says that the text is complete.
pub(super) fn recognise(text: &str, is_whole: bool) -> Option<(&'static str, &'static str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let start: String = text.chars().take(400).collect::<String>().to_lowercase();
    of_json(text, is_whole)
        .or_else(|| of_markup(&start))
        .or_else(|| of_sql(&start))
        .or_else(|| of_beginning(&start))
        .or_else(|| of_message(text.trim_end(), is_whole))
}

const MESSAGE: (&str, &str) =
    ("a server's error message", "the download failed; look at the address, then download it again");

/// Whether a text is a table in JSON rather than a server's error message; [`recognise`] refuses both as delimited text.
pub(super) fn is_json(text: &str, is_whole: bool) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    match of_json(text, is_whole) {
        Some(found) => found != MESSAGE,
        None => is_broken_json(text),
    }
}

/// Whether a text begins like JSON but is not valid JSON: it was cut off, or contains words such as `NaN`.
fn is_broken_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    let begins = matches!((marks.next(), marks.next()), (Some('{'), Some('"')) | (Some('['), Some('{' | '[')));
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    begins && matches!(values.next(), Some(Err(_)))
}

fn of_json(text: &str, is_whole: bool) -> Option<(&'static str, &'static str)> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = match values.next()? {
        Ok(first) => first,
        // Cut off in the middle of a value that is large.
        Err(error) if error.is_eof() && !is_whole => return Some(("JSON", "convert it to CSV first")),
        Err(_) => return None,
    };
    let rest = text[values.byte_offset()..].trim_start_matches([' ', '\t', '\r']);
    let is_alone = rest.trim().is_empty();
    // A row of a table may begin with a value in JSON; then a delimiter follows.
    if !is_alone && !rest.starts_with('\n') {
        return None;
    }
    let is_message = first.as_object().is_some_and(|object| {
        let says = |key: &str| object.contains_key(key);
        object.len() <= 6 && (says("error") || says("errors") || (says("message") && !says("data")))
    });
    match (is_alone, first) {
        (true, _) if is_message => Some(MESSAGE),
        (true, Value::Object(_)) => Some(("a JSON object", "convert it to CSV first")),
        (true, _) => Some(("a JSON array", "convert it to CSV first")),
        (false, Value::Object(_)) if rest.trim_start().starts_with('{') => {
            Some(("JSON Lines", "convert it to CSV first"))
        }
        (false, Value::Array(_)) if rest.trim_start().starts_with('[') => {
            Some(("JSON Lines", "convert it to CSV first"))
        }
        _ => None,
    }
}

fn of_markup(start: &str) -> Option<(&'static str, &'static str)> {
    let begins = |tags: &[&str]| tags.iter().any(|tag| start.starts_with(tag));
    if begins(&["<!doctype html", "<html", "<head", "<body", "<table", "<div", "<!-- html"]) {
        return Some((
            "an HTML page",
            "save its table as CSV, or download the file itself rather than the page about it",
        ));
    }
    if begins(&["<?xml", "<error>", "<!doctype", "<rss", "<feed"]) || is_element(start) {
        let is_message = start.contains("accessdenied") || start.contains("nosuchkey") || start.contains("<error>");
        return Some(if is_message { MESSAGE } else { ("XML", "convert it to CSV first") });
    }
    None
}

/// Whether a text begins with an element such as `<rows>` that another element follows, or that has an end tag.
fn is_element(start: &str) -> bool {
    let Some((name, rest)) = start.strip_prefix('<').and_then(|rest| rest.split_once('>')) else { return false };
    let word = name.split_whitespace().next().unwrap_or_default();
    let is_name = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte));
    let goes_on = rest.trim_start().starts_with('<') || rest.contains(&format!("</{word}>"));
    // `<NA>,<NA>` and `<a@b.c>,x` are cells.
    is_name && goes_on && !rest.trim_start_matches(['\r', '\n']).starts_with([',', ';', '\t', '|'])
}

fn of_sql(start: &str) -> Option<(&'static str, &'static str)> {
    let is_comment = |line: &&str| line.starts_with("--") || line.starts_with("/*") || line.trim().is_empty();
    let has_dump = start.starts_with("--") && (start.contains("dump") || start.contains("sql"));
    let statement = start.lines().find(|line| !is_comment(line)).unwrap_or_default();
    let begins = [
        "create table",
        "create database",
        "insert into",
        "drop table",
        "begin transaction",
        "pragma ",
        "set names",
        "set statement",
        "select ",
        "lock tables",
        "start transaction",
        "use `",
    ];
    let is_statement = begins.iter().any(|begin| statement.starts_with(begin))
        && (start.contains('(') || start.contains(';') || start.contains(" from "));
    (is_statement || has_dump).then_some(("SQL", "run it in a database and export the table as CSV"))
}

fn of_beginning(start: &str) -> Option<(&'static str, &'static str)> {
    const BEGINNINGS: &[(&str, &str, &str)] = &[
        (
            "version https://git-lfs.github.com/spec/",
            "a Git LFS pointer",
            "the file itself is elsewhere: run `git lfs pull`",
        ),
        ("{\\rtf", "a document in RTF", "save its table as CSV first"),
        ("%!ps", "a PostScript document", "export its table as CSV first"),
        ("-----begin ", "a key or certificate", "name a table"),
        ("#!/", "a script", "name a table"),
        ("from: ", "an e-mail", "save its attachment first"),
        ("mime-version:", "a page saved as MHTML", "save its table as CSV first"),
        ("begin:vcard", "contacts in vCard format", "export them as CSV"),
        ("begin:vcalendar", "a calendar in iCalendar format", "export it as CSV"),
        ("@relation", "an ARFF file", "convert it to CSV first"),
    ];
    let found = BEGINNINGS.iter().find(|(begin, ..)| start.starts_with(begin))?;
    Some((found.1, found.2))
}

/// A short message that something could not be retrieved.
fn of_message(text: &str, is_whole: bool) -> Option<(&'static str, &'static str)> {
    if !is_whole || text.len() > 400 || text.lines().count() > 1 || text.contains([',', ';', '\t', '|']) {
        return None;
    }
    let lower = text.to_lowercase();
    let status = lower.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    let has_status = matches!(status, "400" | "401" | "403" | "404" | "410" | "429" | "500" | "502" | "503" | "504");
    let says = [
        "not found",
        "access denied",
        "accessdenied",
        "forbidden",
        "unauthorized",
        "too many requests",
        "bad gateway",
        "service unavailable",
        "internal server error",
        "bad request",
        "rate limit",
        "gateway timeout",
        "permission denied",
    ];
    let is_message = says.iter().any(|words| lower.starts_with(words) || (has_status && lower.contains(words)))
        || (lower.starts_with("error") && lower.contains(' ') && says.iter().any(|words| lower.contains(words)));
    is_message.then_some(MESSAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<&'static str> {
        recognise(text, true).map(|(what, _)| what)
    }

    #[test]
    fn other_formats_are_recognised() {
        for (text, expected) in [
            ("{\"a\": 1, \"b\": [2]}", "a JSON object"),
            ("\n [{\"a\": 1},\n {\"a\": 2}]\n", "a JSON array"),
            ("{\"a\": 1}\n{\"a\": 2}\n", "JSON Lines"),
            ("{\"error\": \"quota exceeded\"}", MESSAGE.0),
            ("<!DOCTYPE html>\n<html><body>", "an HTML page"),
            ("<table><tr><td>1</td></tr></table>", "an HTML page"),
            ("<?xml version=\"1.0\"?>\n<rows/>", "XML"),
            ("<rows>\n <row><id>1</id></row>\n</rows>", "XML"),
            ("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", MESSAGE.0),
            ("-- MySQL dump 10.13\nCREATE TABLE `a` (id int);\n", "SQL"),
            ("INSERT INTO t (a, b) VALUES (1, 2);\n", "SQL"),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer"),
            ("404: Not Found", MESSAGE.0),
            ("Access denied\n", MESSAGE.0),
            ("429 Too Many Requests", MESSAGE.0),
            ("BEGIN:VCARD\nVERSION:3.0\n", "contacts in vCard format"),
        ] {
            assert_eq!(what(text), Some(expected), "{text}");
        }
        assert_eq!(recognise(&format!("[{}", "{\"a\": 1},".repeat(100)), false).map(|found| found.0), Some("JSON"));
    }

    #[test]
    fn tables_are_not_taken_for_something_else() {
        for text in [
            "id,name\n1,Ann\n",
            "{\"a\": 1},x\n{\"a\": 2},y\n",
            "[1, 2],[3]\n[4],[5]\n",
            "[03/Feb/2021:10:00:01,GET / HTTP/2\n[03/Feb/2021:10:00:01,GET / HTTP/2\n",
            "<NA>,<NA>\n1,2\n",
            "<a@b.c>,x\n<d@e.f>,y\n",
            "select,insert\n1,2\n",
            "status,error\n404,Not Found\n200,OK\n500,Internal Server Error\n",
            "404,Not Found\n200,OK\n500,oops\n301,Moved\n",
            "error,count\nnot found,3\n",
            "from,to\na,b\n",
        ] {
            assert_eq!(what(text), None, "{text}");
        }
    }
}
