//! Checks of metadata: names, labels, annotations, owner references, finalizers.
//!
//! Follows `pkg/api/validation/objectmeta.go` of apimachinery. The metadata is coerced before, so its types are right.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value as Json};

use super::qualified::{label_problems, name_problems, subdomain_problems, value_problems};
use crate::truncate;
use crate::value_path::ValuePath;
use crate::verdict::{Cause, CauseReason, Causes, Limited};

const MAX_ANNOTATIONS: usize = 256 * 1024;
const MAX_MANAGER: usize = 128;
const MAX_SUBRESOURCE: usize = 256;

/// Checks the metadata of a new object. A name is not required if `generateName` is set.
pub(crate) fn created(metadata: &Json, path: &ValuePath<'_>, causes: &mut Causes) {
    let metadata = Metadata::new(metadata, path, causes);
    metadata.create(&SUBDOMAIN);
}

/// Checks the metadata of an embedded object.
pub(crate) fn embedded(metadata: &Json, path: &ValuePath<'_>, causes: &mut Causes) {
    let mut metadata = Metadata::new(metadata, path, causes);
    metadata.managed_fields();
    metadata.generation();
    metadata.create(&SEGMENT);
}

/// Checks the metadata of an updated object. The caller must have copied the fields that only the server sets from the
/// old object.
pub(crate) fn updated(metadata: &Json, old: &Json, path: &ValuePath<'_>, causes: &mut Causes) {
    let mut metadata = Metadata::new(metadata, path, causes);
    for name in ["name", "namespace", "uid", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        metadata.unchanged(name, old);
    }
    if old.get("deletionTimestamp").is_some() {
        metadata.no_new_finalizers(old);
    }
    // Before an update the server checks metadata independent of the kind (`rest.BeforeUpdate`).
    metadata.create(&SEGMENT);
}

/// Rule for the names of objects.
struct NameRule {
    is_required: bool,
    problems: fn(&str) -> Vec<String>,
    /// Check of `generateName`.
    prefix_problems: fn(&str) -> Vec<String>,
}

/// Rule for the names of custom resources.
const SUBDOMAIN: NameRule = NameRule {
    is_required: true,
    problems: subdomain_problems,
    prefix_problems: |prefix| subdomain_problems(&masked(prefix)),
};

/// Rule for names of an unknown kind: they must be a segment of a path.
const SEGMENT: NameRule =
    NameRule { is_required: false, problems: segment_problems, prefix_problems: unwanted_in_segment };

struct Metadata<'a> {
    fields: Option<&'a Map<String, Json>>,
    path: &'a ValuePath<'a>,
    causes: &'a mut Causes,
}

impl<'a> Metadata<'a> {
    fn new(metadata: &'a Json, path: &'a ValuePath<'a>, causes: &'a mut Causes) -> Self {
        Self { fields: metadata.as_object(), path, causes }
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        self.fields?.get(name)
    }

