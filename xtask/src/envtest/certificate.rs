//! What the API server shows and signs with. It is for 127.0.0.1 alone, and goes with its folder.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rcgen::{CertificateParams, KeyPair};

use crate::workspace;

/// Files below a cluster's folder.
pub struct Certificate {
    /// Self-signed: clients trust it itself.
    pub certificate: PathBuf,
    /// Its private key, and that of service account tokens.
    pub private_key: PathBuf,
    /// The public key of service account tokens.
    pub public_key: PathBuf,
}

impl Certificate {
    /// Makes one.
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
