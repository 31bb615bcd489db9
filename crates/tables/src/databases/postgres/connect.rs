//! Opens a connection to an address; what the address leaves out comes from the environment, as in PostgreSQL's own programs.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use ::postgres::config::{Config, SslMode};
use ::postgres::{Client, NoTls};

use super::errors::{not_connected, told};
use super::tls::MakeTls;
use crate::address::{Address, decoded};
use crate::databases::database::DatabaseError;
use crate::databases::login::{from_environment, postgres_password, system_user};
use crate::databases::tls::{TlsMode, config};
use crate::{DatabaseProblem, ReadOptions};

/// The folders in which servers on this machine have their sockets.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];
const PORT: u16 = 5432;
/// The time limit for connecting, in seconds.
const CONNECT: u64 = 10;

pub(super) fn connect(address: &Address, options: &ReadOptions) -> Result<Client, DatabaseError> {
    let port = port(address)?;
    let host = host(address, port);
    let user = or(address.user.clone().or_else(|| address.setting("user")), "PGUSER").unwrap_or_else(system_user);
    let database = Some(decoded(&address.path)).filter(|name| !name.is_empty()).or_else(|| address.setting("dbname"));
    let database = or(database, "PGDATABASE").unwrap_or_else(|| user.clone());
    let mode = TlsMode::of(address)?;
    let mut settings = Config::new();
    settings.user(&user).dbname(&database).host(&host).port(port).application_name("tabular-sense");
    settings.connect_timeout(options.time_limit.min(Duration::from_secs(CONNECT)));
    // If the server stops answering, give up some time after the time limit of a statement.
    settings.tcp_user_timeout(options.time_limit + Duration::from_secs(CONNECT));
    // The password file refers to a socket in a default folder as `localhost`.
    let place = if SOCKETS.contains(&host.as_str()) { "localhost" } else { &host };
    if let Some(password) = postgres_password(address, place, port, &database, &user) {
        settings.password(password);
    }
    settings.ssl_mode(match mode {
        TlsMode::Off => SslMode::Disable,
        TlsMode::Preferred => SslMode::Prefer,
        _ => SslMode::Require,
    });
    let tls = if mode == TlsMode::Off { None } else { Some(MakeTls::new(config(mode, address)?)) };
    let patience = 2 * options.time_limit.min(Duration::from_secs(CONNECT));
    let mut client = answered(patience, move || match tls {
        None => settings.connect(NoTls),
        Some(tls) => settings.connect(tls),
    })?;
    // For statements outside our transactions, which are read-only themselves.
    client.batch_execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").map_err(|error| told(&error))?;
    Ok(client)
}

/// Opens the connection, but gives up if the server is silent for too long: the client itself would wait forever once the server
/// has accepted the connection.
fn answered(
    patience: Duration,
    connect: impl FnOnce() -> Result<Client, ::postgres::Error> + Send + 'static,
) -> Result<Client, DatabaseError> {
    let (sender, receiver) = mpsc::channel();
    // The receiver may have given up waiting.
    std::thread::spawn(move || drop(sender.send(connect())));
    match receiver.recv_timeout(patience) {
        Ok(connected) => connected.map_err(|error| not_connected(&error)),
        Err(_) => Err(DatabaseError::silent()),
    }
}

/// A value, or the environment variable `name` if the value is missing.
fn or(value: Option<String>, name: &str) -> Option<String> {
    value.filter(|value| !value.is_empty()).or_else(|| from_environment(name))
}

fn port(address: &Address) -> Result<u16, DatabaseError> {
    match address.port {
        Some(port) => Ok(port),
        None => match or(address.setting("port"), "PGPORT") {
            Some(text) => {
                text.parse().map_err(|_| DatabaseError::new(DatabaseProblem::Setting, format!("port={text}")))
            }
            None => Ok(PORT),
        },
    }
}

/// The host; if none is given, the folder of a local socket, if there is one, otherwise `localhost`.
fn host(address: &Address, port: u16) -> String {
    let named = Some(address.host.clone()).filter(|host| !host.is_empty()).or_else(|| address.setting("host"));
    or(named, "PGHOST").unwrap_or_else(|| {
        let mut folders = SOCKETS.into_iter();
        let socket = folders.find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists());
        socket.unwrap_or("localhost").to_owned()
    })
}
