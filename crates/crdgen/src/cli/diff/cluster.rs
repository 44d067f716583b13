//! CRDs and objects of a cluster, read by calling `kubectl`, which knows kubeconfigs and every way to sign in.

use std::process::{Command, Stdio};
use std::sync::Arc;

use crdgen_schema::{Collected, Crd, Diagnostic, Source};
use serde_json::Value as Json;

/// Number of objects in one answer of the API server, so that a large collection is never in memory as a whole.
const PAGE: usize = 500;

/// Cluster of a kubeconfig.
pub(super) struct Cluster {
    /// Context of the kubeconfig. `None` is the current one.
    context: Option<String>,
}

impl Cluster {
    /// Returns the cluster of a context; an empty name is the current context.
    pub(super) fn of(context: &str) -> Self {
        Self { context: Some(context.to_owned()).filter(|context| !context.is_empty()) }
    }

    /// Reads the CRDs with these names. Names that the cluster does not have are left out.
    pub(super) fn crds<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Collected, Box<Diagnostic>> {
        let names: Vec<String> =
            names.into_iter().map(|name| format!("customresourcedefinitions.apiextensions.k8s.io/{name}")).collect();
        let mut collected = Collected::default();
        if names.is_empty() {
            return Ok(collected);
        }
        let mut command = self.kubectl();
        command.args(["get", "--ignore-not-found", "--output=json"]).args(names);
        let answer = answer(&mut command)?;
        if !answer.trim_ascii().is_empty() {
            let answer = parsed(&answer)?;
            let crds = answer["items"].as_array().cloned().unwrap_or_else(|| vec![answer]);
            collected.sources.extend(crds.iter().map(source));
        }
        Ok(collected)
    }

    /// Reads all objects of a kind, page by page.
    pub(super) fn objects(&self, crd: &Crd, mut each: impl FnMut(&Arc<Source>)) -> Result<(), Box<Diagnostic>> {
        let served = || crd.versions.iter().filter(|version| version.served);
        let Some(version) = served().find(|version| version.storage).or_else(|| served().next()) else {
            return Ok(());
        };
        let path = format!("/apis/{}/{}/{}?limit={PAGE}", crd.group, version.name, crd.names.plural);
        let mut token = String::new();
        loop {
            let page = parsed(&answer(self.kubectl().args(["get", "--raw", &format!("{path}{token}")]))?)?;
            page["items"].as_array().into_iter().flatten().map(source).for_each(|source| each(&source));
            match page["metadata"]["continue"].as_str() {
                None | Some("") => return Ok(()),
                Some(next) => token = format!("&continue={next}"),
            }
        }
    }

    fn kubectl(&self) -> Command {
        let mut command = Command::new("kubectl");
        command.args(self.context.iter().map(|context| format!("--context={context}")));
        command
    }
}

/// Creates a source for an object, which is named after it.
fn source(object: &Json) -> Arc<Source> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let metadata = &object["metadata"];
    let place = [text(&object["kind"]), text(&metadata["namespace"]), text(&metadata["name"])];
    let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
    Arc::new(Source { name: format!("cluster:{}", place.join("/")), text: format!("{object:#}") })
}

fn parsed(answer: &[u8]) -> Result<Json, Box<Diagnostic>> {
    serde_json::from_slice(answer).map_err(|error| failure(format!("kubectl printed no JSON: {error}")))
}

fn answer(command: &mut Command) -> Result<Vec<u8>, Box<Diagnostic>> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| failure(format!("cannot run kubectl: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(failure(format!("kubectl failed: {}", error.lines().next().unwrap_or("it printed no reason"))))
}

fn failure(message: String) -> Box<Diagnostic> {
    let help =
        "try `kubectl get crds`, with `--context` if you name one; `kubectl config get-contexts` lists the contexts";
    Box::new(Diagnostic::error("input::cluster", message).help(help))
}
