//! Opens a connection to an address; what the address leaves out comes from the environment.

use std::path::PathBuf;
use std::time::Duration;

use ::mysql::prelude::Queryable;
use ::mysql::{Conn, DriverError, Error, OptsBuilder, SslOpts};

use super::errors::{not_connected, told};
use crate::ReadOptions;
use crate::address::{Address, decoded};
use crate::databases::database::DatabaseError;
use crate::databases::login::{from_environment, system_user};
use crate::databases::tls::{TlsMode, root_file};

/// The time limit for connecting, in seconds.
const CONNECT: u64 = 10;

pub(super) fn connect(address: &Address, options: &ReadOptions) -> Result<Conn, DatabaseError> {
    let mode = TlsMode::of(address)?;
    let plain = settings(address, options);
    let opened = if mode == TlsMode::Off {
        Conn::new(plain)
    } else {
        match Conn::new(plain.clone().ssl_opts(encryption(mode, address))) {
            Err(Error::DriverError(DriverError::TlsNotSupported)) if mode == TlsMode::Preferred => Conn::new(plain),
            opened => opened,
        }
    };
    let mut connection = opened.map_err(|error| not_connected(&error))?;
    limit(&mut connection, options.time_limit).map_err(|error| told(&error))?;
    Ok(connection)
}

/// The database that the address names.
pub(super) fn database(address: &Address) -> Option<String> {
    Some(decoded(&address.path)).filter(|name| !name.is_empty())
}

fn settings(address: &Address, options: &ReadOptions) -> OptsBuilder {
    let host = Some(address.host.clone()).filter(|host| !host.is_empty()).or_else(|| from_environment("MYSQL_HOST"));
    let password = address.password.clone().or_else(|| address.setting("password"));
    // If the server stops answering, give up some time after the time limit of a statement.
    let silence = options.time_limit + Duration::from_secs(CONNECT);
    OptsBuilder::new()
        .ip_or_hostname(Some(host.unwrap_or_else(|| "localhost".into())))
        .tcp_port(address.port.unwrap_or(3306))
        .socket(address.setting("socket"))
        .prefer_socket(address.setting("socket").is_some())
        .user(Some(address.user.clone().unwrap_or_else(system_user)))
        .pass(password.or_else(|| from_environment("MYSQL_PWD")))
        .db_name(database(address))
        .tcp_connect_timeout(Some(options.time_limit.min(Duration::from_secs(CONNECT))))
        .read_timeout(Some(silence))
        .write_timeout(Some(silence))
}

fn encryption(mode: TlsMode, address: &Address) -> SslOpts {
    SslOpts::default()
        .with_root_cert_path(root_file(address).map(PathBuf::from))
        .with_danger_accept_invalid_certs(matches!(mode, TlsMode::Preferred | TlsMode::Required))
        .with_danger_skip_domain_validation(mode != TlsMode::KnownHost)
}

/// Makes the session read-only, and limits the time of its statements.
fn limit(connection: &mut Conn, time_limit: Duration) -> Result<(), Error> {
    connection.query_drop("SET SESSION TRANSACTION READ ONLY")?;
    connection.query_drop("SET SESSION time_zone = '+00:00'")?;
    // MySQL has the first setting and MariaDB the second; servers from before 2014 have neither.
    let milliseconds = time_limit.as_millis().clamp(1, u32::MAX.into());
    let in_mysql = connection.query_drop(format!("SET SESSION max_execution_time = {milliseconds}"));
    if in_mysql.is_err() {
        drop(
            connection.query_drop(format!("SET SESSION max_statement_time = {}", time_limit.as_secs_f64().max(0.001))),
        );
    }
    Ok(())
}
