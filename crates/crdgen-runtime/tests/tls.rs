//! TLS as a client sees it, and renewal of the certificate.

mod wire;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use crdgen_runtime::server::serve::{RunningServer, Server, Tls};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use wire::{Answer, Wire, request};

fn certificate(dir: &Path) -> CertifiedKey<KeyPair> {
    let made = generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    fs::write(dir.join("tls.crt"), made.cert.pem()).expect("written");
    fs::write(dir.join("tls.key"), made.signing_key.serialize_pem()).expect("written");
    made
}

async fn start(dir: &Path) -> RunningServer {
    let tls = Tls::files(dir.join("tls.crt"), dir.join("tls.key")).renewal(Duration::from_millis(20));
    let router = Router::new().route("/hello", get(|| async { "hello" }));
    let server = Server::new(router).bind(SocketAddr::from(([127, 0, 0, 1], 0))).tls(tls);
    server.start().await.expect("the server starts")
}

/// Returns a connection, if the server has this certificate.
async fn connect(address: SocketAddr, trusted: &CertifiedKey<KeyPair>, alpn: &str) -> Option<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions").with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.expect("the server accepts");
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_is_served() {
    let dir = TempDir::new().expect("a folder");
    let trusted = certificate(dir.path());
    let running = start(dir.path()).await;
    let mut stream = connect(running.addresses()[0], &trusted, "http/1.1").await.expect("trusted");
    stream.write_all(&request("GET", "/hello", &[], "")).await.expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an answer");
    let answer = Answer::read(&bytes).expect("an answer");
    assert_eq!(answer.text(), "hello");
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));

    let stream = connect(running.addresses()[0], &trusted, "h2").await.expect("trusted");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));

    // The server does not answer plain HTTP.
    let rest = Wire::open(running.addresses()[0]).await.send(request("GET", "/hello", &[], "")).await.rest().await;
    assert!(!rest.starts_with(b"HTTP"));
}

#[tokio::test]
async fn a_renewed_certificate_is_used_without_a_restart() {
    let dir = TempDir::new().expect("a folder");
    let first = certificate(dir.path());
    let running = start(dir.path()).await;
    let address = running.addresses()[0];
    assert!(connect(address, &first, "h2").await.is_some());

    // Files that cannot be used are ignored.
    fs::write(dir.path().join("tls.crt"), "garbage").expect("written");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(connect(address, &first, "h2").await.is_some());

    let second = certificate(dir.path());
    let renewed = async {
        while connect(address, &second, "h2").await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), renewed).await.expect("renewed");
    assert!(connect(address, &first, "h2").await.is_none());
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let dir = TempDir::new().expect("a folder");
    certificate(dir.path());
    for file in ["tls.key", "tls.crt"] {
        fs::write(dir.path().join(file), "garbage").expect("written");
        let tls = Tls::files(dir.path().join("tls.crt"), dir.path().join("tls.key"));
        let server = Server::new(Router::new()).bind(SocketAddr::from(([127, 0, 0, 1], 0))).tls(tls);
        let error = server.start().await.expect_err("unusable");
        assert!(error.to_string().ends_with(file), "{error}");
    }
}
