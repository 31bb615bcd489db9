//! Database servers that run until the tests end, as an unprivileged user, in a temporary folder.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// The user id of `nobody`.
const NOBODY: u32 = 65_534;

/// A server. It stops when the test process ends, because that closes the pipe from which the server's shell reads.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    #[allow(dead_code, reason = "held for its pipe")]
    shell: Child,
}

/// A temporary folder, owned by the user that the server runs as.
pub(crate) fn folder() -> PathBuf {
    let folder = TempDir::new().expect("a folder").keep();
    if is_root(&folder) {
        chown(&folder, Some(NOBODY), Some(NOBODY)).expect("an owner");
    }
    folder
}

fn is_root(folder: &Path) -> bool {
    std::fs::metadata(folder).expect("a folder").uid() == 0
}

/// Finds a program on the `PATH`, or in the folders in which Debian installs server programs.
pub(crate) fn program(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed"))
}

/// A command that runs as `nobody` if the folder belongs to that user, otherwise as the current user.
fn as_nobody(program: &Path, folder: &Path) -> Command {
    let is_owned_by_nobody = std::fs::metadata(folder).expect("a folder").uid() == NOBODY;
    let mut command = if is_owned_by_nobody {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).env("HOME", folder).env("LC_ALL", "C.UTF-8");
    command
}

/// Runs one of the server's programs and waits until it ends.
pub(crate) fn run(name: &str, folder: &Path, arguments: &[impl AsRef<OsStr>]) {
    let done = as_nobody(&program(name), folder).args(arguments).output().expect(name);
    assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A free port on this machine.
pub(crate) fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Starts a server, and waits until `is_up` returns true.
pub(crate) fn start(name: &str, folder: PathBuf, port: u16, arguments: &[String], is_up: impl Fn() -> bool) -> Server {
    let script = "\"$@\" & server=$!; read -r _; kill -QUIT $server || kill $server; wait $server; rm -rf \"$PWD\"/*";
    let log = std::fs::File::create(std::env::temp_dir().join(format!("{name}-{port}.log"))).expect("a log");
    let mut shell = as_nobody(Path::new("/bin/sh"), &folder);
    shell.args(["-c", script, "sh"]).arg(program(name)).args(arguments);
    let errors = log.try_clone().expect("a log");
    let mut shell = shell.stdin(Stdio::piped()).stdout(log).stderr(errors).spawn().expect("a shell");
    // Wait for at most a minute; a server needs a second or two.
    let is_started = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        is_up()
    });
    if !is_started {
        drop(shell.stdin.take());
        let ended = shell.wait();
        panic!("{name} did not start ({ended:?}); see {}", std::env::temp_dir().display());
    }
    Server { port, folder, shell }
}
