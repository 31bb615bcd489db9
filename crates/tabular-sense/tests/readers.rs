//! Replays the corpora of the fuzzer: no reader panics, and all assertions in the readers hold.

#[path = "../../../fuzz/readers.rs"]
mod readers;

use std::path::Path;

fn corpus(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name)
}

#[test]
fn what_fuzzing_found_is_survived() {
    for (name, read) in readers::READERS {
        let mut entries: Vec<_> = std::fs::read_dir(corpus(name)).expect(name).flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        assert!(entries.len() > 3, "{name} has a corpus");
        for entry in entries {
            read(&std::fs::read(entry.path()).expect("a file"));
        }
    }
}

/// Writes the seed corpora, from which the fuzzer starts: at least one complete file of each kind.
#[test]
#[ignore = "writes fuzz/corpus; run by hand when a format changes"]
fn write_the_beginnings() {
    let put = |reader: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(corpus(reader)).expect("a folder");
        std::fs::write(corpus(reader).join(name), bytes).expect("a file");
    };
    let lines = [
        "age|nl|27<sep>31<sep>8",
        "phone,int|tel|13812345678",
        r#"{"name": "nl", "values": ["27", "31"], "labels": ["age"]}"#,
        r#"{"labels": [], "name": "\u00e4\"\ud83d\ude00", "values": ["", "a\nb", "\\"], "id": 7}"#,
        "{\"name\": 1, \"values\": [\"x\"]}",
        "nobody|a|b",
    ];
    for (i, line) in lines.iter().enumerate() {
        put("sample", &format!("line-{i}"), line.as_bytes());
    }
    for (i, file) in ["a\n\nb\r\nc", "\u{FEFF}a\n", "\n \n", "a\u{4E2D}\n\t\nb\n"].iter().enumerate() {
        put("sample_file", &format!("file-{i}"), file.as_bytes());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let samples = folder.path().join("samples");
    std::fs::write(&samples, "one\n\ntwo\nthree\n").expect("a file");
    let index = drivetrain::data::LineIndex::open(&samples, &drivetrain::data::Silent).expect("an index");
    drop(index);
    let whole = std::fs::read(folder.path().join("samples.idx")).expect("an index");
    for reader in ["index", "token_store"] {
        put(reader, "whole-index", &whole);
        put(reader, "half-index", &whole[..whole.len() / 2]);
        put(reader, "empty", b"");
        put(reader, "text", b"no index");
    }
    put("token_store", "whole-store", &readers::whole_token_store());
    let model = readers::whole_model();
    let read = |name: &str| std::fs::read(model.path().join(name)).expect("a file");
    put("tokenizer", "whole", &read("tokenizer.json"));
    put("tokenizer", "half", &read("tokenizer.json")[..2000]);
    put("tokenizer", "empty", b"{}");
    put(
        "tokenizer",
        "word-level",
        br#"{"model":{"type":"WordLevel","vocab":{"[PAD]":0,"[UNK]":1,"<sep>":2},"unk_token":"[UNK]"}}"#,
    );
    put("model", "whole", &read("config.json"));
    put("model", "half", &read("config.json")[..300]);
    put("model", "empty", b"{}");
    put(
        "model",
        "huge",
        String::from_utf8_lossy(&read("config.json"))
            .replace("\"d_model\": 4", "\"d_model\": 4000000000000")
            .as_bytes(),
    );
    put("safetensors", "whole", &read("model.safetensors"));
    put("safetensors", "half", &read("model.safetensors")[..700]);
    put("safetensors", "huge", b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F{}");
    put("safetensors", "empty", b"\x02\0\0\0\0\0\0\0{}");
    for name in ["default", "micro", "essay", "large", "million"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("configs/{name}.toml"));
        put("config", name, &std::fs::read(path).expect("a configuration"));
    }
    let whole = readers::whole_checkpoint();
    put("checkpoint", "whole", &whole);
    put("checkpoint", "half", &whole[..whole.len() / 2]);
    put("checkpoint", "none", b"\0\0\0\0");
    put("checkpoint", "state", &whole[..1500.min(whole.len())]);
    let hash = "0".repeat(32);
    for (name, text) in [
        ("plain", format!("step-00000001  {hash}\n")),
        ("outside", format!("../step-00000001  {hash}\n")),
        ("revision", format!("step-00000001-r2  {hash}\n")),
        ("short", "step-".to_owned()),
    ] {
        put("pointer", name, text.as_bytes());
    }
    let tables: [&[u8]; 8] = [
        b"\0nl,tel\n27,13812345678\n31,13912345678\n",
        b"\x01a;b\n\"x;y\";\"\"\"\"\n",
        b"\x02a\tb\n1\t\"open\n2\t3\n",
        b"\0\xFF\xFEa\0,\0b\0\n\x001\0,\x002\0",
        b"\x04\xC4\xEA\xC1\xE4,x\n27,1\n",
        b"\x1E\xEF\xBB\xBFa|b\r\n1|2\r\n",
        b"\0\n\n,,,\n",
        b"\x05a,b\n1,2,3\n4\n",
    ];
    for (i, table) in tables.iter().enumerate() {
        put("table", &format!("table-{i}"), table);
    }
    let metrics = br#"{"kind":"step","epoch":0,"step":2,"loss":0.5}
{"kind":"validation","epoch":0,"step":3,"score":0.5}
{"kind":"step","epoch":0,"step":9,"loss":0.5}
"#;
    put("logs", "metrics", metrics);
    put("logs", "cut", &metrics[..metrics.len() - 9]);
    put("logs", "events", &readers::whole_events());
    put("logs", "empty", b"");
}
