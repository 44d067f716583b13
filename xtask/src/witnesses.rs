//! `evolution --server`: witnesses of findings on a real API server.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use crdgen_lab::evolution::{Answer, Case, Confirm, Expected};
use serde_json::{Value as Json, json};

use crate::envtest::{Admin, Environment};

/// Time limit until a server serves a CRD as it was last written.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

const CRDS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// API server that judges witnesses.
pub struct Server {
    admin: Admin,
    _environment: Environment,
}

impl Server {
    /// Starts an API server.
    pub fn start() -> Result<Self> {
        let environment = Environment::start()?;
        Ok(Self { admin: environment.admin()?, _environment: environment })
    }

    fn request(&self, method: &str, path: &str, body: Option<&Json>) -> Result<(u16, Json)> {
        self.admin.request(method, path, body)
    }

    /// Repeats a request until its response is as wanted. Returns the last response.
    fn until(
        &self,
        method: &str,
        path: &str,
        body: Option<&Json>,
        is_wanted: impl Fn(u16, &Json) -> bool,
    ) -> Result<(u16, Json)> {
        let started = Instant::now();
        loop {
            let (status, answer) = self.request(method, path, body)?;
            if is_wanted(status, &answer) || started.elapsed() > PATIENCE {
                return Ok((status, answer));
            }
            thread::sleep(PAUSE);
        }
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.request("DELETE", &format!("{CRDS}/{name}"), None)?;
        self.until("GET", &format!("{CRDS}/{name}"), None, |status, _| status == 404)?;
        Ok(())
    }

    /// Creates a CRD, and waits until its versions are served. Returns the reason if the server refuses the CRD.
    fn create(&self, crd: &Json) -> Result<Option<String>> {
        let (status, answer) = self.request("POST", CRDS, Some(crd))?;
        if status != 201 {
            return Ok(Some(message(&answer)));
        }
        let path = format!("{CRDS}/{}", text(&crd["metadata"]["name"]));
        let is_established = |_, answer: &Json| {
            let conditions = answer["status"]["conditions"].as_array();
            conditions.into_iter().flatten().any(|one| one["type"] == "Established" && one["status"] == "True")
        };
        self.until("GET", &path, None, is_established)?;
        for version in crd["spec"]["versions"].as_array().into_iter().flatten().filter(|one| one["served"] == true) {
            let path = collection(crd, text(&version["name"]));
            let (status, _) = self.until("GET", &path, None, |status, _| status == 200)?;
            if status != 200 {
                bail!("GET {path}: {status}");
            }
        }
        Ok(None)
    }

    /// Replaces a CRD. Returns whether the server accepts the new one as an update.
    fn update(&self, crd: &Json) -> Result<bool> {
        let path = format!("{CRDS}/{}", text(&crd["metadata"]["name"]));
        let (_, stored) = self.request("GET", &path, None)?;
        let mut new = crd.clone();
        new["metadata"]["resourceVersion"] = stored["metadata"]["resourceVersion"].clone();
        Ok(self.request("PUT", &path, Some(&new))?.0 == 200)
    }

    /// Returns the response for an object that is created, or that replaces the stored one.
    fn write(&self, crd: &Json, case: &Case, is_wanted: impl Fn(u16, &Json) -> bool) -> Result<(u16, Json)> {
        let path = collection(crd, version_of(&case.object));
        match &case.before {
            None => self.until("POST", &format!("{path}?dryRun=All"), Some(&placed(crd, &case.object)), is_wanted),
            Some(_) => {
                let path = format!("{path}/{}", text(&case.object["metadata"]["name"]));
                let started = Instant::now();
                loop {
                    let (_, stored) = self.request("GET", &path, None)?;
                    let mut object = placed(crd, &case.object);
                    object["metadata"]["resourceVersion"] = stored["metadata"]["resourceVersion"].clone();
                    let (status, answer) = self.request("PUT", &format!("{path}?dryRun=All"), Some(&object))?;
                    if is_wanted(status, &answer) || started.elapsed() > PATIENCE {
                        return Ok((status, answer));
                    }
                    thread::sleep(PAUSE);
                }
            }
        }
    }

