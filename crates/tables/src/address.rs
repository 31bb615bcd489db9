//! Addresses of databases and objects. Passwords never appear in messages: [`Address::shown`] leaves them out, and
//! [`Address::scrub`] removes them from the messages of servers and libraries.

use std::path::{Path, PathBuf};

use super::TableError;

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A database server.
    Database,
    /// An SQLite file.
    Sqlite,
    /// An object in a bucket, or a file behind HTTP.
    Object,
    /// Something that this program cannot read.
    Unknown,
}

/// How an address begins, and what it leads to.
const SCHEMES: &[(&str, Kind)] = &[
    ("postgres", Kind::Database),
    ("postgresql", Kind::Database),
    ("mysql", Kind::Database),
    ("mariadb", Kind::Database),
    ("sqlite", Kind::Sqlite),
    ("s3", Kind::Object),
    ("gs", Kind::Object),
    ("az", Kind::Object),
    ("https", Kind::Object),
    ("http", Kind::Object),
];

/// The address of a database or an object, split into its parts.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) kind: Kind,
    pub(super) scheme: String,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    /// The server or the bucket; empty if the address names none. An IPv6 address is stored without its brackets.
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// What follows the first slash after the host, as it was written.
    pub(super) path: String,
    /// What follows the `?`, as it was written.
    pub(super) query: String,
}

impl Address {
    /// Parses an address; `None` if the path is the name of a file.
    pub(super) fn parse(path: &Path) -> Result<Option<Self>, TableError> {
        let Some((scheme, rest)) = path.to_str().and_then(split_scheme) else { return Ok(None) };
        let known = SCHEMES.iter().find(|(known, _)| *known == scheme);
        let kind = known.map_or(Kind::Unknown, |(_, kind)| *kind);
        match kind {
            Kind::Sqlite => Ok(Some(Self::of(kind, scheme, rest.strip_prefix("//").unwrap_or(&rest)))),
            _ if !rest.starts_with("//") => Ok(None),
            Kind::Unknown => Err(TableError::Address { path: shown(path) }),
            Kind::Database | Kind::Object => {
                let bad = |problem| TableError::BadAddress { path: format!("{scheme}://…").into(), problem };
                Self::split(kind, &scheme, &rest[2..]).map(Some).map_err(bad)
            }
        }
    }

    fn of(kind: Kind, scheme: String, path: &str) -> Self {
        let path = path.to_owned();
        Self { kind, scheme, user: None, password: None, host: String::new(), port: None, path, query: String::new() }
    }

    /// Splits what follows `scheme://`.
    fn split(kind: Kind, scheme: &str, rest: &str) -> Result<Self, &'static str> {
        // Keys of objects in buckets may contain `?`; in other addresses, it begins the query.
        let has_query = kind == Kind::Database || scheme.starts_with("http");
        let (rest, query) = rest.split_once('?').filter(|_| has_query).unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if kind == Kind::Database && (path.contains('@') || query.contains('@')) {
            return Err("its user name or password holds `@`, `/` or `?`, which is written %40, %2F or %3F");
        }
        let mut address = Self::of(kind, scheme.to_owned(), path);
        query.clone_into(&mut address.query);
        let mut place = authority;
        if let Some((login, host)) = authority.rsplit_once('@') {
            place = host;
            let (user, password) = login.split_once(':').map_or((login, None), |(user, word)| (user, Some(word)));
            address.user = Some(decoded(user)).filter(|user| !user.is_empty());
            address.password = password.map(decoded).filter(|password| !password.is_empty());
        }
        let (host, port) = split_port(place)?;
        address.host = decoded(host);
        address.port = port;
        Ok(address)
    }

    /// A parameter in the query, such as `sslmode`.
    #[cfg_attr(not(feature = "databases"), allow(dead_code, reason = "only databases have settings"))]
    pub(super) fn setting(&self, name: &str) -> Option<String> {
        let mut settings = self.query.split('&').filter_map(|setting| setting.split_once('='));
        settings.find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
    }

    /// The address as messages and answers show it: without its password and without its query, which may hold keys.
    pub(super) fn shown(&self) -> PathBuf {
        let Self { scheme, host, path, .. } = self;
        if self.kind == Kind::Sqlite {
            return format!("{scheme}:{path}").into();
        }
        let user = self.user.as_ref().map_or_else(String::new, |user| format!("{user}@"));
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        // The address of a database server may have no path.
        let slash = if self.kind == Kind::Database && path.is_empty() { "" } else { "/" };
        format!("{scheme}://{user}{host}{port}{slash}{path}").into()
    }

    /// Removes the password and the query from a text of another program, such as a server's error message.
    #[cfg_attr(
        not(any(feature = "databases", feature = "object-stores")),
        allow(dead_code, reason = "nobody else says anything then")
    )]
    pub(super) fn scrub(&self, text: &str) -> String {
        let values = self.query.split('&').filter_map(|setting| setting.split_once('=')).map(|(_, value)| value);
        let secrets = self.password.as_deref().into_iter().chain([self.query.as_str()]).chain(values);
        // Replacing shorter ones would mangle other words.
        let secrets = secrets.filter(|secret| secret.len() >= 4);
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "***").replace(&decoded(secret), "***"))
    }
}

