//! Manifests of the example, applied with kubectl as README.md of the example says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use crdgen_harness::{process, workspace};
use serde_json::{Value, json};

use crate::envtest::Environment;

const FOLDER: &str = "examples/ci-service/deploy";
/// Folder of the example's CRDs.
pub const CRDS: &str = "examples/ci-service/crds";
/// Namespace and name of all objects.
const NAMESPACE: &str = "ci";
const NAME: &str = "ci-service";

/// Returns whether kubectl can be run.
pub fn has_kubectl() -> bool {
    let answer = process::capture(Command::new("kubectl").args(["version", "--client"]));
    answer.is_ok_and(|answer| answer.status.success())
}

/// Manifests that an API server has accepted.
pub struct Manifests {
    kubeconfig: PathBuf,
    objects: Vec<Value>,
}

impl Manifests {
    /// Applies the CRDs and the manifests to an API server, and checks them.
    pub fn apply(environment: &Environment) -> Result<Self> {
        let mut manifests = Self { kubeconfig: environment.kubeconfig(), objects: Vec::new() };
        manifests.run(&["apply", "--server-side", "-f", CRDS])?;
        manifests.run(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])?;
        // A dry run stores no namespace, so the objects in it need it before.
        manifests.run(&["apply", "--server-side", "-f", &format!("{FOLDER}/namespace.yaml")])?;
        manifests.run(&["apply", "--server-side", "--validate=strict", "--dry-run=server", "-k", FOLDER])?;
        manifests.run(&["apply", "--server-side", "--validate=strict", "-k", FOLDER])?;
        let stored = manifests.read(&["get", "-k", FOLDER, "-o", "json"])?;
        manifests.objects = stored["items"].as_array().context("kubectl prints no list")?.clone();
        manifests.check_selectors()?;
        manifests.check_pods()?;
        Ok(manifests)
    }

    /// Returns the file with the API server and the administrator's credentials.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Creates an object or a list of objects.
    pub fn create(&self, object: &Value) -> Result<()> {
        let file = workspace::scratch("deploy").join("object.json");
        workspace::write(&file, &object.to_string())?;
        let answer = process::capture(self.kubectl(&["create", "-f"]).arg(file))?;
        ensure!(answer.status.success(), "kubectl create: {}", process::text(&answer));
        Ok(())
    }

    /// Returns the number of objects.
    pub fn count(&self) -> usize {
        self.objects.len()
    }

    /// Returns the pod template of the deployment.
    pub fn template(&self) -> Result<&Value> {
        Ok(&self.object("Deployment")?["spec"]["template"])
    }

    /// Returns the cluster of the kubeconfig: URL of the API server and path of its certificate.
    pub fn server(&self) -> Result<(String, PathBuf)> {
        let config: Value = serde_json::from_str(&std::fs::read_to_string(&self.kubeconfig)?)?;
        let cluster = &config["clusters"][0]["cluster"];
        let text = |field: &str| cluster[field].as_str().with_context(|| format!("the kubeconfig has no {field}"));
        Ok((text("server")?.to_owned(), text("certificate-authority")?.into()))
    }

    /// Returns a token of the service account.
    pub fn token(&self) -> Result<String> {
        self.text(&["create", "token", NAME, "--namespace", NAMESPACE])
    }

    fn object(&self, kind: &str) -> Result<&Value> {
        let found = self.objects.iter().find(|object| object["kind"] == kind);
        found.with_context(|| format!("there is no {kind}"))
    }

    /// Checks that everything that selects pods selects those of the deployment, and nothing selects all pods.
    fn check_selectors(&self) -> Result<()> {
        let labels = &self.template()?["metadata"]["labels"];
        for (kind, pointer) in [
            ("Deployment", "/spec/selector/matchLabels"),
            ("Service", "/spec/selector"),
            ("PodDisruptionBudget", "/spec/selector/matchLabels"),
            ("NetworkPolicy", "/spec/podSelector/matchLabels"),
        ] {
            let selector = self.object(kind)?.pointer(pointer).and_then(Value::as_object);
            let selector = selector.with_context(|| format!("the {kind} selects all pods"))?;
            ensure!(selector.iter().all(|(name, value)| labels[name] == *value), "the {kind} does not select the pods");
        }
        Ok(())
    }

    /// Creates a pod of the template as a dry run, as a controller would. The API server must refuse the pod if it may run
    /// as root, so that the acceptance of the template says something.
    fn check_pods(&self) -> Result<()> {
        let template = self.template()?;
        let metadata = json!({ "name": NAME, "namespace": NAMESPACE, "labels": template["metadata"]["labels"] });
        let mut pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] });
        if let Some(refusal) = self.refusal(&pod)? {
            bail!("the API server refuses the pods: {refusal}");
        }
        pod["spec"]["securityContext"]["runAsNonRoot"] = false.into();
        let refusal = self.refusal(&pod)?.context("the API server accepts pods that run as root")?;
        ensure!(refusal.contains("violates PodSecurity"), "{refusal}");
        Ok(())
    }

    fn refusal(&self, pod: &Value) -> Result<Option<String>> {
        let file = workspace::scratch("deploy").join("pod.json");
        workspace::write(&file, &pod.to_string())?;
        let answer = process::capture(self.kubectl(&["create", "--dry-run=server", "-f"]).arg(file))?;
        Ok((!answer.status.success()).then(|| process::text(&answer)))
    }

    fn run(&self, arguments: &[&str]) -> Result<()> {
        self.text(arguments).map(drop)
    }

    fn read(&self, arguments: &[&str]) -> Result<Value> {
        Ok(serde_json::from_str(&self.text(arguments)?)?)
    }

    fn text(&self, arguments: &[&str]) -> Result<String> {
        let answer = process::capture(&mut self.kubectl(arguments))?;
        ensure!(answer.status.success(), "kubectl {}: {}", arguments.join(" "), process::text(&answer));
        Ok(String::from_utf8(answer.stdout)?.trim().to_owned())
    }

    fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        command.current_dir(workspace::root()).env("KUBECONFIG", &self.kubeconfig).args(arguments);
        command
    }
}
