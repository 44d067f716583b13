//! TLS with rustls. The certificate can be renewed while the server runs.

use std::error::Error as StdError;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::HeaderValue;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::{Accept, TlsAcceptor};
use tokio_util::sync::CancellationToken;

use super::Error;

/// Default interval between two checks of the files.
const RENEWAL: Duration = Duration::from_secs(60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Certificate and key as PEM files, for example of a mounted secret of type `kubernetes.io/tls`. The files are read
/// again when they change.
#[derive(Clone, Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    renewal: Duration,
    secured_for: Option<Duration>,
}

impl Tls {
    /// Creates the settings from the paths of a certificate chain and its key.
    pub fn files(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self { certificate: certificate.into(), key: key.into(), renewal: RENEWAL, secured_for: Some(YEAR) }
    }

    /// Sets the interval between two checks of the files. Default: one minute.
    #[must_use]
    pub fn renewal(mut self, every: Duration) -> Self {
        self.renewal = every;
        self
    }

    /// Sets the time for which browsers use only TLS for this host: `max-age` of `Strict-Transport-Security`, in whole
    /// seconds, without `preload` and `includeSubDomains`. `None` sends no such header. Default: one year.
    #[must_use]
    pub fn strict_transport_security(mut self, time: Option<Duration>) -> Self {
        self.secured_for = time;
        self
    }

    /// Returns the value of `Strict-Transport-Security`.
    pub(super) fn secured(&self) -> Option<HeaderValue> {
        let value = |time: Duration| HeaderValue::try_from(format!("max-age={}", time.as_secs()));
        self.secured_for.and_then(|time| value(time).ok())
    }

    pub(super) async fn acceptor(&self, stopping: CancellationToken) -> Result<Acceptor, Error> {
        let pair = self.read()?;
        let acceptor = Acceptor { current: Arc::new(RwLock::new(self.config(&pair)?)) };
        let renewal = self.clone().renew(pair, acceptor.clone());
        tokio::spawn(async move { stopping.run_until_cancelled(renewal).await });
        Ok(acceptor)
    }

    /// Loads changed files. Files that cannot be used are ignored: the certificate and its key may be written one after
    /// the other.
    async fn renew(self, mut pair: Pair, acceptor: Acceptor) {
        loop {
            tokio::time::sleep(self.renewal).await;
            match self.read().and_then(|new| Ok((new != pair).then_some((self.config(&new)?, new)))) {
                Ok(Some((config, new))) => {
                    acceptor.set(config);
                    pair = new;
                    tracing::info!("the certificate was renewed");
                }
                Ok(None) => {}
                Err(error) => tracing::error!(error = &error as &dyn StdError, "the certificate cannot be renewed"),
            }
        }
    }

    fn read(&self) -> Result<Pair, Error> {
        let read = |path: &PathBuf| fs::read(path).map_err(|error| unusable(path, error));
        Ok(Pair { certificate: read(&self.certificate)?, key: read(&self.key)? })
    }

    fn config(&self, pair: &Pair) -> Result<Arc<ServerConfig>, Error> {
        let chain = CertificateDer::pem_slice_iter(&pair.certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| unusable(&self.certificate, error))?;
        if chain.is_empty() {
            return Err(unusable(&self.certificate, "there is no certificate in it"));
        }
        let key = PrivateKeyDer::from_pem_slice(&pair.key).map_err(|error| unusable(&self.key, error))?;
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder =
            builder.with_safe_default_protocol_versions().map_err(|error| unusable(&self.certificate, error))?;
        let config = builder.with_no_client_auth().with_single_cert(chain, key);
        let mut config = config.map_err(|error| unusable(&self.certificate, error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn unusable(file: &Path, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::Tls { file: file.display().to_string(), source: source.into() }
}

/// Contents of both files.
#[derive(PartialEq, Eq)]
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Acceptor that uses the newest certificate.
#[derive(Clone)]
pub(super) struct Acceptor {
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Acceptor {
    pub(super) fn accept(&self, stream: TcpStream) -> Accept<TcpStream> {
        let config = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        TlsAcceptor::from(config).accept(stream)
    }

    fn set(&self, config: Arc<ServerConfig>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
    }
}
