use std::io;

use super::is_chinese;
use crate::chinese::describe;
use crate::chinese::translate;
use std::path::Path;
use tabular_sense_tables::{DatabaseProblem, ObjectProblem, ReadOptions, Table, TableError};

#[test]
fn every_variant() {
    let path = || "data/t.csv".into();
    let source = || io::Error::from(io::ErrorKind::PermissionDenied);
    let (looks_like, advice) = ("a PDF document", "export its table as CSV first");
    for error in [
        TableError::Missing { path: path() },
        TableError::Address { path: path() },
        TableError::BadAddress { path: path(), problem: "its port is no number" },
        TableError::MissingFeature { path: path(), what: "tables in a database", feature: "databases" },
        TableError::Folder { path: path() },
        TableError::Io { path: path(), source: source() },
        TableError::Empty { path: path() },
        TableError::Binary { path: path(), looks_like, advice },
        TableError::NotATable { path: path(), looks_like, advice },
        TableError::Gzip { path: path(), source: source() },
        TableError::NoColumns { path: path() },
        TableError::Damaged { path: path(), format: "a workbook", place: "row 3".into(), problem: "x".into() },
        TableError::Protected { path: path() },
        TableError::TooLarge { path: path(), what: "the workbook", limit: "1 GiB" },
        TableError::NoTables { path: path(), expected: "a table or view" },
        TableError::UnknownEncoding { path: path(), found: "klingon".into() },
    ] {
        let told = describe(&error);
        assert!(is_chinese(&told) && told.contains("data/t.csv"), "{told}");
    }
}

#[test]
fn whatever_a_server_says() {
    let path = || "postgres://h/db".into();
    let reason = || "because".to_owned();
    let databases = DatabaseProblem::ALL
        .map(|problem| (problem.to_string(), TableError::Database { path: path(), problem, reason: reason() }));
    let objects = ObjectProblem::ALL
        .map(|problem| (problem.to_string(), TableError::Object { path: path(), problem, reason: reason() }));
    for (problem, error) in databases.into_iter().chain(objects) {
        let told = describe(&error);
        assert!(is_chinese(&told) && told.contains("（because）"), "{told}");
        assert!(translate(&problem) != problem && !told.contains(&problem), "{told}");
        let advice = told.rsplit('；').next().unwrap_or_default();
        assert!(!advice.is_ascii(), "{told}");
    }
    for what in ["a file in an object store", "what has to be fetched", "a table or view of the name asked for"] {
        assert_ne!(translate(what), what);
    }
}

/// All contents that are recognised as something other than a table.
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
        if let TableError::Binary { looks_like, advice, .. } | TableError::NotATable { looks_like, advice, .. } = error
        {
            assert!(translate(looks_like) != looks_like && translate(advice) != advice, "{looks_like}: {advice}");
        }
    }
}