/// The scheme in lower case, and what follows its colon.
fn split_scheme(text: &str) -> Option<(String, String)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest.to_owned()))
}

fn split_port(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or("its host begins with `[` and has no `]`")?,
        None => place.find(':').map_or((place, ""), |at| place.split_at(at)),
    };
    match port.strip_prefix(':') {
        None | Some("") => Ok((host, None)),
        Some(port) => port.parse().map(|port| (host, Some(port))).map_err(|_| "its port is no number"),
    }
}

/// A path as messages show it: an address without its user, password and query.
pub(super) fn shown(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    let Some((scheme, rest)) = text.split_once("://") else { return path.to_path_buf() };
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{rest}").into()
}

/// Decodes percent-encoding: `%41` becomes `A`.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Address>, TableError> {
        Address::parse(Path::new(text))
    }

    #[test]
    fn addresses_have_parts() {
        let address = parse("postgres://ann:p%40ss@db.example:5433/shop?sslmode=require").unwrap().unwrap();
        assert_eq!(
            (address.user.as_deref(), address.password.as_deref(), address.host.as_str(), address.port),
            (Some("ann"), Some("p@ss"), "db.example", Some(5433))
        );
        assert_eq!((address.path.as_str(), address.setting("sslmode").as_deref()), ("shop", Some("require")));
        assert_eq!(address.shown().to_str(), Some("postgres://ann@db.example:5433/shop"));
        assert_eq!(address.scrub("no p@ss, no p%40ss").as_str(), "no ***, no p%40ss");
        let address = parse("mysql://[::1]:33/x").unwrap().unwrap();
        assert_eq!((address.host.as_str(), address.port), ("::1", Some(33)));
        assert_eq!(address.shown().to_str(), Some("mysql://[::1]:33/x"));
        let address = parse("s3://bucket/what?.csv").unwrap().unwrap();
        assert_eq!((address.host.as_str(), address.path.as_str()), ("bucket", "what?.csv"));
        for (text, path) in [("sqlite:a.db", "a.db"), ("sqlite:///a.db", "/a.db"), ("sqlite://a.db", "a.db")] {
            assert_eq!(parse(text).unwrap().unwrap().path, path);
        }
        for file in ["a.csv", "C:/a.csv", "postgres:", "folder/a:b", "-", ""] {
            assert!(parse(file).unwrap().is_none(), "{file}");
        }
    }

    #[test]
    fn no_message_shows_a_password() {
        for text in [
            "postgres://ann:hunter2@h:x/db",
            "postgres://ann:hunter2@h/db",
            "postgres://ann:hunter2",
            "postgres://ann:hunter2/x@h/db",
            "postgres://ann:hunter2?x@h/db",
            "postgres://ann:x@hunter2@h/db",
            "postgres://ann:x@hunter2@[h/db",
            "mysql://ann:hunter2@h/db?password=hunter2",
            "https://ann:hunter2@h/a.csv?X-Amz-Signature=hunter2",
            "oracle://ann:hunter2@h/db",
            "oracle://ann:x/hunter2@h/db",
        ] {
            let told = match parse(text) {
                Ok(address) => address.expect("an address").shown().display().to_string(),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!told.contains("hunter2"), "{text}: {told}");
        }
    }
}
