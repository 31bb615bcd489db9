//! An HTTP file server for the tests, which also implements as much of S3 as is needed to list and read objects.
//!
//! Files below `whole/` are always sent as a whole. Files below `signed/` are sent only if the address contains the secret. Of
//! files below `failing/`, only the beginning is sent. Files below `untagged/` have no entity tag.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::SECRET;

/// A server, which runs until the test process ends.
pub(crate) struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    /// Number of bytes of content sent.
    given: u64,
    /// Number of responses with content.
    requests: u64,
    /// Size of the largest response, in bytes.
    largest: u64,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { port, state }
    }

    pub(crate) fn put(&self, name: &str, content: Vec<u8>) {
        self.state.lock().expect("the state").files.insert(name.to_owned(), content);
    }

    pub(crate) fn root(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn http(&self, name: &str) -> String {
        format!("{}/{name}", self.root())
    }

    pub(crate) fn given(&self) -> u64 {
        self.state.lock().expect("the state").given
    }

    pub(crate) fn requests(&self) -> u64 {
        self.state.lock().expect("the state").requests
    }

    pub(crate) fn largest(&self) -> u64 {
        self.state.lock().expect("the state").largest
    }
}

/// Answers the requests of a connection.
fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut writer = stream.try_clone().expect("a stream");
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(request)) = lines.next() {
        let headers: Vec<String> = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .map(|line| line.to_lowercase())
            .collect();
        let target = request.split(' ').nth(1).unwrap_or_default();
        let is_head = request.starts_with("HEAD");
        let answer = answer(target, &headers, &mut state.lock().expect("the state"));
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Length: {}\r\nLast-Modified: Tue, 05 Mar 2024 18:00:05 GMT\r\n",
            answer.status,
            answer.body.len()
        );
        if let Some(tag) = answer.tag {
            let _ = write!(head, "ETag: \"{tag:x}\"\r\n");
        }
        if let Some(range) = &answer.range {
            let _ = write!(head, "Content-Range: {range}\r\n");
        }
        head += "\r\n";
        let body = if is_head { &[][..] } else { &answer.body };
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body)).is_err() {
            return;
        }
    }
}

struct Answer {
    status: &'static str,
    range: Option<String>,
    /// The entity tag of the whole file, even if only a range is sent.
    tag: Option<u64>,
    body: Vec<u8>,
}

impl Answer {
    fn of(status: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, range: None, tag: None, body: body.into() }
    }
}

fn answer(target: &str, headers: &[String], state: &mut State) -> Answer {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let name = decoded(path.trim_start_matches('/'));
    if query.contains("list-type=2") {
        return Answer::of("200 OK", list(name.trim_end_matches('/'), query, state));
    }
    if name.starts_with("signed/") && query != format!("X-Signature={SECRET}") {
        return Answer::of("403 Forbidden", format!("the key {query} is wrong"));
    }
    let Some(content) = state.files.get(&name) else { return Answer::of("404 Not Found", "nothing") };
    let range = headers.iter().find_map(|line| line.strip_prefix("range: bytes="));
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    let tag = Some(hasher.finish()).filter(|_| !name.starts_with("untagged/"));
    let answer = match range.filter(|_| !name.starts_with("whole/")) {
        None => Answer { tag, ..Answer::of("200 OK", content.clone()) },
        Some(range) => {
            let (begin, end) = range.split_once('-').expect("a range");
            let begin: usize = begin.parse().expect("a number");
            let end = end.parse().unwrap_or(usize::MAX).min(content.len().saturating_sub(1));
            if begin >= content.len() {
                return Answer::of("416 Range Not Satisfiable", "");
            }
            if name.starts_with("failing/") && end > 1 << 20 {
                return Answer::of("418 I'm a teapot", "no more");
            }
            let range = Some(format!("bytes {begin}-{end}/{}", content.len()));
            Answer { range, tag, ..Answer::of("206 Partial Content", &content[begin..=end]) }
        }
    };
    state.given += answer.body.len() as u64;
    state.requests += 1;
    state.largest = state.largest.max(answer.body.len() as u64);
    answer
}

/// The response of S3 to a request for the objects of a bucket below a prefix.
fn list(bucket: &str, query: &str, state: &State) -> String {
    let prefix = query.split('&').find_map(|setting| setting.strip_prefix("prefix=")).map(decoded).unwrap_or_default();
    let keys = state.files.iter().filter_map(|(name, content)| {
        let key = name.strip_prefix(bucket)?.strip_prefix('/')?;
        key.starts_with(&prefix).then_some((key, content.len()))
    });
    let mut listed = String::from("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (key, size) in keys {
        let _ = write!(
            listed,
            "<Contents><Key>{key}</Key><LastModified>2024-03-05T18:00:05.000Z</LastModified><ETag>\"1\"</ETag><Size>{size}</Size></Contents>"
        );
    }
    listed + "</ListBucketResult>"
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
