//! How tables are read: the flags, and the description of a table that was read.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use drivetrain::data::Fingerprint;
use drivetrain::terminal::Lang;
use drivetrain::tr;

use tabular_sense_tables::{
    Delimiter, Header, ReadOptions, Remark, RemarkKind, Table, TablePattern, object_version, objects, tables,
    tables_from,
};

use crate::chinese::translate;

/// What the user knows of a table better than the program.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading tables")]
pub(super) struct Reading {
    /// Treat the first line as column names.
    #[arg(long, conflicts_with = "no_header")]
    header: bool,
    /// Treat the first line as data.
    #[arg(long)]
    no_header: bool,
    /// Split lines into cells at this text: `,`, `;`, `||`, tab, space, `\x01`, … [default: detected] [also: --sep]
    #[arg(long, alias = "sep", value_name = "TEXT")]
    delimiter: Option<Delimiter>,
    /// Read the tables in this encoding: utf-8, gb18030, big5, windows-1252, … [default: detected]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Skip this many lines at the top.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    skip_rows: usize,
    /// Skip lines that begin with this text [default: detected]
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    comment: Option<String>,
    /// In databases, read only tables and views that match this pattern, such as `orders`, `public.*` or
    /// `shop.order_*`; may be repeated [default: all except system tables]
    #[arg(long, value_name = "PATTERN", help_heading = "Reading databases and object stores")]
    tables: Vec<TablePattern>,
    /// Limit each database statement and each object-store request to this many seconds [default: 30]
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        hide_default_value = true,
        value_parser = clap::value_parser!(u32).range(1..=86_400),
        help_heading = "Reading databases and object stores"
    )]
    time_limit: u32,
}

impl Reading {
    /// The tables in the file or database at `path`, or on standard input if it is `-`. If one table cannot be read, others may
    /// follow. With `names_only`, the columns have no values.
    pub(super) fn tables(&self, path: &Path, names_only: bool) -> Result<impl Iterator<Item = Result<Table>> + use<>> {
        let options = ReadOptions { names_only, ..self.options() };
        let tables = if path == Path::new("-") {
            tables_from(io::stdin().lock(), path, &options)?
        } else {
            tables(path, &options)?
        };
        Ok(tables.map(|table| table.map_err(anyhow::Error::from)))
    }

    /// The objects in a folder of an object store, each with its path relative to the folder; `None` if `path` is not such a
    /// folder.
    pub(super) fn objects(&self, path: &Path) -> Result<Option<Vec<(PathBuf, String)>>> {
        Ok(objects(path, &self.options())?)
    }

    /// A file or object, and a fingerprint that changes with its content; `None` if that is not known without reading tables.
    pub(super) fn content(&self, path: &Path) -> Option<(PathBuf, Fingerprint)> {
        if let Ok(content) = Fingerprint::of_file(path) {
            return Some((path.to_path_buf(), content));
        }
        let version = object_version(path, &self.options())?;
        Some((version.address, Fingerprint::of_bytes(version.tag.as_bytes())))
    }

    fn options(&self) -> ReadOptions {
        let header = match (self.header, self.no_header) {
            (true, _) => Header::Present,
            (_, true) => Header::Absent,
            _ => Header::Auto,
        };
        ReadOptions {
            header,
            delimiter: self.delimiter.clone(),
            encoding: self.encoding.clone(),
            skip_rows: self.skip_rows,
            comment: self.comment.clone(),
            tables: self.tables.clone(),
            time_limit: Duration::from_secs(self.time_limit.into()),
            ..ReadOptions::default()
        }
    }
}

/// How a table was read, and what was odd about it.
pub(super) fn describe(table: &Table, remarks: &[Remark], lang: Lang) -> String {
    let mut notes = vec![rows(table, lang)];
    if table.is_delimited_text() {
        notes.push(table.encoding.to_owned());
        notes.push(match table.delimiter.to_string() {
            tab if tab == "tab" => tr!(lang, "tab", "制表符"),
            other => format!("`{other}`"),
        });
    } else {
        notes.push(match lang {
            Lang::En => table.format.to_owned(),
            Lang::Zh => translate(table.format),
        });
    }
    notes.push(if table.has_header { tr!(lang, "header", "有表头") } else { tr!(lang, "no header", "无表头") });
    notes.extend(remarks.iter().map(|remark| sentence(remark, lang)));
    match lang {
        Lang::En => format!("({})", notes.join(", ")),
        Lang::Zh => format!("（{}）", notes.join("，")),
    }
}

/// How many rows a table has.
fn rows(table: &Table, lang: Lang) -> String {
    let rows = table.rows;
    match rows {
        // The database has no estimate for a view, and no values are read.
        0 if !table.is_counted => tr!(lang, "rows not counted", "行数未知"),
        _ if !table.is_counted => tr!(lang, "about {rows} rows", "约 {rows} 行"),
        1 => tr!(lang, "1 row", "1 行"),
        _ => tr!(lang, "{rows} rows", "{rows} 行"),
    }
}

/// A remark in the user's language.
pub(super) fn sentence(remark: &Remark, lang: Lang) -> String {
    if lang == Lang::En {
        return remark.to_string();
    }
    let n = remark.count;
    match &remark.kind {
        RemarkKind::Extension { extension, format } => {
            format!("扩展名是 .{extension}，而文件是 {}", translate(format))
        }
        RemarkKind::FirstRows => format!("读取的是表中最前面的 {n} 行，不是随机样本"),
        RemarkKind::GroupStarts { of } => {
            format!("各行来自 {of} 个行组中的 {n} 个，且只读取了每个的开头：文件没有页索引")
        }
        RemarkKind::LargeScan => "数据库可能为这些行读取了整个大表".to_owned(),
        RemarkKind::Unreadable => format!("{n} 条记录无法读取，已跳过"),
        RemarkKind::Preamble => format!("跳过表格上方 {n} 行"),
        RemarkKind::Comments => format!("跳过 {n} 行注释"),
        RemarkKind::HeaderLines => format!("跳过表头的其余 {n} 行"),
        RemarkKind::RepeatedHeaders => format!("跳过重复的表头 {n} 行"),
        RemarkKind::Totals => format!("跳过末尾 {n} 行合计"),
        RemarkKind::Notes => format!("跳过表格下方 {n} 行说明"),
        RemarkKind::Unnamed { of } => format!("{of} 列中有 {n} 列没有列名：表头的位置找对了吗？"),
        RemarkKind::Replaced { encoding } => format!("{n} 处不是有效的 {encoding}，已替换为 U+FFFD"),
        RemarkKind::Mended { found, expected } => format!("{n} 行不是 {expected} 而是 {found}，已按其读取"),
        RemarkKind::Nul => format!("去掉 {n} 个零字符"),
        RemarkKind::Blank => format!("跳过 {n} 个空行"),
        RemarkKind::Ragged => format!("{n} 行的单元格数与列数不同"),
        RemarkKind::Surplus => format!("舍去最后一列之外的 {n} 个单元格"),
        RemarkKind::Cut => format!("{n} 个过长的单元格被截断"),
        RemarkKind::StrayQuotes => format!("{n} 个引号没有闭合，按文本读取"),
        RemarkKind::Invisible => format!("去掉 {n} 个单元格中的不可见字符"),
        RemarkKind::Entities => format!("还原 {n} 个单元格中的 HTML 实体"),
    }
}
