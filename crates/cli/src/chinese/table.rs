//! Why a file could not be read as a table.

use std::path::Path;

use super::io::io_error;
use super::spacing::after_chinese;
use super::translate::translate;
use tabular_sense_tables::TableError;

pub(super) fn describe(error: &TableError) -> String {
    let show = |path: &Path| path.display().to_string();
    match error {
        TableError::Address { path } => {
            format!("{} 是网络地址，而这里需要文件：请先下载，或用管道传入并写作 `-`", show(path))
        }
        TableError::BadAddress { path, problem } => {
            format!("地址 {} 无效：{}；正确的地址如 postgres://user@host:5432/database", show(path), translate(problem))
        }
        TableError::MissingFeature { path, what, feature } => format!(
            "{} 是{}的地址，而本程序编译时没有包含这一功能：请用 `cargo install --path crates/cli --features {feature}` 安装",
            show(path),
            translate(what)
        ),
        TableError::Database { path, problem, reason } => {
            remote(&show(path), &problem.to_string(), reason, problem.advice())
        }
        TableError::Object { path, problem, reason } => {
            remote(&show(path), &problem.to_string(), reason, problem.advice())
        }
        TableError::Missing { path } => format!("没有文件 {}：请检查文件名和所在的文件夹", show(path)),
        TableError::Folder { path } => format!("{} 是文件夹，这里需要文件：请指定其中的一个文件", show(path)),
        TableError::Io { path, source } => format!("无法读取 {}：{}", show(path), io_error(source)),
        TableError::Empty { path } => {
            format!("{} 是空文件（0 字节），这里需要表格：文件保存或下载完整了吗？", show(path))
        }
        TableError::Binary { path, looks_like, advice } => {
            format!("{} 不是文本，而是{}：{}", show(path), after_chinese(&translate(looks_like)), translate(advice))
        }
        TableError::NotATable { path, looks_like, advice } => {
            format!("{} 不是表格，而是{}：{}", show(path), after_chinese(&translate(looks_like)), translate(advice))
        }
        TableError::Gzip { path, source } => {
            format!("{} 是 gzip 压缩文件，但已损坏（{}）：文件下载完整了吗？", show(path), io_error(source))
        }
        TableError::Damaged { path, format, place, problem } => {
            let place = if place.is_empty() { String::new() } else { format!("，位置：{place}") };
            format!(
                "{} 是{}，但已损坏{place}（{problem}）：文件保存或下载完整了吗？",
                show(path),
                after_chinese(&translate(format))
            )
        }
        TableError::Protected { path } => {
            format!("{} 有密码保护：请打开它，另存一份不带密码的副本，再指定该副本", show(path))
        }
        TableError::TooLarge { path, what, limit } => {
            let (what, limit) = (translate(what), translate(limit));
            format!("{} 太大：{what}超过 {limit}；请拆分，或将需要的部分导出为 CSV", show(path))
        }
        TableError::NoTables { path, expected } => {
            format!("{} 中没有表格：应有{}，这里都是空的", show(path), translate(expected))
        }
        TableError::NoColumns { path } => {
            format!("{} 中没有列：至少要有一个单元格有内容，这里只有空行、分隔符和空白", show(path))
        }
        TableError::UnknownEncoding { path, found } => format!(
            "本程序不认识编码 `{found}`：可用的名称如 utf-8、gb18030、big5、utf-16le、windows-1252；不指定时，会自动识别 {} 的编码",
            show(path)
        ),
    }
}

/// What a server says stays as it is.
fn remote(place: &str, problem: &str, reason: &str, advice: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!("（{reason}）") };
    format!("{place}：{}{reason}；{}", translate(problem), translate(advice))
}
