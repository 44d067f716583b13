//! Reference data for Kubernetes' own types: the data that `cargo xtask known` writes, and indexes over all of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::places::Step;

use super::definition::{Definition, DefinitionId, Form, Span};

/// Packages, each with a map from a definition's short name to its data.
const PACKAGES: [(&str, &str); 10] = [
    ("io.k8s.api.admissionregistration.v1", include_str!("admissionregistration_v1.json")),
    ("io.k8s.api.apps.v1", include_str!("apps_v1.json")),
    ("io.k8s.api.autoscaling.v2", include_str!("autoscaling_v2.json")),
    ("io.k8s.api.batch.v1", include_str!("batch_v1.json")),
    ("io.k8s.api.core.v1", include_str!("core_v1.json")),
    ("io.k8s.api.networking.v1", include_str!("networking_v1.json")),
    ("io.k8s.api.policy.v1", include_str!("policy_v1.json")),
    ("io.k8s.api.rbac.v1", include_str!("rbac_v1.json")),
    ("io.k8s.api.storage.v1", include_str!("storage_v1.json")),
    (META, include_str!("meta_v1.json")),
];

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// All definitions with their indexes.
#[derive(Debug)]
pub struct Reference {
    definitions: Vec<Definition>,
    /// Definitions by the property names that they have, or had, in some version of Kubernetes.
    by_properties: HashMap<String, Vec<Revision>>,
    /// Definitions by the properties of others that hold them.
    by_step: HashMap<Step, BTreeSet<DefinitionId>>,
}

/// A definition in one version of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    pub definition: DefinitionId,
    /// Newest version with these properties: 1.`minor`.
    pub minor: u8,
}

/// A definition as written in the data.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDefinition {
    #[serde(borrow = "'static")]
    about: Cow<'static, str>,
    #[serde(borrow = "'static")]
    properties: BTreeMap<&'static str, Vec<WrittenSpan>>,
    #[serde(borrow = "'static", default)]
    words: BTreeMap<&'static str, Vec<Cow<'static, str>>>,
}

/// A span as written in the data.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSpan {
    #[serde(rename = "type", borrow = "'static")]
    ty: &'static str,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    since: u8,
    #[serde(default = "today")]
    until: u8,
}

fn today() -> u8 {
    u8::MAX
}

/// Returns the reference data, which is read once.
pub fn reference() -> &'static Reference {
    static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
        let mut reference = Reference::read();
        reference.note_uses_outside_of_status();
        reference.index();
        reference
    });
    &REFERENCE
}

impl Reference {
    fn read() -> Self {
        let mut written: BTreeMap<String, WrittenDefinition> = BTreeMap::new();
        for (package, text) in PACKAGES {
            let definitions: BTreeMap<&str, WrittenDefinition> =
                serde_json::from_str(text).expect("`cargo xtask known` writes what is read here");
            written.extend(definitions.into_iter().map(|(short, found)| (format!("{package}.{short}"), found)));
        }
        let ids: HashMap<String, DefinitionId> =
            written.keys().enumerate().map(|(index, name)| (name.clone(), DefinitionId(index))).collect();
        let definitions = written.into_iter().map(|(name, written)| definition(name, written, &ids)).collect();
        Self { definitions, by_properties: HashMap::new(), by_step: HashMap::new() }
    }

    /// Returns the definition of an id.
    pub fn get(&self, id: DefinitionId) -> &Definition {
        &self.definitions[id.0]
    }

    /// Returns the definitions that have exactly these properties in some version of Kubernetes.
    pub fn with_properties<'a>(&self, wires: impl Iterator<Item = &'a str>) -> &[Revision] {
        self.by_properties.get(&signature(wires)).map_or(&[], Vec::as_slice)
    }

    /// Returns the only definition that a property of this name holds in Kubernetes, if the name is specific enough.
    pub fn told_by(&self, step: &Step) -> Option<DefinitionId> {
        let holders = self.by_step.get(step)?;
        holders.first().copied().filter(|only| holders.len() == 1 && self.get(*only).is_told_by(step))
    }

    /// Clears `only_in_status` for every definition that is used outside of the status of a kind. Starts at definitions
    /// that no other uses and at those of `meta/v1`.
    fn note_uses_outside_of_status(&mut self) {
        let uses = |definition: &Definition| -> Vec<usize> {
            let spans = definition.properties.values().flatten();
            spans.filter_map(|span| span.form.definition()).map(|DefinitionId(used)| used).collect()
        };
        let used: BTreeSet<usize> = self.definitions.iter().flat_map(uses).collect();
        let is_root = |index: &usize| self.definitions[*index].general || !used.contains(index);
        let mut open: Vec<usize> = (0..self.definitions.len()).filter(is_root).collect();
        let mut seen: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(index) = open.pop() {
            if self.definitions[index].is_status() {
                continue;
            }
            self.definitions[index].only_in_status = false;
            open.extend(uses(&self.definitions[index]).into_iter().filter(|&used| seen.insert(used)));
        }
    }

    fn index(&mut self) {
        for (index, definition) in self.definitions.iter().enumerate() {
            for minor in definition.turns() {
                let wires: Vec<&str> = definition.at(minor).map(|(wire, _)| wire).collect();
                // The type did not exist yet.
                if wires.is_empty() {
                    continue;
                }
                let revisions = self.by_properties.entry(signature(wires.into_iter())).or_default();
                revisions.push(Revision { definition: DefinitionId(index), minor });
            }
            for (wire, spans) in &definition.properties {
                for form in spans.iter().map(|span| &span.form) {
                    if let Some(held) = form.definition() {
                        let step = Step { property: (*wire).to_owned(), levels: form.levels() };
                        self.by_step.entry(step).or_default().insert(held);
                    }
                }
            }
        }
    }
}

fn definition(name: String, written: WrittenDefinition, ids: &HashMap<String, DefinitionId>) -> Definition {
    let properties = written.properties.into_iter().map(|(wire, spans)| {
        let spans = spans.into_iter().map(|WrittenSpan { ty, required, since, until }| Span {
            form: form(ty, ids),
            required,
            since,
            until,
        });
        (wire, spans.collect())
    });
    Definition {
        about: written.about,
        properties: properties.collect(),
        words: written.words,
        general: name.starts_with(META),
        only_in_status: true,
        name,
    }
}

/// Parses a form, for example `[]io.k8s.api.core.v1.EnvVar`.
fn form(text: &str, ids: &HashMap<String, DefinitionId>) -> Form {
    if let Some(items) = text.strip_prefix("[]") {
        return Form::List(Box::new(form(items, ids)));
    }
    if let Some(values) = text.strip_prefix("{}") {
        return Form::Map(Box::new(form(values, ids)));
    }
    match text {
        "boolean" => Form::Boolean,
        "int32" => Form::Int32,
        "int64" => Form::Int64,
        "double" => Form::Double,
        "string" => Form::String,
        "bytes" => Form::Bytes,
        "any" | "io.k8s.apimachinery.pkg.runtime.RawExtension" => Form::Any,
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString" => Form::IntOrString,
        "io.k8s.apimachinery.pkg.api.resource.Quantity" => Form::Quantity,
        "io.k8s.apimachinery.pkg.apis.meta.v1.Time" | "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime" => Form::Time,
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" => Form::Metadata,
        name => ids.get(name).map_or(Form::Opaque, |id| Form::Definition(*id)),
    }
}

/// Returns the sorted property names as one text.
fn signature<'a>(wires: impl Iterator<Item = &'a str>) -> String {
    let mut wires: Vec<&str> = wires.collect();
    wires.sort_unstable();
    wires.join("\n")
}
