//! Name of an object in a finding.

use std::fmt;

use crdgen_schema::Node;

/// Name of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`; empty if the object has none.
    pub namespace: String,
    /// `metadata.name`, or `metadata.generateName` followed by `*`.
    pub name: String,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_version, kind, namespace, name } = self;
        let namespace = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
        write!(out, "{api_version} {kind} {namespace}{name}")
    }
}

impl ObjectName {
    pub(super) fn of(object: &Node) -> Self {
        let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
        let metadata = object.get("metadata");
        let in_metadata = |name: &str| text(metadata.and_then(|metadata| metadata.get(name)));
        let name = match (in_metadata("name"), in_metadata("generateName")) {
            (name, prefix) if name.is_empty() && !prefix.is_empty() => format!("{prefix}*"),
            (name, _) => name,
        };
        Self {
            api_version: text(object.get("apiVersion")),
            kind: text(object.get("kind")),
            namespace: in_metadata("namespace"),
            name,
        }
    }
}
