//! What a definition looked like in every version of Kubernetes, as spans of versions.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};

use super::source::{Definition, Property};

/// Definitions over the versions; versions are added in ascending order.
#[derive(Default)]
pub struct History {
    /// By definition, then property.
    spans: BTreeMap<String, BTreeMap<String, Vec<Span>>>,
    first: Option<u8>,
    last: u8,
}

/// Versions in which a property has one type.
struct Span {
    since: u8,
    until: u8,
    property: Property,
}

impl History {
    /// Adds what a definition is in Kubernetes 1.`minor`.
    pub fn add(&mut self, minor: u8, definition: Definition) {
        self.first.get_or_insert(minor);
        self.last = minor;
        let properties = self.spans.entry(definition.name).or_default();
        for (wire, property) in definition.properties {
            let spans = properties.entry(wire).or_default();
            match spans.last_mut().filter(|span| span.until + 1 == minor && span.property.ty == property.ty) {
                // Versions disagree on what may be absent; what one of them always writes counts as always written.
                Some(span) => {
                    span.until = minor;
                    span.property.required |= property.required;
                }
                None => spans.push(Span { since: minor, until: minor, property }),
            }
        }
    }

    /// The definitions of a package by their short names, as JSON.
    pub fn definitions(&self, package: &str) -> Result<BTreeMap<String, Json>> {
        let prefix = format!("io.k8s.{}.", package.replace('/', "."));
        let mut definitions = BTreeMap::new();
        for (name, properties) in &self.spans {
            let short = name.strip_prefix(&prefix);
            ensure!(short.is_some(), "{name} is not of {package}");
            let properties: BTreeMap<&str, Json> =
                properties.iter().map(|(wire, spans)| (wire.as_str(), self.spans_json(spans))).collect();
            definitions.insert(short.unwrap_or_default().to_owned(), json!(properties));
        }
        Ok(definitions)
    }

    fn spans_json(&self, spans: &[Span]) -> Json {
        let spans = spans.iter().map(|Span { since, until, property }| {
            let mut span = BTreeMap::from([("type", json!(property.ty))]);
            if property.required {
                span.insert("required", json!(true));
            }
            if Some(*since) != self.first {
                span.insert("since", json!(since));
            }
            if *until != self.last {
                span.insert("until", json!(until));
            }
            json!(span)
        });
        Json::Array(spans.collect())
    }
}
