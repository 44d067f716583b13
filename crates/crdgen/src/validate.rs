//! Validation of objects against their CRDs, as an API server validates a write.

mod kind;
mod object_name;
mod old;
mod place;
mod sops;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crdgen_schema::cel::check_crd;
use crdgen_schema::crd::Version;
use crdgen_schema::{
    Admission, CauseReason, Crd, Diagnostic, Document, Node, Severity, Source, Verdict, into_items, is_list,
};
use serde_json::{Map, Value as Json};

use self::old::OldObjects;
use crate::report;

pub use self::object_name::ObjectName;

/// Treatment of fields that no schema declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownFields {
    /// Unknown fields are errors, as in `kubectl apply`.
    #[default]
    Refused,
    /// Unknown fields are warnings. An API server drops them.
    Warned,
    /// Unknown fields are not reported.
    Ignored,
}

/// Treatment of objects whose kind no CRD defines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Skipped {
    /// Kinds that are unknown in a group and version of the CRDs are errors. Objects of other groups are not reported.
    #[default]
    KnownGroups,
    /// Every such object is an error.
    Refused,
    /// Every such object is a warning.
    Warned,
    /// No such object is reported.
    Ignored,
}

/// Options of [`validate`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Treatment of fields that no schema declares.
    pub unknown_fields: UnknownFields,
    /// Treatment of objects whose kind no CRD defines.
    pub skipped: Skipped,
    /// Objects as they were before. An object of equal group, kind, namespace and name is validated as an update, with
    /// transition rules and ratcheting.
    pub old: &'a [Document],
    /// Whether [`Validation::stored`] is filled.
    pub keeps_stored: bool,
}

/// A finding about an object.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Message, place in the object, and path in the schema.
    pub diagnostic: Diagnostic,
    /// Object that the finding is about.
    pub object: ObjectName,
    /// Path in the object, for example `spec.ports[0].name`; `None` for a finding about the whole object.
    pub field: Option<String>,
    /// `reason` of the API server's cause; `None` for a finding that does not make a server refuse the
    /// object.
    pub reason: Option<&'static str>,
}

/// Results for all objects.
#[derive(Clone, Debug, Default)]
pub struct Validation {
    /// Findings in the order of the objects.
    pub findings: Vec<Finding>,
    /// Errors in the CEL rules of the CRDs against which objects were validated. An API server refuses these CRDs. The
    /// rules are not evaluated.
    pub rules: Vec<Diagnostic>,
    /// Number of objects that were validated.
    pub checked: usize,
    /// Number of validated objects that an API server would refuse.
    pub refused: usize,
    /// Number of objects whose kind no CRD defines, except those that are errors.
    pub skipped: usize,
    /// Objects that an API server would accept, as it would store them: defaults are filled in, and undeclared fields
    /// removed. Names, times and versions that a server sets are not there.
    pub stored: Vec<Json>,
}

/// Validates every object in `documents`, and every item of the lists among them, against the CRD of its
/// kind.
pub fn validate(crds: &[Crd], documents: &[Document], options: Options<'_>) -> Validation {
    let old = OldObjects::new(options.old);
    let mut run = Run {
        crds,
        options,
        old,
        prepared: HashMap::new(),
        checked: HashSet::new(),
        validation: Validation::default(),
    };
    documents.iter().for_each(|document| run.object(&document.source, &document.root));
    run.validation
}

struct Run<'c> {
    crds: &'c [Crd],
    options: Options<'c>,
    old: OldObjects,
    /// Prepared schemas, by name of the CRD and version.
    prepared: HashMap<(&'c str, &'c str), Admission>,
    /// Names of the CRDs whose rules were checked.
    checked: HashSet<&'c str>,
    validation: Validation,
}

impl<'c> Run<'c> {
    fn object(&mut self, source: &Arc<Source>, object: &Node) {
        let name = ObjectName::of(object);
        let (group, version) = name.api_version.split_once('/').unwrap_or(("", &name.api_version));
        let crds = self.crds;
        let Some(crd) = crds.iter().find(|crd| crd.group == group && crd.names.kind == name.kind) else {
            return self.other(source, object);
        };
        self.validation.checked += 1;
        if self.checked.insert(&crd.name) {
            self.validation.rules.extend(check_crd(crd, Severity::Error));
        }
        let Some(version) = crd.versions.iter().find(|known| known.name == version && known.served) else {
            self.validation.refused += 1;
            let finding = no_such_version(crd, &name, source, object);
            return self.validation.findings.push(finding);
        };
        let key = (crd.name.as_str(), version.name.as_str());
        let admission = self.prepared.entry(key).or_insert_with(|| Admission::for_version(crd, version));
        let mut json = object.to_json();
        sops::set_aside(&mut json, &version.schema);
        let old = self.old.find(&name, crd, &version.name, admission);
        let verdict = admission.admit(&mut json, old.object.as_ref());
        let subject = Subject { crd, version, source, object, name };
        let mut findings = subject.findings(&verdict, self.options.unknown_fields);
        findings.extend(old.obstacle.map(|why| subject.finding(Diagnostic::warning("object::not-evaluated", why), "")));
        let is_refused = findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error);
        self.validation.refused += usize::from(is_refused);
        self.validation.findings.extend(findings);
        if self.options.keeps_stored && !is_refused {
            self.validation.stored.push(json);
        }
    }

    /// Validates the items of a list. There is no CRD for any other object.
    fn other(&mut self, source: &Arc<Source>, object: &Node) {
        if is_list(object) {
            return into_items(object.clone()).iter().for_each(|item| self.object(source, item));
        }
        let name = ObjectName::of(object);
        let neighbours = kind::neighbours(self.crds, &name);
        let create = match self.options.skipped {
            Skipped::KnownGroups if neighbours.is_empty() => None,
            Skipped::KnownGroups | Skipped::Refused => Some(Diagnostic::error as fn(_, _) -> _),
            Skipped::Warned => Some(Diagnostic::warning as fn(_, _) -> _),
            Skipped::Ignored => None,
        };
        let Some(create) = create else { return self.validation.skipped += 1 };
        let (message, help) = kind::unknown(&neighbours, &name);
        let diagnostic: Diagnostic = create("object::kind", message);
        match diagnostic.severity {
            Severity::Error => {
                self.validation.checked += 1;
                self.validation.refused += 1;
            }
            Severity::Warning => self.validation.skipped += 1,
        }
        let span = object.get("kind").unwrap_or(object).span;
        let diagnostic = diagnostic.at(source, span).help(help);
        let finding = Finding { diagnostic, object: name, field: Some("kind".to_owned()), reason: None };
        self.validation.findings.push(finding);
    }
}

