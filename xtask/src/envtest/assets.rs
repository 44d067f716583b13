//! Programs of a control plane, from `KUBEBUILDER_ASSETS` or built with Go.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};
use crdgen_harness::go::Module;

/// Environment variable that names the folder of the programs.
const VARIABLE: &str = "KUBEBUILDER_ASSETS";

/// Paths of the programs.
pub struct Assets {
    pub etcd: PathBuf,
    pub kube_apiserver: PathBuf,
}

impl Assets {
    /// Finds or builds the programs.
    pub fn get() -> Result<Self> {
        match env::var_os(VARIABLE) {
            Some(folder) => Self::of_folder(folder.into()),
            None => Self::build(),
        }
    }

    /// Returns whether the environment names the programs, so that nothing is built.
    pub fn is_there() -> bool {
        env::var_os(VARIABLE).is_some()
    }

    fn of_folder(folder: PathBuf) -> Result<Self> {
        let assets = Self { etcd: folder.join("etcd"), kube_apiserver: folder.join("kube-apiserver") };
        for program in [&assets.etcd, &assets.kube_apiserver] {
            if !program.exists() {
                bail!("{VARIABLE} is set, but there is no {}", program.display());
            }
        }
        Ok(assets)
    }

    fn build() -> Result<Self> {
        let etcd = Module::new("etcd").build(&[])?;
        let server = Module::new("kube-apiserver");
        let version = server.requires("k8s.io/kubernetes")?;
        let mut numbers = version.trim_start_matches('v').split('.');
        let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let kube_apiserver = server.build(&[
            ("k8s.io/component-base/version.gitVersion", &version),
            ("k8s.io/component-base/version.gitMajor", major),
            ("k8s.io/component-base/version.gitMinor", minor),
        ])?;
        Ok(Self { etcd, kube_apiserver })
    }
}
