//! The page of a run in progress, served on loopback and kept up to date.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use tokio::net::TcpListener;

/// How often the run is checked for changes.
const EVERY: Duration = Duration::from_millis(700);

/// What is served.
pub trait Watched: Send + Sync + 'static {
    /// The page as it is now.
    ///
    /// # Errors
    /// When the run cannot be read.
    fn page(&self) -> io::Result<String>;

    /// Changes whenever the page does: sizes and times of the files behind it, say.
    fn version(&self) -> u64;

    /// Whether nothing more will come.
    fn is_over(&self) -> bool;
}

/// Serves a run on 127.0.0.1 until the process ends. A port of 0 lets the system choose one. `on_ready` receives the address.
///
/// Only programs on this machine can connect, and no web page of another site can read it: requests for any other host name are
/// refused.
///
/// # Errors
/// When the port is taken, or the system refuses.
pub fn serve(watched: impl Watched, port: u16, on_ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        on_ready(listener.local_addr()?);
        axum::serve(listener, router(Arc::new(watched))).await
    })
}

fn router<W: Watched>(watched: Arc<W>) -> Router {
    Router::new()
        .route("/", get(page::<W>))
        .route("/events", get(events::<W>))
        .layer(middleware::from_fn(only_loopback))
        .with_state(watched)
}

/// Refuses requests that a page of another site has sent here under its own host name (DNS rebinding).
async fn only_loopback(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    if !["127.0.0.1", "localhost"].contains(&name) {
        return (StatusCode::FORBIDDEN, "only http://127.0.0.1 and http://localhost are served\n").into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn page<W: Watched>(State(watched): State<Arc<W>>) -> Response {
    match blocking(move || watched.page()).await {
        Ok(page) => Html(page).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("the run cannot be read: {error}\n")).into_response(),
    }
}

/// Runs work that reads files on another thread, so that it does not block the serving thread.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| Err(io::Error::other(panic)))
}

/// `changed` whenever the run wrote something, `ended` when it is over.
async fn events<W: Watched>(State(watched): State<Arc<W>>) -> impl IntoResponse {
    let first = (watched.version(), false);
    let events = stream::unfold(first, move |(version, has_ended)| {
        let watched = Arc::clone(&watched);
        async move {
            if has_ended {
                // The connection stays open; otherwise, a browser would reconnect.
                std::future::pending::<()>().await;
            }
            loop {
                tokio::time::sleep(EVERY).await;
                let is_over = watched.is_over();
                let now = watched.version();
                if is_over {
                    return Some((named("ended"), (now, true)));
                }
                if now != version {
                    return Some((named("changed"), (now, false)));
                }
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn named(name: &str) -> Result<Event, Infallible> {
    Ok(Event::default().event(name).data(name))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc::channel;

    use super::*;

    /// A page that counts how often it was asked for.
    struct Counted(Arc<AtomicU64>);

    impl Watched for Counted {
        fn page(&self) -> io::Result<String> {
            Ok(format!("<p>asked {}</p>", self.0.fetch_add(1, Ordering::SeqCst)))
        }

        fn version(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }

        fn is_over(&self) -> bool {
            self.0.load(Ordering::SeqCst) >= 3
        }
    }

    fn ask(address: SocketAddr, path: &str, host: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream
    }

    fn answer(address: SocketAddr, path: &str, host: &str) -> String {
        let mut text = String::new();
        ask(address, path, host).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_page_is_served_its_changes_told_and_strangers_refused() {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            serve(Counted(Arc::default()), 0, |address| sender.send(address).unwrap()).unwrap();
        });
        let address = receiver.recv().unwrap();
        let stranger = answer(address, "/", "evil.example");
        assert!(stranger.starts_with("HTTP/1.1 403"), "{stranger}");
        let mut told = BufReader::new(ask(address, "/events", "localhost:1")).lines().map_while(Result::ok);
        assert!(told.any(|line| line == "content-type: text/event-stream"));
        assert!(answer(address, "/", "127.0.0.1:1").contains("asked 0"));
        assert!(told.any(|line| line == "event: changed"));
        (0..2).for_each(|_| drop(answer(address, "/", "localhost")));
        assert!(told.any(|line| line == "event: ended"));
        assert!(answer(address, "/nothing", "localhost").starts_with("HTTP/1.1 404"));
    }
}
