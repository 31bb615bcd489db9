//! Answers as one HTML page, which works offline.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use drivetrain::terminal::Lang;
use drivetrain::tr;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tabular_sense::annotate::Given;

use super::Form;
use super::markdown::level_name;
use crate::commands::explain;
use crate::commands::predict::answer::{ColumnAnswer, TableAnswer};
use crate::commands::predict::mask::{Shown, shown_examples};
use crate::commands::reading::describe;
use crate::terminal;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) struct Page<'a> {
    shown: Shown,
    answers: Vec<TableAnswer<'a>>,
}

impl Page<'_> {
    pub(super) const fn new(shown: Shown) -> Self {
        Self { shown, answers: Vec::new() }
    }
}

impl<'a> Form<'a> for Page<'a> {
    fn table(&mut self, answer: TableAnswer<'a>, _out: &mut dyn Write) -> Result<()> {
        self.answers.push(answer);
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<()> {
        let page = page(&self.answers, self.shown, terminal::lang());
        Ok(out.write_all(page.into_string().as_bytes())?)
    }

    fn is_written(&self) -> bool {
        false
    }
}

fn page(answers: &[TableAnswer<'_>], shown: Shown, lang: Lang) -> Markup {
    let title = tr!(lang, "What the columns mean", "各列的含义");
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { (overview(answers, lang)) }
                    (filters(answers, lang))
                }
                main { @for answer in answers { (table(answer, shown, lang)) } }
                p #none hidden { (tr!(lang, "No column matches the filter.", "没有符合筛选条件的列。")) }
                footer { "tabular-sense " (env!("CARGO_PKG_VERSION")) @if shown == Shown::Masked {
                    " · " (tr!(lang, "examples of personal data are masked", "个人信息的示例已脱敏"))
                } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn overview(answers: &[TableAnswer<'_>], lang: Lang) -> String {
    let columns = answers.iter().flat_map(|answer| &answer.columns);
    let personal = columns.clone().filter(|column| column.level().is_personal()).count();
    let (tables, columns) = (answers.len(), columns.count());
    tr!(
        lang,
        "{tables} tables, {columns} columns, {personal} of them with personal data",
        "{tables} 个表格，{columns} 列，其中 {personal} 列为个人信息"
    )
}

/// Filters for the page; hidden without a script, because they would do nothing.
fn filters(answers: &[TableAnswer<'_>], lang: Lang) -> Markup {
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    let given = answers.iter().flat_map(|answer| &answer.columns).flat_map(|column| &column.types);
    given.for_each(|given| *types.entry(given.kind.code()).or_default() += 1);
    html! {
        form #filters hidden {
            label { (tr!(lang, "Type", "类型")) " "
                select #type {
                    option value="" { (tr!(lang, "all", "全部")) }
                    @for (code, count) in types { option value=(code) { (code) " (" (count) ")" } }
                    option value="-" { (tr!(lang, "no type", "无类型")) }
                }
            }
            label { (tr!(lang, "Column or table", "列名或表名")) " " input #name type="search" autocomplete="off"; }
            label { input #personal type="checkbox"; " " (tr!(lang, "personal data only", "只看个人信息")) }
            label { input #examples type="checkbox" checked; " " (tr!(lang, "examples", "显示示例")) }
        }
    }
}

fn table(answer: &TableAnswer<'_>, shown: Shown, lang: Lang) -> Markup {
    let title = answer.table.title();
    html! {
        section data-name=(title.to_lowercase()) {
            h2 { (title) }
            @if let Some(said) = &answer.table.description { p { (said) } }
            p .about { (describe(&answer.table, &answer.remarks, lang)) }
            table {
                thead { tr {
                    th .number { "#" }
                    th { (tr!(lang, "column", "列")) }
                    th { (tr!(lang, "types", "类型")) }
                    th { (tr!(lang, "personal data", "个人信息")) }
                    th .examples { (tr!(lang, "examples", "示例")) }
                } }
                tbody { @for column in &answer.columns { (row(column, shown, lang)) } }
            }
        }
    }
}

fn row(column: &ColumnAnswer<'_>, shown: Shown, lang: Lang) -> Markup {
    let types: Vec<&str> = column.types.iter().map(|given| given.kind.code()).collect();
    let level = column.level();
    let name = if column.name.is_empty() { tr!(lang, "(no name)", "（无列名）") } else { column.name.clone() };
    html! {
        tr data-types=(types.join(" ")) data-level=[level.code()] data-name=(column.name.to_lowercase()) {
            td .number { (column.index + 1) }
            th scope="row" title=[&column.description] {
                (name) @if let Some(declared) = &column.declared { " " small { (declared) } }
                @if let Some(said) = &column.description { br; small { (said) } }
            }
            td .types {
                @if column.types.is_empty() { "–" }
                @for given in &column.types { (kind(given, lang)) }
                @if column.from_name_only { small { (tr!(lang, "name only", "仅凭列名")) } }
            }
            td { @if let Some(code) = level.code() { span .level.(code) { (level_name(level, lang)) } } }
            td .examples { @for example in shown_examples(column, shown) { span { (example) } } }
        }
    }
}

/// A type with a bar whose length shows the probability.
fn kind(given: &Given<'_>, lang: Lang) -> Markup {
    let percent = (given.probability.clamp(0.0, 1.0) * 100.0).round() as u32;
    let title = given.why.as_ref().map_or_else(|| given.kind.title().to_owned(), |why| explain::sentence(why, lang));
    html! {
        span .type title=(title) {
            b { (given.kind.code()) }
            meter min="0" max="100" value=(percent) { (percent) "%" }
            (percent) "%"
        }
    }
}
