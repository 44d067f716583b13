//! History of definitions over the versions of Kubernetes, as spans of versions.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};

use super::source::{Definition, Property};

/// Definitions over all versions. Versions must be added in ascending order.
#[derive(Default)]
pub struct History {
    definitions: BTreeMap<String, Past>,
    first: Option<u8>,
    last: u8,
}

/// A definition over all versions.
#[derive(Default)]
struct Past {
    /// Description in the newest version.
    about: String,
    properties: BTreeMap<String, Vec<Span>>,
    /// Descriptions of each property in all versions.
    words: BTreeMap<String, BTreeSet<String>>,
}

/// Maximum number of properties of a small definition. Small definitions are hard to distinguish, so the descriptions
/// of their properties are stored too.
const SMALL: usize = 4;

/// Span of versions in which a property has one type.
struct Span {
    since: u8,
    until: u8,
    property: Property,
}

impl History {
    /// Adds a definition as it is in Kubernetes 1.`minor`.
    pub fn add(&mut self, minor: u8, definition: Definition) {
        self.first.get_or_insert(minor);
        self.last = minor;
        let past = self.definitions.entry(definition.name).or_default();
        past.about = definition.about;
        for (wire, property) in definition.properties {
            past.words.entry(wire.clone()).or_default().insert(property.about.clone());
            let spans = past.properties.entry(wire).or_default();
            match spans.last_mut().filter(|span| span.until + 1 == minor && span.property.ty == property.ty) {
                // Versions differ in the properties that are always written. A property counts as required if one of
                // them writes it always.
                Some(span) => {
                    span.until = minor;
                    span.property.required |= property.required;
                }
                None => spans.push(Span { since: minor, until: minor, property }),
            }
        }
    }

    /// Returns the definitions of a package by their short names, as JSON.
    pub fn definitions(&self, package: &str) -> Result<BTreeMap<String, Json>> {
        let prefix = format!("io.k8s.{}.", package.replace('/', "."));
        let mut definitions = BTreeMap::new();
        for (name, past) in &self.definitions {
            let short = name.strip_prefix(&prefix);
            ensure!(short.is_some(), "{name} is not of {package}");
            definitions.insert(short.unwrap_or_default().to_owned(), self.past_json(past));
        }
        Ok(definitions)
    }

    fn past_json(&self, past: &Past) -> Json {
        let properties: BTreeMap<&str, Json> =
            past.properties.iter().map(|(wire, spans)| (wire.as_str(), self.spans_json(spans))).collect();
        let mut json = BTreeMap::from([("about", json!(past.about)), ("properties", json!(properties))]);
        // Large definitions are recognised by their properties alone.
        if properties.len() <= SMALL {
            json.insert("words", json!(past.words));
        }
        json!(json)
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
