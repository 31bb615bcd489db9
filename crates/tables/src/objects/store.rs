//! A client for an address. Credentials and endpoints come from the environment, under the names that the stores' own programs
//! and `object_store` use.

use std::sync::{Arc, Once};
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as S3Key};
use object_store::azure::{AzureConfigKey as AzureKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{ClientConfigKey, ClientOptions, Error, ObjectStore, RetryConfig};
use tokio::runtime::Runtime;

use crate::address::Address;

/// How often a request is retried if the server does not answer.
const RETRIES: usize = 3;
/// How long to wait for a connection at most.
const CONNECT: Duration = Duration::from_secs(10);

/// A bucket, or a host behind HTTP.
pub(super) struct Store {
    pub(super) client: Arc<dyn ObjectStore>,
    /// The object that the address names.
    pub(super) path: Path,
    runtime: Runtime,
}

impl Store {
    pub(super) fn open(address: &Address, time_limit: Duration) -> Result<Self, Error> {
        static PROVIDER: Once = Once::new();
        // The client uses the default TLS provider of the process; the program may have installed one already.
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: time_limit, ..RetryConfig::default() };
        let bucket = format!("{}://{}", address.scheme, address.host);
        // In addition to the client settings from the environment.
        let limits =
            [(ClientConfigKey::Timeout, time_limit), (ClientConfigKey::ConnectTimeout, time_limit.min(CONNECT))]
                .map(|(key, limit)| (key, format!("{} ms", limit.as_millis())));
        let client: Arc<dyn ObjectStore> = match address.scheme.as_str() {
            "s3" => {
                let builder = AmazonS3Builder::from_env().with_url(bucket).with_retry(retry);
                let set = |builder: AmazonS3Builder, (key, value)| builder.with_config(S3Key::Client(key), value);
                Arc::new(limits.into_iter().fold(builder, set).build()?)
            }
            "gs" => {
                let builder = GoogleCloudStorageBuilder::from_env().with_url(bucket).with_retry(retry);
                let set = |builder: GoogleCloudStorageBuilder, (key, value)| {
                    builder.with_config(GoogleConfigKey::Client(key), value)
                };
                Arc::new(limits.into_iter().fold(builder, set).build()?)
            }
            "az" => {
                let builder = MicrosoftAzureBuilder::from_env().with_url(bucket).with_retry(retry);
                let set =
                    |builder: MicrosoftAzureBuilder, (key, value)| builder.with_config(AzureKey::Client(key), value);
                Arc::new(limits.into_iter().fold(builder, set).build()?)
            }
            scheme => {
                let set = |options: ClientOptions, (key, value)| options.with_config(key, value);
                let options = limits.into_iter().fold(ClientOptions::new(), set).with_allow_http(scheme == "http");
                let builder = HttpBuilder::new().with_url(host(address));
                Arc::new(builder.with_client_options(options).with_retry(retry).build()?)
            }
        };
        // Keys are used as they are written; the path of an HTTP address is percent-encoded.
        let path = if address.scheme.starts_with("http") {
            Path::from_url_path(&address.path)?
        } else {
            Path::parse(address.path.trim_end_matches('/'))?
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Generic { store: "runtime", source: error.into() })?;
        Ok(Self { client, path, runtime })
    }

    /// Waits for an answer.
    pub(super) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }
}

/// The host with the user, the password and the query, which may hold a signature; each request adds its path.
fn host(address: &Address) -> String {
    let Address { scheme, user, password, host, port, query, .. } = address;
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let login = user.as_ref().map_or_else(String::new, |user| {
        format!("{}:{}@", encoded(user), encoded(password.as_deref().unwrap_or_default()))
    });
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{scheme}://{login}{host}{port}/{query}")
}
