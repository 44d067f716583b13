//! Certificate and keys of the API server. They are valid for 127.0.0.1 only and are deleted with the cluster's folder.

use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen_harness::workspace;
use rcgen::{CertificateParams, KeyPair};

/// Paths of the files below a cluster's folder.
pub struct Certificate {
    /// Self-signed certificate, which clients trust directly.
    pub certificate: PathBuf,
    /// Private key of the certificate and of service account tokens.
    pub private_key: PathBuf,
    /// Public key of service account tokens.
    pub public_key: PathBuf,
}

impl Certificate {
    /// Creates a certificate and its keys.
    pub fn write(folder: &Path) -> Result<Self> {
        let key = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()])?.self_signed(&key)?;
        let files = Self {
            certificate: folder.join("server.crt"),
            private_key: folder.join("server.key"),
            public_key: folder.join("server.pub"),
        };
        workspace::write(&files.certificate, &certificate.pem())?;
        workspace::write(&files.private_key, &key.serialize_pem())?;
        workspace::write(&files.public_key, &key.public_key_pem())?;
        Ok(files)
    }
}
