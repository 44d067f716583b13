//! Identity and version of an object, read independently of its type.

use std::borrow::Cow;
use std::fmt;

use crdgen_backend::Key;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};

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
    /// Reads the head of an object. Stops at its end: an API server writes `metadata` before `spec` and `status`.
    /// Returns `None` if there is none, or if the text up to there is no JSON.
    pub fn of(json: &'a [u8]) -> Option<Self> {
        let mut found = Found::default();
        // Ends with an error once the metadata is found, so that the rest is not parsed.
        let read = serde_json::Deserializer::from_slice(json).deserialize_map(&mut found);
        found.metadata.or_else(|| read.is_ok().then(HeadMeta::default)).map(|metadata| Self { metadata })
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

/// Metadata of an object, once it has been read.
#[derive(Default)]
struct Found<'a> {
    metadata: Option<HeadMeta<'a>>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Metadata,
    #[serde(other)]
    Other,
}

impl<'de> Visitor<'de> for &mut Found<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(member) = members.next_key()? {
            match member {
                Member::Metadata => {
                    self.metadata = Some(members.next_value()?);
                    return Err(A::Error::custom("the metadata was found"));
                }
                Member::Other => _ = members.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

/// Parses the key from a [`Head::path`].
pub(super) fn key(path: &str) -> Option<Key> {
    match path.split_once('/') {
        Some((namespace, name)) => Some(Key::namespaced(namespace.parse().ok()?, name.parse().ok()?)),
        None => Some(Key::cluster(path.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_read_wherever_it_stands() {
        for json in [
            r#"{"kind":"A","metadata":{"name":"a","resourceVersion":"7"},"spec":{"metadata":1}}"#,
            r#"{"spec":{"metadata":{"name":"b"}},"metadata":{"resourceVersion":"7","labels":{},"name":"a"}}"#,
        ] {
            let head = Head::of(json.as_bytes()).expect(json);
            assert_eq!((head.path(), &*head.metadata.resource_version), ("a".to_owned(), "7"), "{json}");
        }
        assert_eq!(Head::of(b"{}").expect("no metadata").path(), "");
        for json in ["", "[]", "{", r#"{"metadata":{"name":1}}"#, r#"{"a":,"metadata":{}}"#] {
            assert!(Head::of(json.as_bytes()).is_none(), "{json}");
        }
    }
}
