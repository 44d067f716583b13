//! API server that keeps the objects of the service.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::workspace;
use serde_json::json;

use super::neighbour::PEACE;
use crate::envtest::{Admin, Environment};

/// An API server with the example's kinds.
pub struct Cluster {
    environment: Environment,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let cluster = Self { environment: Environment::start()? };
        for crd in workspace::files(&workspace::root().join("examples/ci-service/crds"), "yaml")? {
            let yaml = fs::read_to_string(&crd)?;
            cluster.admin()?.send(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "application/yaml",
                &yaml,
            )?;
        }
        cluster.add_namespace(PEACE)?;
        Ok(cluster)
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.environment.kubeconfig()
    }

    pub fn admin(&self) -> Result<Admin> {
        self.environment.admin()
    }

    pub fn add_namespace(&self, name: &str) -> Result<()> {
        let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
        self.admin()?.post("/api/v1/namespaces", &namespace)
    }
}
