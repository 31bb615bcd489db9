//! Encrypted connections, configured with the same settings as in the databases' own programs.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::DatabaseProblem;
use crate::address::Address;
use crate::databases::database::DatabaseError;
use crate::databases::login::from_environment;

/// Whether a connection is encrypted, and how the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsMode {
    Off,
    /// If the server supports it.
    Preferred,
    /// Always; the certificate is not checked.
    Required,
    /// Always; the certificate must be issued by a known authority.
    KnownAuthority,
    /// The same, and the certificate must be for this host.
    KnownHost,
}

impl TlsMode {
    /// The mode that the address asks for, under its name in PostgreSQL or MySQL.
    pub(super) fn of(address: &Address) -> Result<Self, DatabaseError> {
        let given = ["sslmode", "ssl-mode"].into_iter().find_map(|name| address.setting(name));
        let Some(name) = given.or_else(|| from_environment("PGSSLMODE").filter(|_| address.scheme.starts_with("post")))
        else {
            return Ok(Self::Preferred);
        };
        match name.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Ok(Self::Off),
            "allow" | "prefer" | "preferred" => Ok(Self::Preferred),
            "require" | "required" => Ok(Self::Required),
            "verify-ca" => Ok(Self::KnownAuthority),
            "verify-full" | "verify-identity" => Ok(Self::KnownHost),
            _ => Err(DatabaseError::new(
                DatabaseProblem::Setting,
                format!("sslmode={name}: expected disable, prefer, require, verify-ca or verify-full"),
            )),
        }
    }
}

/// The CA certificate file that the address names.
pub(super) fn root_file(address: &Address) -> Option<String> {
    ["sslrootcert", "ssl-ca"].into_iter().find_map(|name| address.setting(name)).filter(|file| file != "system")
}

/// How connections are encrypted in a mode other than [`TlsMode::Off`].
pub(super) fn config(mode: TlsMode, address: &Address) -> Result<ClientConfig, DatabaseError> {
    let problem = |reason: String| DatabaseError::new(DatabaseProblem::Tls, reason);
    let provider = Arc::new(ring::default_provider());
    let verifier = if matches!(mode, TlsMode::KnownAuthority | TlsMode::KnownHost) {
        let roots = roots(address).map_err(problem)?;
        let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
        Some(built.map_err(|error| problem(error.to_string()))?)
    } else {
        None
    };
    let verifier = Verifier { verifier, checks_host: mode == TlsMode::KnownHost, provider: Arc::clone(&provider) };
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| problem(error.to_string()))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// The CA certificates in the file that the address names, or those of the system.
fn roots(address: &Address) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let certificates = match root_file(address) {
        Some(file) => {
            let read = CertificateDer::pem_file_iter(&file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            read.map_err(|error| format!("{file}: {error}"))?
        }
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() { Err("no certificates of authorities were found".into()) } else { Ok(roots) }
}

/// Checks the certificate as far as the mode requires.
#[derive(Debug)]
struct Verifier {
    /// `None` if any certificate is accepted.
    verifier: Option<Arc<WebPkiServerVerifier>>,
    checks_host: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(verifier) = &self.verifier else { return Ok(ServerCertVerified::assertion()) };
        match verifier.verify_server_cert(certificate, others, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_host => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
