//! Other generators, in fixed versions.

use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::tools::{Python, node};
use serde::Serialize;

use crate::bench::kopium;

/// Version of cargo-typify that is measured: the last one that is not an alpha.
const TYPIFY: &str = "0.8.0";

/// Generators that are installed.
pub struct Peers {
    /// kopium: Rust types.
    pub kopium: Option<PathBuf>,
    /// cargo-typify: Rust types from a JSON Schema.
    pub typify: Option<PathBuf>,
    /// datamodel-code-generator: Python types from a JSON Schema.
    pub datamodel: Option<Python>,
    /// Folder of the npm programs cdk8s, crd-generate and kubernetes-fluent-client: TypeScript.
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
        // Its module is not in every proxy, and its releases are no packages.
        let mut missing = vec![Absent { peer: "crd2pulumi", reason: "it has no package with a lock file".to_owned() }];
        let kopium = kopium::install().map_err(|error| missing.push(absent("kopium", &error))).ok();
        let typify = kopium::install_crate("cargo-typify", TYPIFY);
        let typify = typify.map_err(|error| missing.push(absent("cargo-typify", &error))).ok();
        let datamodel = match Python::datamodel() {
            Ok(Ok(python)) => Some(python),
            Ok(Err(found)) => {
                missing.push(Absent { peer: "datamodel-code-generator", reason: found.0.to_owned() });
                None
            }
            Err(error) => {
                missing.push(absent("datamodel-code-generator", &error));
                None
            }
        };
        const NPM: &str = "cdk8s, crd-generate, kubernetes-fluent-client";
        let npm = match node::packages("peers") {
            Ok(Ok(folder)) => Some(folder.join("node_modules/.bin")),
            Ok(Err(found)) => {
                missing.push(Absent { peer: NPM, reason: found.0.to_owned() });
                None
            }
            Err(error) => {
                missing.push(absent(NPM, &error));
                None
            }
        };
        Ok(Self { kopium, typify, datamodel, npm, missing })
    }
}

/// Returns a generator that failed.
pub fn absent(peer: &'static str, error: &anyhow::Error) -> Absent {
    let text = format!("{error:#}");
    let reason = text.lines().take(2).collect::<Vec<_>>().join(" ");
    Absent { peer, reason: reason.replace(char::is_control, "") }
}
