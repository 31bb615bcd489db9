//! Parses a types file (TOML) into types.

use std::ops::Range;
use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use tabular_sense_synth::types::SemanticType;
use toml::Spanned;

use crate::checksum::{CHECKSUMS, Checksum};
use crate::column_name::ColumnName;
use crate::condition::Condition;
use crate::error::{Problem, RuleError};
use crate::lists::{Compare, Lists};
use crate::rule_type::{RuleType, Sensitivity};

/// The largest types file that is read, in bytes.
const LARGEST: u64 = 16 << 20;
/// The largest list file.
const LARGEST_LIST: u64 = 256 << 20;
/// How much memory a regular expression may take, in KiB.
pub(crate) const PATTERN_KIB: usize = 256;
/// The share of values that must fulfil the condition, if the file does not give one.
const SHARE: f64 = 0.8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default, rename = "type")]
    types: Vec<Spanned<RawType>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    name: Spanned<String>,
    #[serde(default)]
    description: String,
    pattern: Option<Spanned<String>>,
    not: Option<Spanned<String>>,
    list: Option<Spanned<Vec<String>>>,
    list_file: Option<Spanned<PathBuf>>,
    compare: Option<Spanned<Compare>>,
    checksum: Option<Spanned<String>>,
    range: Option<Spanned<[f64; 2]>>,
    share: Option<Spanned<f64>>,
    columns: Option<Spanned<Vec<String>>>,
    not_columns: Option<Spanned<Vec<String>>>,
    needs_name: Option<Spanned<bool>>,
    over: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    sensitivity: Sensitivity,
}

/// What a types file holds.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) types: Vec<RuleType>,
    /// The patterns of all types.
    pub(crate) patterns: Vec<String>,
    pub(crate) lists: Lists,
    /// Files that the types' lists were read from.
    pub(crate) list_files: Vec<PathBuf>,
}

/// Where an error is reported: the file, its text, and the type that is being read.
struct Place<'a> {
    path: &'a Path,
    text: &'a str,
    rule: Option<&'a str>,
}

impl Place<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn error(&self, span: Option<Range<usize>>, problem: Problem) -> RuleError {
        let line = span.map(|span| self.line(&span));
        RuleError { path: self.path.to_path_buf(), line, rule: self.rule.map(str::to_owned), problem }
    }
}

/// Reads the text of a types file.
pub(crate) fn parse(text: &str, path: &Path) -> Result<Parsed, RuleError> {
    let place = Place { path, text, rule: None };
    let raw: RawFile = toml::from_str(text)
        .map_err(|error| place.error(error.span(), Problem::Syntax(error.message().trim().to_owned())))?;
    if raw.types.is_empty() {
        return Err(place.error(None, Problem::Empty));
    }
    let mut parsed = Parsed::default();
    for raw in raw.types {
        let span = raw.span();
        let raw = raw.into_inner();
        let name = raw.name.get_ref().clone();
        let place = Place { rule: Some(&name), ..place };
        check_name(&raw.name, &parsed.types, &place)?;
        let rule = rule_type(raw, place.line(&span), &mut parsed, &place)?;
        parsed.types.push(rule);
    }
    Ok(parsed)
}

fn check_name(name: &Spanned<String>, earlier: &[RuleType], place: &Place<'_>) -> Result<(), RuleError> {
    let text = name.get_ref();
    let is_name = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let problem = if !is_name {
        Problem::Name(text.clone())
    } else if SemanticType::ALL.iter().any(|known| known.code() == text) {
        Problem::BuiltIn(text.clone())
    } else if let Some(other) = earlier.iter().find(|other| other.name == *text) {
        Problem::Repeated(text.clone(), other.line)
    } else {
        return Ok(());
    };
    Err(place.error(Some(name.span()), problem))
}

fn rule_type(raw: RawType, line: usize, parsed: &mut Parsed, place: &Place<'_>) -> Result<RuleType, RuleError> {
    let mut pattern = |field, text: Option<&Spanned<String>>| match text {
        Some(text) => {
            compile(field, text.get_ref()).map_err(|problem| place.error(Some(text.span()), problem))?;
            parsed.patterns.push(text.get_ref().clone());
            Ok(Some(parsed.patterns.len() - 1))
        }
        None => Ok(None),
    };
    let (matching, not) = (pattern("pattern", raw.pattern.as_ref())?, pattern("not", raw.not.as_ref())?);
    let condition = Condition {
        pattern: matching,
        not,
        list: list(&raw, parsed, place)?,
        checksum: raw.checksum.as_ref().map(|name| checksum(name, place)).transpose()?,
        range: raw.range.as_ref().map(|range| check_range(range, place)).transpose()?,
    };
    let columns = names("columns", raw.columns.as_ref(), place)?;
    if condition.is_empty() && columns.is_empty() {
        return Err(place.error(Some(raw.name.span()), Problem::NoCondition));
    }
    if let Some(needs_name) = raw.needs_name.as_ref().filter(|needs| *needs.get_ref() && columns.is_empty()) {
        return Err(place.error(Some(needs_name.span()), Problem::NeedsNameWithoutColumns));
    }
    // Many columns hold numbers between 0 and 100.
    let is_vague = condition.is_range_alone() && !columns.is_empty();
    let needs_name = raw.needs_name.as_ref().map_or(is_vague, |needs| *needs.get_ref());
    Ok(RuleType {
        name: raw.name.into_inner(),
        line,
        description: raw.description,
        condition,
        share: raw.share.as_ref().map_or(Ok(SHARE), |share| check_share(share, place))?,
        columns,
        needs_name,
        not_columns: names("not_columns", raw.not_columns.as_ref(), place)?,
        over: raw.over.as_ref().map_or_else(|| Ok(Vec::new()), |over| built_in(over, place))?,
        sensitivity: raw.sensitivity,
    })
}