    /// Returns the text of a field, empty if absent.
    fn text(&self, name: &str) -> &'a str {
        self.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let members = self.get(name).and_then(Json::as_object).into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
    }

    fn list(&self, name: &str) -> &'a [Json] {
        self.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }

    fn refuse(&mut self, reason: CauseReason, path: &ValuePath<'_>, message: String) {
        self.causes.push_with(|| Cause::new(reason, path.bracketed(), message));
    }

    fn invalid(&mut self, name: &str, value: &str, problems: Vec<String>) {
        for problem in problems {
            let message = format!("Invalid value: {}: {problem}", truncate::quoted(value));
            self.refuse(CauseReason::Invalid, &self.path.field(name), message);
        }
    }

    fn create(mut self, rule: &NameRule) {
        let (name, prefix) = (self.text("name"), self.text("generateName"));
        if !prefix.is_empty() {
            self.invalid("generateName", prefix, (rule.prefix_problems)(prefix));
        }
        if !name.is_empty() {
            self.invalid("name", name, (rule.problems)(name));
        } else if prefix.is_empty() && rule.is_required {
            let message = "Required value: name or generateName is required".to_owned();
            self.refuse(CauseReason::Required, &self.path.field("name"), message);
        }
        let namespace = self.text("namespace");
        if !namespace.is_empty() {
            self.invalid("namespace", namespace, label_problems(namespace));
        }
        self.finalizers();
        self.common();
    }

    fn common(mut self) {
        for (name, value) in self.texts("labels") {
            self.invalid("labels", name, name_problems(name));
            self.invalid("labels", value, value_problems(value));
        }
        self.annotations();
        self.owners();
    }

    fn annotations(&mut self) {
        let mut size = 0;
        for (name, value) in self.texts("annotations") {
            size += name.len() + value.len();
            self.invalid("annotations", name, name_problems(&name.to_lowercase()));
        }
        if size > MAX_ANNOTATIONS {
            let message = format!("Too long: may not be more than {MAX_ANNOTATIONS} bytes");
            self.refuse(CauseReason::TooLong, &self.path.field("annotations"), message);
        }
    }

    /// Checks owner references. As in the server, causes do not name the index.
    fn owners(&mut self) {
        let path = self.path.field("ownerReferences");
        let mut controllers = 0;
        for owner in self.list("ownerReferences") {
            let text = |name: &str| owner.get(name).and_then(Json::as_str).unwrap_or_default();
            let is_versioned = version_of(text("apiVersion")).is_some_and(|version| !version.is_empty());
            if !is_versioned {
                let message =
                    format!("Invalid value: {}: version must not be empty", truncate::quoted(text("apiVersion")));
                self.refuse(CauseReason::Invalid, &path.field("apiVersion"), message);
            }
            for name in ["kind", "name", "uid"].into_iter().filter(|name| text(name).is_empty()) {
                self.refuse(
                    CauseReason::Invalid,
                    &path.field(name),
                    "Invalid value: \"\": must not be empty".to_owned(),
                );
            }
            if (text("apiVersion"), text("kind")) == ("v1", "Event") {
                let owner = truncate::value(owner);
                let message = format!("Invalid value: {owner}: /v1, Kind=Event is disallowed from being an owner");
                self.refuse(CauseReason::Invalid, &path, message);
            }
            if owner.get("controller") == Some(&Json::Bool(true)) {
                controllers += 1;
                if controllers > 1 {
                    let message = "Only one reference can have Controller set to true".to_owned();
                    self.refuse(CauseReason::Invalid, &path, message);
                }
            }
        }
    }

    fn finalizers(&mut self) {
        let finalizers: Vec<&str> = self.list("finalizers").iter().filter_map(Json::as_str).collect();
        for finalizer in &finalizers {
            self.invalid("finalizers", finalizer, name_problems(finalizer));
        }
        if ["orphan", "foregroundDeletion"].iter().all(|name| finalizers.contains(name)) {
            let message = "finalizer orphan and foregroundDeletion cannot be both set".to_owned();
            self.refuse(CauseReason::Invalid, &self.path.field("finalizers"), message);
        }
    }

    fn no_new_finalizers(&mut self, old: &Json) {
        let old = old.get("finalizers").and_then(Json::as_array).into_iter().flatten();
        let old: HashSet<&str> = old.filter_map(Json::as_str).collect();
        let mut finalizers = self.list("finalizers").iter().filter_map(Json::as_str);
        if finalizers.any(|finalizer| !old.contains(finalizer)) {
            let message = "Forbidden: no new finalizers can be added if the object is being deleted".to_owned();
            self.refuse(CauseReason::Forbidden, &self.path.field("finalizers"), message);
        }
    }

    /// Checks that an immutable field is unchanged. An absent field counts as unchanged.
    fn unchanged(&mut self, name: &str, old: &Json) {
        if let Some(new) = self.get(name)
            && old.get(name) != Some(new)
        {
            let message = format!("Invalid value: {}: field is immutable", truncate::value(new));
            self.refuse(CauseReason::Invalid, &self.path.field(name), message);
        }
    }

    fn generation(&mut self) {
        if self.get("generation").and_then(Json::as_i64).is_some_and(|generation| generation < 0) {
            let message = "Invalid value: must be greater than or equal to 0".to_owned();
            self.refuse(CauseReason::Invalid, &self.path.field("generation"), message);
        }
    }

    fn managed_fields(&mut self) {
        let path = self.path.field("managedFields");
        for (index, entry) in self.list("managedFields").iter().enumerate() {
            let path = path.index(index);
            let text = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default();
            if !matches!(text("operation"), "Apply" | "Update") {
                let operation = truncate::quoted(text("operation"));
                let message = format!("Invalid value: {operation}: must be `Apply` or `Update`");
                self.refuse(CauseReason::Invalid, &path.field("operation"), message);
            }
            if !matches!(text("fieldsType"), "" | "FieldsV1") {
                let message = format!("Invalid value: {}: must be `FieldsV1`", truncate::quoted(text("fieldsType")));
                self.refuse(CauseReason::Invalid, &path.field("fieldsType"), message);
            }
            for (name, most) in [("manager", MAX_MANAGER), ("subresource", MAX_SUBRESOURCE)] {
                if text(name).len() > most {
                    let message = format!("Too long: may not be more than {most} bytes");
                    self.refuse(CauseReason::TooLong, &path.field(name), message);
                }
            }
        }
    }
}

