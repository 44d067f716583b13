//! Other generators, in fixed versions.

use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::tools::node;
use serde::Serialize;

use crate::bench::kopium;

/// Generators that are installed.
pub struct Peers {
    /// kopium: Rust types.
    pub kopium: Option<PathBuf>,
    /// Folder of the npm programs cdk8s and crd-generate: TypeScript.
    pub npm: Option<PathBuf>,
    /// Generators that cannot be measured, each with the reason.
    pub missing: Vec<Absent>,
}

/// A generator that cannot be measured.
#[derive(Clone, Debug, Serialize)]
pub struct Absent {
    /// Name of the generator.
    pub peer: &'static str,
    /// Reason, as half a sentence.
    pub reason: String,
}

impl Peers {
    /// Installs the generators.
    pub fn install() -> Result<Self> {
        let mut missing = vec![Absent {
            peer: "kubernetes-fluent-client",
            reason: "its dependency quicktype-core 25.0.0 is not in the registry".to_owned(),
        }];
        let kopium = kopium::install().map_err(|error| missing.push(absent("kopium", &error))).ok();
        let npm = match node::packages("peers")? {
            Ok(folder) => Some(folder.join("node_modules/.bin")),
            Err(found) => {
                missing.push(Absent { peer: "cdk8s, crd-generate", reason: found.0.to_owned() });
                None
            }
        };
        Ok(Self { kopium, npm, missing })
    }
}

fn absent(peer: &'static str, error: &anyhow::Error) -> Absent {
    Absent { peer, reason: format!("{error:#}") }
}