/// Compiles a regular expression, unless it needs too much memory. Matching takes time linear in the length of the
/// value, whatever the expression.
fn compile(field: &'static str, text: &str) -> Result<Regex, Problem> {
    RegexBuilder::new(text).size_limit(PATTERN_KIB << 10).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Problem::TooLarge { field, limit: PATTERN_KIB },
        error => {
            // The parser repeats the pattern and points below it; its last line says what is wrong.
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            Problem::Pattern { field, reason: last.trim_start_matches("error: ").to_owned() }
        }
    })
}

fn list(raw: &RawType, parsed: &mut Parsed, place: &Place<'_>) -> Result<Option<u32>, RuleError> {
    let id = parsed.types.len() as u32;
    let compare = raw.compare.as_ref().map(|compare| *compare.get_ref()).unwrap_or_default();
    let is_entry = |entry: &&str| !entry.is_empty();
    let mut add = |field, span, text: &[String]| {
        let mut entries = text.iter().map(|entry| entry.trim()).filter(is_entry).peekable();
        if entries.peek().is_none() {
            return Err(place.error(Some(span), Problem::EmptyList(field)));
        }
        parsed.lists.add(id, entries, compare);
        Ok(())
    };
    if let Some(list) = &raw.list {
        add("list", list.span(), list.get_ref())?;
    }
    if let Some(file) = &raw.list_file {
        let path = place.path.parent().unwrap_or_else(|| Path::new("")).join(file.get_ref());
        let text = read(&path, LARGEST_LIST).map_err(|problem| place.error(Some(file.span()), problem))?;
        let lines: Vec<String> = text.lines().filter(|line| !line.starts_with("# ")).map(str::to_owned).collect();
        add("list_file", file.span(), &lines)?;
        parsed.list_files.push(path);
    }
    let is_list = raw.list.is_some() || raw.list_file.is_some();
    match &raw.compare {
        Some(compare) if !is_list => Err(place.error(Some(compare.span()), Problem::CompareWithoutList)),
        _ => Ok(is_list.then_some(id)),
    }
}

fn checksum(name: &Spanned<String>, place: &Place<'_>) -> Result<Checksum, RuleError> {
    Checksum::named(name.get_ref()).ok_or_else(|| {
        let known: Vec<&str> = CHECKSUMS.iter().map(|checksum| checksum.name).collect();
        let problem = Problem::Checksum { found: name.get_ref().clone(), known: known.join(", ") };
        place.error(Some(name.span()), problem)
    })
}

fn check_range(range: &Spanned<[f64; 2]>, place: &Place<'_>) -> Result<[f64; 2], RuleError> {
    let [least, most] = *range.get_ref();
    if least <= most {
        return Ok([least, most]);
    }
    Err(place.error(Some(range.span()), Problem::Range(least.to_string(), most.to_string())))
}

fn check_share(share: &Spanned<f64>, place: &Place<'_>) -> Result<f64, RuleError> {
    let value = *share.get_ref();
    if value > 0.0 && value <= 1.0 {
        return Ok(value);
    }
    Err(place.error(Some(share.span()), Problem::Share(value.to_string())))
}

/// Entries of `columns` and `not_columns`: `/…/` is a case-insensitive regular expression; anything else is words.
fn names(
    field: &'static str,
    entries: Option<&Spanned<Vec<String>>>,
    place: &Place<'_>,
) -> Result<Vec<ColumnName>, RuleError> {
    let Some(entries) = entries else { return Ok(Vec::new()) };
    let error = |problem| place.error(Some(entries.span()), problem);
    let name = |entry: &String| match entry.strip_prefix('/').and_then(|entry| entry.strip_suffix('/')) {
        Some(pattern) => compile(field, &format!("(?i:{pattern})")).map(ColumnName::Pattern).map_err(error),
        None => ColumnName::plain(entry).ok_or_else(|| error(Problem::EmptyList(field))),
    };
    if entries.get_ref().is_empty() {
        return Err(error(Problem::EmptyList(field)));
    }
    entries.get_ref().iter().map(name).collect()
}

fn built_in(over: &Spanned<Vec<String>>, place: &Place<'_>) -> Result<Vec<SemanticType>, RuleError> {
    let known = |code: &String| {
        SemanticType::from_code(code).map_err(|error| place.error(Some(over.span()), Problem::Over(error.to_string())))
    };
    over.get_ref().iter().map(known).collect()
}

/// The text of a file of bounded size.
pub(crate) fn read_types(path: &Path) -> Result<String, RuleError> {
    read(path, LARGEST).map_err(|problem| RuleError { path: path.to_path_buf(), line: None, rule: None, problem })
}

fn read(path: &Path, largest: u64) -> Result<String, Problem> {
    use std::io::Read;
    let unreadable = |reason: String| Problem::Unreadable(format!("{}: {reason}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > largest {
        return Err(unreadable(format!("larger than {} MiB", largest >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    Ok(text.strip_prefix('\u{FEFF}').map_or(text.clone(), str::to_owned))
}