/// An object with its CRD and version.
struct Subject<'a> {
    crd: &'a Crd,
    version: &'a Version,
    source: &'a Arc<Source>,
    object: &'a Node,
    name: ObjectName,
}

impl Subject<'_> {
    fn findings(&self, verdict: &Verdict, unknown: UnknownFields) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(why) = &verdict.malformed {
            // The message begins with the path.
            let field = why.split_once(": ").map_or("", |(field, _)| field);
            findings.push(self.finding(Diagnostic::error("object::malformed", why), field));
        }
        for cause in &verdict.causes {
            let message = match cause.path() {
                Some(path) => format!("{path}: {}", cause.message),
                None => cause.message.clone(),
            };
            let path = cause.path().unwrap_or_default();
            let schema = match cause.reason {
                CauseReason::Required => place::of_required(&self.version.schema, path),
                _ => place::in_schema(&self.version.schema, path),
            };
            let mut finding = self.finding_at(Diagnostic::error("object::invalid", message), path, schema);
            finding.reason = Some(cause.reason.as_str());
            findings.push(finding);
        }
        for field in &verdict.unknown_fields {
            let message = format!("unknown field `{field}`");
            let diagnostic = match unknown {
                UnknownFields::Refused => Diagnostic::error("object::unknown-field", message),
                UnknownFields::Warned => Diagnostic::warning("object::unknown-field", message),
                UnknownFields::Ignored => continue,
            };
            let mut finding = self.finding(diagnostic, field);
            if let Some(meant) = place::meant(&self.version.schema, field) {
                let help = finding.diagnostic.help.unwrap_or_default();
                finding.diagnostic.help = Some(format!("did you mean `{meant}`? {help}"));
            }
            findings.push(finding);
        }
        for unknown in &verdict.not_evaluated {
            let message = format!("`{}` was not evaluated: {}", unknown.expression, unknown.reason);
            findings.push(self.finding(Diagnostic::warning("object::not-evaluated", message), &unknown.field));
        }
        for warning in &verdict.warnings {
            findings.push(self.finding(Diagnostic::warning("object::warning", warning), "metadata"));
        }
        findings
    }

    fn finding(&self, diagnostic: Diagnostic, field: &str) -> Finding {
        self.finding_at(diagnostic, field, place::in_schema(&self.version.schema, field))
    }

    fn finding_at(&self, diagnostic: Diagnostic, field: &str, schema: place::SchemaPlace) -> Finding {
        let crd = self.crd;
        let schema_path = match schema.path.is_empty() {
            true => format!("{} {}", crd.name, self.version.name),
            false => format!("{} {} {}", crd.name, self.version.name, schema.path),
        };
        let span = schema.span;
        let help = format!("the schema is at {}:{}:{}", crd.source.name, span.line, span.column);
        let diagnostic = diagnostic.at(self.source, place::in_object(self.object, field)).path(schema_path).help(help);
        Finding {
            diagnostic,
            object: self.name.clone(),
            field: (!field.is_empty()).then(|| field.to_owned()),
            reason: None,
        }
    }
}

fn no_such_version(crd: &Crd, name: &ObjectName, source: &Arc<Source>, object: &Node) -> Finding {
    let served = crd.versions.iter().filter(|version| version.served);
    let served: Vec<&str> = served.map(|version| version.name.as_str()).collect();
    let message = format!("{} has no version `{}` that is served", crd.name, name.api_version);
    let diagnostic =
        Diagnostic::error("object::version", message).help(format!("served versions: {}", served.join(", ")));
    let span = object.get("apiVersion").unwrap_or(object).span;
    let diagnostic = diagnostic.at(source, span).path(crd.name.clone());
    Finding { diagnostic, object: name.clone(), field: Some("apiVersion".to_owned()), reason: None }
}

impl From<Finding> for report::Finding {
    fn from(finding: Finding) -> Self {
        let Finding { diagnostic, object, field, reason } = finding;
        let data = [
            ("apiVersion", object.api_version.as_str()),
            ("kind", &object.kind),
            ("namespace", &object.namespace),
            ("name", &object.name),
        ];
        let mut data: Map<_, _> = data.map(|(key, value)| (key.to_owned(), Json::from(value))).into_iter().collect();
        data.insert("reason".to_owned(), reason.into());
        Self { field, data, ..Self::new(diagnostic, object.to_string()) }
    }
}
