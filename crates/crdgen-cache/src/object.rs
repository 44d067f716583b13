//! Cached object: its JSON and the positions of its key fields.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::str;
use std::sync::Arc;

use crdgen_backend::LabelSelector;
use crdgen_core::json;
use crdgen_splitter::{self as bytes, MetadataFilter, object_members};
use serde::de::DeserializeOwned;

/// Object in a cache: JSON without `managedFields` and without the last-applied annotation. A clone shares the JSON.
#[derive(Clone)]
pub struct CachedObject(Arc<Inner>);

struct Inner {
    json: Box<str>,
    namespace: Option<Place>,
    name: Place,
    uid: Place,
    /// Position of the object with the labels.
    labels: Option<Place>,
    version: u64,
}

/// Range of the JSON. For a text, the range between the quotes.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
}

impl Place {
    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Object that cannot be cached, since its identity cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidObject {
    /// The object is not a JSON object.
    Json(bytes::Error),
    /// This field of `metadata` is missing or is not a plain text.
    Metadata(&'static str),
}

impl CachedObject {
    /// Trims an object and finds its key fields. `scratch` is a reusable buffer, so that the trimmed bytes leave no
    /// holes in the heap.
    pub(super) fn new(trim: &MetadataFilter, object: &str, scratch: &mut Vec<u8>) -> Result<Self, InvalidObject> {
        scratch.clear();
        trim.copy(object.as_bytes(), scratch).map_err(InvalidObject::Json)?;
        let json: Box<str> = str::from_utf8(scratch).map_err(|_| InvalidObject::Metadata("as text"))?.into();
        let mut found = Found::default();
        let walk = object_members(json.as_bytes(), |key, metadata| {
            if key != b"metadata" {
                return Ok(());
            }
            object_members(&json.as_bytes()[metadata.clone()], |key, value| {
                found.member(key, metadata.start + value.start..metadata.start + value.end);
                Ok(())
            })
        });
        walk.map_err(InvalidObject::Json)?;
        let text = |place: Option<Range<usize>>, field| plain(&json, place).ok_or(InvalidObject::Metadata(field));
        let version = text(found.version, "resourceVersion")?;
        let version = json[version.range()].parse().map_err(|_| InvalidObject::Metadata("resourceVersion"))?;
        let namespace = found.namespace.map(|place| text(Some(place), "namespace")).transpose()?;
        let (name, uid) = (text(found.name, "name")?, text(found.uid, "uid")?);
        let labels = found.labels.filter(|place| json[place.clone()].starts_with('{')).and_then(place);
        Ok(Self(Arc::new(Inner { namespace, name, uid, labels, version, json })))
    }

    /// Returns the object as JSON.
    pub fn json(&self) -> &str {
        &self.0.json
    }

    /// Decodes the object as its type or as a view.
    ///
    /// # Errors
    ///
    /// Fails when `T` cannot hold the object.
    pub fn decode<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        json::from_slice(self.json().as_bytes())
    }

    /// Returns `metadata.namespace`.
    pub fn namespace(&self) -> Option<&str> {
        self.0.namespace.map(|place| &self.json()[place.range()])
    }

    /// Returns `metadata.name`.
    pub fn name(&self) -> &str {
        &self.json()[self.0.name.range()]
    }

    /// Returns `metadata.uid`.
    pub fn uid(&self) -> &str {
        &self.json()[self.0.uid.range()]
    }

    /// Returns `metadata.resourceVersion`.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// Returns the value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        let labels = &self.json()[self.0.labels?.range()];
        let mut found = None;
        let walk = object_members(labels.as_bytes(), |name, value| {
            // The API server accepts no label that would need escapes.
            if name == key.as_bytes() {
                found = labels.get(value.start + 1..value.end - 1);
            }
            Ok(())
        });
        walk.ok().and(found)
    }

    /// Returns the bytes of memory that the object uses, rounded up.
    pub(super) fn weight(&self) -> usize {
        /// Bytes of an object in addition to its JSON.
        const OVERHEAD: usize = 128;

        OVERHEAD + self.json().len()
    }

    pub(super) fn is_selected(&self, namespace: Option<&str>, labels: &LabelSelector) -> bool {
        namespace.is_none_or(|namespace| self.namespace() == Some(namespace)) && labels.matches(|key| self.label(key))
    }

    /// Compares by namespace and name, the order of lists.
    pub(super) fn cmp_key(&self, namespace: Option<&str>, name: &str) -> Ordering {
        self.namespace().cmp(&namespace).then_with(|| self.name().cmp(name))
    }
}

impl fmt::Debug for CachedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("CachedObject");
        debug.field("namespace", &self.namespace()).field("name", &self.name()).field("version", &self.version());
        debug.finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Found {
    namespace: Option<Range<usize>>,
    name: Option<Range<usize>>,
    uid: Option<Range<usize>>,
    version: Option<Range<usize>>,
    labels: Option<Range<usize>>,
}

impl Found {
    fn member(&mut self, key: &[u8], value: Range<usize>) {
        let place = match key {
            b"namespace" => &mut self.namespace,
            b"name" => &mut self.name,
            b"uid" => &mut self.uid,
            b"resourceVersion" => &mut self.version,
            b"labels" => &mut self.labels,
            _ => return,
        };
        *place = Some(value);
    }
}

/// Returns the position of a text without escapes, between its quotes.
fn plain(json: &str, found: Option<Range<usize>>) -> Option<Place> {
    let found = found?;
    let inner = json[found.clone()].strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(())?;
    place(found.start + 1..found.end - 1)
}

/// Returns `None` for a position beyond 4 GiB, which no object reaches.
fn place(range: Range<usize>) -> Option<Place> {
    Some(Place { start: range.start.try_into().ok()?, end: range.end.try_into().ok()? })
}

impl fmt::Display for InvalidObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "an object is not JSON: {error}"),
            Self::Metadata(field) => write!(f, "an object's metadata.{field} is not plain text"),
        }
    }
}

impl std::error::Error for InvalidObject {}
