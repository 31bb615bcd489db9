//! What was found in many files, in a sentence.

use drivetrain::tr;
use tabular_sense::annotate::Level;

use super::answer::TableAnswer;
use super::args::FailOn;
use crate::terminal;

/// What was found.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) tables: usize,
    pub(super) columns: usize,
    /// Columns with personal data that is not sensitive.
    pub(super) personal: usize,
    /// Columns with sensitive personal data.
    pub(super) sensitive: usize,
    /// Tables that could not be read.
    pub(super) failed: usize,
    /// Files that were skipped because they have not changed.
    pub(super) unchanged: usize,
    /// Files in folders whose names do not look like tables.
    pub(super) others: usize,
}

impl Summary {
    /// Counts a table.
    pub(super) fn add(&mut self, answer: &TableAnswer<'_>) {
        self.tables += 1;
        self.columns += answer.columns.len();
        for column in &answer.columns {
            match column.level() {
                Level::NotPersonal => {}
                Level::Personal => self.personal += 1,
                Level::Sensitive => self.sensitive += 1,
            }
        }
    }

    /// What `--fail-on` finds, in words; `None` if there are no such columns.
    pub(super) fn found(&self, level: FailOn) -> Option<String> {
        let lang = terminal::lang();
        let (count, what) = match level {
            FailOn::Personal => (self.personal + self.sensitive, tr!(lang, "personal data", "个人信息")),
            FailOn::Sensitive => (self.sensitive, tr!(lang, "sensitive personal data", "敏感个人信息")),
        };
        match count {
            0 => None,
            1 => Some(tr!(lang, "1 column has {what}", "1 列为{what}")),
            _ => Some(tr!(lang, "{count} columns have {what}", "{count} 列为{what}")),
        }
    }

    /// How much was answered so far.
    pub(super) fn so_far(&self) -> String {
        let Self { tables, columns, .. } = self;
        tr!(terminal::lang(), "· tables: {tables}, columns: {columns}", "· 表格 {tables} 个，列 {columns} 个")
    }

    /// One line.
    pub(super) fn sentence(&self) -> String {
        let lang = terminal::lang();
        let Self { tables, columns, personal, sensitive, failed, unchanged, others } = self;
        let mut parts = vec![tr!(
            lang,
            "{tables} tables, {columns} columns: {personal} with personal data, {sensitive} with sensitive personal data",
            "{tables} 个表格，{columns} 列：{personal} 列为个人信息，{sensitive} 列为敏感个人信息"
        )];
        if *unchanged > 0 {
            parts.push(tr!(lang, "{unchanged} files unchanged and skipped", "{unchanged} 个文件没有变化，已跳过"));
        }
        if *failed > 0 {
            parts.push(tr!(lang, "{failed} tables unreadable", "{failed} 个表格无法读取"));
        }
        if *others > 0 {
            parts.push(tr!(lang, "{others} other files skipped", "跳过其他文件 {others} 个"));
        }
        parts.join(&tr!(lang, "; ", "；"))
    }
}
