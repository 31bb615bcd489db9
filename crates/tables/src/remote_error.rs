//! What may go wrong at a database server or an object store.

use std::fmt;

/// What went wrong with a database, distinguished by what you can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseProblem {
    /// Nothing answers at the address.
    Unreachable,
    /// The user or the password is not accepted.
    Login,
    /// The server has no database of this name.
    NoDatabase,
    /// No table matches what was asked for.
    NoTable,
    /// The user may not read the table.
    NoPermission,
    /// The server accepts encrypted connections only.
    TlsRequired,
    /// No encrypted connection could be made.
    Tls,
    /// A statement took longer than it may.
    TimeLimit,
    /// The table has disappeared since the tables were listed.
    Vanished,
    /// Reading the view would change the database.
    Writes,
    /// The connection was closed.
    Lost,
    /// A setting in the address has an unknown value.
    Setting,
    /// Anything else; the reason says what.
    Other,
}

impl DatabaseProblem {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Unreachable,
        Self::Login,
        Self::NoDatabase,
        Self::NoTable,
        Self::NoPermission,
        Self::TlsRequired,
        Self::Tls,
        Self::TimeLimit,
        Self::Vanished,
        Self::Writes,
        Self::Lost,
        Self::Setting,
        Self::Other,
    ];

    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Unreachable => "check the host and the port, and whether the server is running",
            Self::Login => "check the user, and give the password in PGPASSWORD, ~/.pgpass or MYSQL_PWD",
            Self::NoDatabase => "check the name after the last slash of the address",
            Self::NoTable => "check the pattern of --tables, and which schemas the user may see",
            Self::NoPermission => "ask for the right to read it (GRANT SELECT)",
            Self::TlsRequired => "leave out sslmode=disable, or set sslmode=require",
            Self::Tls => "check sslmode and sslrootcert in the address",
            Self::TimeLimit => "allow more seconds with --time-limit",
            Self::Vanished => "it was dropped or renamed meanwhile; run the program again",
            Self::Writes => "it calls a function that writes; leave it out with --tables",
            Self::Lost => "check the server's log, and run the program again",
            Self::Setting => "check what follows the question mark of the address",
            Self::Other => "check the table in the database's own client",
        }
    }
}

impl fmt::Display for DatabaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the server cannot be reached",
            Self::Login => "the server does not accept the user or the password",
            Self::NoDatabase => "there is no such database",
            Self::NoTable => "no table or view was found",
            Self::NoPermission => "permission denied",
            Self::TlsRequired => "the server accepts encrypted connections only",
            Self::Tls => "no encrypted connection could be made",
            Self::TimeLimit => "the time limit was reached",
            Self::Vanished => "the table is no longer there",
            Self::Writes => "reading it would change the database",
            Self::Lost => "the connection was closed",
            Self::Setting => "a setting in the address is not valid",
            Self::Other => "the database reports an error",
        })
    }
}

/// What went wrong with an object in a bucket or a file behind HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectProblem {
    /// Nothing answers at the address.
    Unreachable,
    /// There is no such object.
    NotFound,
    /// The credentials are missing or do not suffice.
    Denied,
    /// Folders cannot be listed there.
    NoFolders,
    /// Anything else; the reason says what.
    Other,
}

impl ObjectProblem {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Unreachable, Self::NotFound, Self::Denied, Self::NoFolders, Self::Other];

    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Unreachable => "check the address and the network",
            Self::NotFound => "check the address; a folder ends with a slash",
            Self::Denied => {
                "set the credentials in the environment: AWS_ACCESS_KEY_ID, GOOGLE_SERVICE_ACCOUNT, \
                 AZURE_STORAGE_ACCOUNT_NAME and others"
            }
            Self::NoFolders => "name the files one by one",
            Self::Other => "check the address and the settings in the environment",
        }
    }
}

impl fmt::Display for ObjectProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the server cannot be reached",
            Self::NotFound => "there is no such object",
            Self::Denied => "access denied",
            Self::NoFolders => "folders cannot be listed over HTTP",
            Self::Other => "the server reports an error",
        })
    }
}