/// Replaces a dash at the end of a name prefix, and the character before it, with `a`, as the server does: the
/// generated part follows the dash.
fn masked(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(front) if !front.is_empty() => {
            let mut letters = front.chars();
            letters.next_back();
            format!("{}a", letters.as_str())
        }
        _ => prefix.to_owned(),
    }
}

/// Returns the version of `group/version` or `version`, or `None` if there is more than one slash.
pub(crate) fn version_of(api_version: &str) -> Option<&str> {
    match api_version.split('/').collect::<Vec<_>>()[..] {
        [version] | [_, version] => Some(version),
        _ => None,
    }
}

/// Returns the reasons why a name cannot be a segment of a path.
fn segment_problems(name: &str) -> Vec<String> {
    match name {
        "." | ".." => vec![format!("may not be '{name}'")],
        _ => unwanted_in_segment(name),
    }
}

fn unwanted_in_segment(name: &str) -> Vec<String> {
    let unwanted = ["/", "%"].into_iter().filter(|unwanted| name.contains(unwanted));
    unwanted.map(|unwanted| format!("may not contain '{unwanted}'")).collect()
}

/// Returns the server's warnings, sorted: new finalizers without a domain.
pub(crate) fn warnings(metadata: &Json, old: Option<&Json>) -> Limited<String> {
    let known: HashSet<&str> = old.map(finalizers).into_iter().flatten().collect();
    let new: BTreeSet<&str> = finalizers(metadata).filter(|finalizer| !known.contains(finalizer)).collect();
    let mut warnings = Limited::default();
    warnings.extend(new.into_iter().flat_map(finalizer_warnings));
    warnings
}

fn finalizers(metadata: &Json) -> impl Iterator<Item = &str> {
    metadata.get("finalizers").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

fn finalizer_warnings(finalizer: &str) -> Vec<String> {
    let mut problems = name_problems(finalizer);
    if !finalizer.contains('/') && !["orphan", "foregroundDeletion", "kubernetes"].contains(&finalizer) {
        let path = if finalizer.contains('.') { " including a path (/)" } else { "" };
        problems.push(format!(
            "prefer a domain-qualified finalizer name{path} to avoid accidental conflicts with other finalizer writers"
        ));
    }
    let finalizer = truncate::quoted(finalizer);
    problems.into_iter().map(|problem| format!("metadata.finalizers: {finalizer}: {problem}")).collect()
}
