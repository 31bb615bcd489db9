//! Why a file could not be read as a table.

use std::path::Path;

use super::phrase::{Phrase, translate};
use super::{after_chinese, io_error};
use tabular_sense_tables::TableError;

pub(super) fn describe(error: &TableError) -> String {
    let show = |path: &Path| path.display().to_string();
    match error {
        TableError::Address { path } => {
            format!("{} 是网络地址，而这里需要文件：请先下载，或用管道传入并写作 `-`", show(path))
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
        TableError::NoColumns { path } => {
            format!("{} 中没有列：至少要有一个单元格有内容，这里只有空行、分隔符和空白", show(path))
        }
        TableError::UnknownEncoding { path, found } => format!(
            "本程序不认识编码 `{found}`：可用的名称如 utf-8、gb18030、big5、utf-16le、windows-1252；不指定时，会自动识别 {} 的编码",
            show(path)
        ),
    }
}

/// What a file looks like, and what to do about it.
pub(super) const PHRASES: &[Phrase] = &[
    ("an Excel workbook (.xlsx) or another zip archive", "Excel 工作簿（.xlsx）或其他 zip 压缩包"),
    ("an old Excel workbook (.xls)", "旧版 Excel 工作簿（.xls）"),
    ("{}-compressed data", "{0} 压缩数据"),
    ("a 7z archive", "7z 压缩包"),
    ("a PDF document", "PDF 文档"),
    ("a Parquet file", "Parquet 文件"),
    ("an Arrow file", "Arrow 文件"),
    ("an SQLite database", "SQLite 数据库"),
    ("a PNG picture", "PNG 图片"),
    ("a JPEG picture", "JPEG 图片"),
    ("binary data (it holds zero bytes)", "二进制数据（含有零字节）"),
    ("a server's error message", "服务器返回的错误信息"),
    ("JSON", "JSON 数据"),
    ("a JSON object", "JSON 对象"),
    ("a JSON array", "JSON 数组"),
    ("JSON Lines", "JSON Lines 数据"),
    ("an HTML page", "HTML 网页"),
    ("XML", "XML 数据"),
    ("SQL", "SQL 语句"),
    ("a Git LFS pointer", "Git LFS 指针"),
    ("a document in RTF", "RTF 文档"),
    ("a PostScript document", "PostScript 文档"),
    ("a key or certificate", "密钥或证书"),
    ("a script", "脚本"),
    ("an e-mail", "电子邮件"),
    ("a page saved as MHTML", "以 MHTML 保存的网页"),
    ("contacts in vCard format", "vCard 格式的通讯录"),
    ("a calendar in iCalendar format", "iCalendar 格式的日历"),
    ("an ARFF file", "ARFF 文件"),
    ("open it and save the sheet as CSV, or unpack the archive first", "请打开后将工作表另存为 CSV，或先解压"),
    ("open it and save the sheet as CSV first", "请先打开，将工作表另存为 CSV"),
    ("unpack it first ({})", "请先解压（{0}）"),
    ("unpack it first", "请先解压"),
    ("export its table as CSV first", "请先将其中的表格导出为 CSV"),
    ("export one of its tables as CSV first", "请先将其中的一张表导出为 CSV"),
    (
        "export it as CSV first, or name its encoding if it is text after all",
        "请先导出为 CSV；如果确实是文本，请用 `--encoding` 指定编码",
    ),
    ("export it as CSV first", "请先导出为 CSV"),
    ("export it as CSV", "请导出为 CSV"),
    ("export them as CSV", "请导出为 CSV"),
    ("convert it to CSV first", "请先转换为 CSV"),
    ("a table was expected", "这里需要表格"),
    ("name a table", "请指定表格文件"),
    ("save its table as CSV first", "请先将其中的表格另存为 CSV"),
    ("save its attachment first", "请先保存其中的附件"),
    (
        "save its table as CSV, or download the file itself rather than the page about it",
        "请将其中的表格另存为 CSV，或下载文件本身，而不是介绍它的网页",
    ),
    ("the download failed; look at the address, then download it again", "下载没有成功；请检查网址，再重新下载"),
    ("the file itself is elsewhere: run `git lfs pull`", "文件本身在别处：请运行 `git lfs pull`"),
    ("run it in a database and export the table as CSV", "请在数据库中执行它，再将表导出为 CSV"),
];

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::chinese::describe;
    use crate::chinese::tests::is_chinese;
    use tabular_sense_tables::{ReadOptions, Table};

    #[test]
    fn every_variant() {
        let path = || "data/t.csv".into();
        let source = || io::Error::from(io::ErrorKind::PermissionDenied);
        let (looks_like, advice) = ("a PDF document", "export its table as CSV first");
        for error in [
            TableError::Missing { path: path() },
            TableError::Address { path: path() },
            TableError::Folder { path: path() },
            TableError::Io { path: path(), source: source() },
            TableError::Empty { path: path() },
            TableError::Binary { path: path(), looks_like, advice },
            TableError::NotATable { path: path(), looks_like, advice },
            TableError::Gzip { path: path(), source: source() },
            TableError::NoColumns { path: path() },
            TableError::UnknownEncoding { path: path(), found: "klingon".into() },
        ] {
            let told = describe(&error);
            assert!(is_chinese(&told) && told.contains("data/t.csv"), "{told}");
        }
    }

    /// Every content that is known not to be a table.
    #[test]
    fn whatever_a_file_looks_like() {
        let contents: [&[u8]; 41] = [
            b"",
            b" \n,,\n",
            b"PK\x03\x04",
            b"\xD0\xCF\x11\xE0",
            b"\x1F\x8B\x08\x00",
            b"\x1F\x8B\x01",
            b"BZh",
            b"\xFD7zXZ\0",
            b"\x28\xB5\x2F\xFD",
            b"7z\xBC\xAF\x27\x1C",
            b"%PDF-",
            b"PAR1",
            b"ARROW1",
            b"SQLite format 3\0",
            b"\x89PNG\r\n",
            b"\xFF\xD8\xFF",
            b"\x01\0\x02\0\0\0\x7F\xFF\0\x03",
            b"{\"a\": 1}",
            b"[{\"a\": 1}]",
            b"{\"a\": 1}\n{\"a\": 2}\n",
            b"[1]\n[2]\n",
            b"{\"error\": \"quota\"}",
            b"<!DOCTYPE html>\n<html>",
            b"<?xml version=\"1.0\"?>\n<rows/>",
            b"<Error><Code>AccessDenied</Code></Error>",
            b"INSERT INTO t (a) VALUES (1);\n",
            b"version https://git-lfs.github.com/spec/v1\noid\n",
            b"{\\rtf1 text",
            b"%!PS-Adobe\n",
            b"-----BEGIN CERTIFICATE-----\n",
            b"#!/bin/sh\n",
            b"From: a\nTo: b\n",
            b"MIME-Version: 1.0\n",
            b"BEGIN:VCARD\n",
            b"BEGIN:VCALENDAR\n",
            b"@relation a\n",
            b"404: Not Found",
            b"Access denied\n",
            b"create table a (b int);\n",
            b"<rows>\n <row>1</row>\n</rows>",
            b"<table><tr><td>1</td></tr></table>",
        ];
        for content in contents {
            let shown = String::from_utf8_lossy(content);
            let error = Table::read_from(content, Path::new("f.csv"), &ReadOptions::default()).expect_err(&shown);
            let told = describe(&error);
            assert!(is_chinese(&told), "{shown}: {told}");
            if let TableError::Binary { looks_like, advice, .. } | TableError::NotATable { looks_like, advice, .. } =
                error
            {
                assert!(translate(looks_like) != looks_like && translate(advice) != advice, "{looks_like}: {advice}");
            }
        }
    }
}