    fn judge(&self, old: &Json, new: &Json, case: &Case) -> Result<Answer> {
        if let Some(before) = &case.before {
            let path = collection(old, version_of(before));
            let (status, answer) = self.request("POST", &path, Some(&placed(old, before)))?;
            if status != 201 {
                return Ok(Answer::Denied(format!(
                    "the old CRD refuses the object before the update: {}",
                    message(&answer)
                )));
            }
        }
        let (status, accepted) = self.write(old, case, |status, _| status < 300)?;
        if status >= 300 {
            return Ok(Answer::Denied(format!("the old CRD refuses the object: {}", message(&accepted))));
        }
        // A stored object shows a loss even where the new CRD refuses to create it.
        let is_stored = case.expected == Expected::Loses && case.before.is_none();
        if is_stored {
            self.request("POST", &collection(old, version_of(&case.object)), Some(&placed(old, &case.object)))?;
        }
        let is_updated = self.update(new)?;
        let loses = |answer: &Json| !crdgen_diff::losses(&cleaned(&accepted), &cleaned(answer)).is_empty();
        if is_stored && is_updated {
            let name = text(&case.object["metadata"]["name"]);
            let path = format!("{}/{name}", collection(new, version_of(&case.object)));
            let (status, read) = self.until("GET", &path, None, |status, read| status == 200 && loses(read))?;
            return Ok(match status == 200 && loses(&read) {
                true => Answer::Confirmed,
                false => Answer::Denied(format!("the stored object is the same under the new CRD: {status}")),
            });
        }
        if !is_updated {
            if case.before.is_some() {
                return Ok(Answer::Skipped("the server refuses to replace the old CRD".to_owned()));
            }
            self.remove(text(&old["metadata"]["name"]))?;
            if let Some(reason) = self.create(new)? {
                return Ok(Answer::Skipped(format!("the server refuses the new CRD: {reason}")));
            }
        }
        let is_wanted = |status: u16, answer: &Json| match case.expected {
            Expected::Refused => matches!(status, 400 | 422),
            Expected::Loses => status < 300 && loses(answer),
        };
        let (status, answer) = self.write(new, case, is_wanted)?;
        Ok(match is_wanted(status, &answer) {
            true => Answer::Confirmed,
            false => Answer::Denied(format!("the new CRD answers {status}: {}", message(&answer))),
        })
    }
}

impl Confirm for Server {
    fn confirm(&mut self, old: &Json, new: &Json, case: &Case) -> Result<Answer> {
        let (old, new) = (prepared(old), prepared(new));
        let name = text(&old["metadata"]["name"]).to_owned();
        self.remove(&name)?;
        if let Some(reason) = self.create(&old)? {
            return Ok(Answer::Skipped(format!("the server refuses the old CRD: {reason}")));
        }
        let answer = self.judge(&old, &new, case).with_context(|| name.clone())?;
        // The finalizer of a CRD deletes its objects.
        self.remove(&name)?;
        Ok(answer)
    }
}

/// Returns a CRD without the status subresource, so that a status can be written with the object, and without webhooks.
fn prepared(crd: &Json) -> Json {
    let mut annotations = crd["metadata"]["annotations"].clone();
    if let Some(all) = annotations.as_object_mut() {
        all.retain(|name, _| name == "api-approved.kubernetes.io");
    }
    let mut spec = crd["spec"].clone();
    if let Some(spec) = spec.as_object_mut() {
        spec.remove("conversion");
    }
    for version in spec["versions"].as_array_mut().into_iter().flatten() {
        version["served"] = json!(true);
        if let Some(subresources) = version["subresources"].as_object_mut() {
            subresources.remove("status");
        }
    }
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": crd["metadata"]["name"], "annotations": annotations}, "spec": spec})
}

fn collection(crd: &Json, version: &str) -> String {
    let spec = &crd["spec"];
    let namespace = if spec["scope"] == "Namespaced" { "namespaces/default/" } else { "" };
    format!("/apis/{}/{version}/{namespace}{}", text(&spec["group"]), text(&spec["names"]["plural"]))
}

fn version_of(object: &Json) -> &str {
    text(&object["apiVersion"]).split_once('/').map_or("", |(_, version)| version)
}

/// Returns an object for the namespace of the requests.
fn placed(crd: &Json, object: &Json) -> Json {
    let mut object = object.clone();
    if crd["spec"]["scope"] == "Namespaced" {
        object["metadata"]["namespace"] = json!("default");
    }
    object
}

/// Returns an object without the fields that a server writes.
fn cleaned(object: &Json) -> Json {
    let mut object = object.clone();
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for field in ["managedFields", "uid", "resourceVersion", "generation", "creationTimestamp"] {
            metadata.remove(field);
        }
    }
    object
}

fn message(answer: &Json) -> String {
    let text = answer["message"].as_str().map_or_else(|| answer.to_string(), str::to_owned);
    text.chars().take(300).collect()
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}
