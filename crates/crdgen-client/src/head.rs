//! Identity and version of an object, read independently of its type.

use std::borrow::Cow;

use crdgen_backend::Key;
use serde::Deserialize;

/// Identity and version of an object.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Head<'a> {
    #[serde(borrow, default)]
    pub metadata: HeadMeta<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HeadMeta<'a> {
    #[serde(borrow, default)]
    pub namespace: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub uid: Cow<'a, str>,
    #[serde(borrow, default)]
    pub resource_version: Cow<'a, str>,
}

impl<'a> Head<'a> {
    pub fn of(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Returns `namespace/name`, or `name` for a cluster-scoped object. Lists are ordered by this text.
    pub fn path(&self) -> String {
        let name = self.metadata.name.as_deref().unwrap_or_default();
        match self.metadata.namespace.as_deref() {
            Some(namespace) if !namespace.is_empty() => format!("{namespace}/{name}"),
            _ => name.to_owned(),
        }
    }
}

/// Parses the key from a [`Head::path`].
pub(super) fn key(path: &str) -> Option<Key> {
    match path.split_once('/') {
        Some((namespace, name)) => Some(Key::namespaced(namespace.parse().ok()?, name.parse().ok()?)),
        None => Some(Key::cluster(path.parse().ok()?)),
    }
}
