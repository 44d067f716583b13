//! Stored form of an object: its JSON as bytes, which the store, its log, lists and watches share, and the values that
//! are needed more often than the decoded object.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::{Error, FieldSelector, LabelSelector, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::kind::Kind;
use super::object::Object;
use super::path;
use super::place::ObjectId;

/// Bytes that an object uses in addition to its texts, rounded up.
const OVERHEAD: usize = 512;

/// Stored object.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: ObjectId,
    pub(super) uid: Arc<str>,
    /// `metadata.resourceVersion`.
    pub(super) version: u64,
    json: Json,
    /// Texts of the selectable fields of the version that wrote the object.
    fields: Box<[(Box<str>, Box<str>)]>,
}

/// JSON of an object without `apiVersion`, since all versions of a kind share the JSON, and without the digits of
/// `resourceVersion`, which are known only when the object is stored.
#[derive(Debug)]
struct Json {
    bytes: Bytes,
    /// Position of the digits.
    gap: usize,
    /// Position of `metadata.labels`.
    labels: Option<Range<usize>>,
}

impl Stored {
    /// Creates the stored form of an object. Its version is 0 until [`at`](Self::at) sets it.
    pub(super) fn new(id: ObjectId, object: &Object, kind: &Kind) -> Result<Self> {
        let fields = kind.selectable_fields().map(|field| (field.into(), field_text(object.as_value(), field).into()));
        let uid = object.meta("uid").unwrap_or_default().into();
        Ok(Self { id, uid, version: 0, json: Json::of(object)?, fields: fields.collect() })
    }

    /// Sets the resourceVersion.
    pub(super) fn at(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Returns the length of the JSON, in bytes.
    pub(super) fn len(&self) -> usize {
        self.json.bytes.len()
    }

    /// Returns the bytes of memory that the object uses, rounded up.
    pub(super) fn weight(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(field, text)| field.len() + text.len() + 64).sum();
        OVERHEAD + self.len() + self.id.len() + fields
    }

    /// Returns the JSON of the object as a version of its kind, with a resourceVersion. The pieces share the stored
    /// bytes.
    pub(super) fn pieces(&self, kind: &Kind, version: u64) -> [Bytes; 4] {
        let Json { bytes, gap, .. } = &self.json;
        [kind.head.clone(), bytes.slice(1..*gap), Bytes::from(version.to_string()), bytes.slice(gap..)]
    }

    /// Decodes the object as a version of its kind, with a resourceVersion.
    ///
    /// # Errors
    ///
    /// Returns an internal error when `T` cannot hold the object. The object was validated when it was stored, so this
    /// is a bug, or an object of another version that does not fit `T`.
    pub(super) fn decode_at<T: DeserializeOwned>(&self, kind: &Kind, version: u64) -> Result<T> {
        serde_json::from_slice(&self.pieces(kind, version).concat()).map_err(Error::internal)
    }

    /// Decodes the object as a version of its kind.
    ///
    /// # Errors
    ///
    /// Fails as [`decode_at`](Self::decode_at).
    pub(super) fn decode<T: DeserializeOwned>(&self, kind: &Kind) -> Result<T> {
        self.decode_at(kind, self.version)
    }

    /// Decodes the object for a write.
    pub(super) fn object(&self, kind: &Kind) -> Result<Object> {
        Object::of_value(self.decode(kind)?, kind)
    }

    /// Returns whether a label selector selects the object.
    pub(super) fn has_labels(&self, selector: &LabelSelector) -> bool {
        if selector.is_empty() {
            return true;
        }
        let labels = self.json.labels.clone().and_then(|place| serde_json::from_slice(&self.json.bytes[place]).ok());
        let labels: HashMap<String, String> = labels.unwrap_or_default();
        selector.matches(|key| labels.get(key).map(String::as_str))
    }

    /// Returns whether a field selector selects the object.
    pub(super) fn has_fields(&self, selector: &FieldSelector, kind: &Kind) -> bool {
        selector.matches(|field| match field {
            "metadata.name" => self.id.name.to_string(),
            "metadata.namespace" => self.id.namespace.to_string(),
            field => self.field(field).map_or_else(|| self.look_up(field, kind), str::to_owned),
        })
    }

    fn field(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| **name == *field).map(|(_, text)| &**text)
    }

    /// Returns the text of a field that is selectable in `kind` but not in the version that wrote the object.
    fn look_up(&self, field: &str, kind: &Kind) -> String {
        self.decode(kind).map(|object: Value| field_text(&object, field)).unwrap_or_default()
    }
}

/// Returns the text by which selectors compare a field: that of a scalar, or the empty text for an absent field.
fn field_text(object: &Value, field: &str) -> String {
    match path::get(object, field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

impl Json {
    fn of(object: &Object) -> Result<Self> {
        let mut writer = Writer { out: Vec::new(), gap: 0, labels: None };
        writer.object(object).map_err(Error::internal)?;
        let Writer { mut out, gap, labels } = writer;
        out.shrink_to_fit();
        Ok(Self { bytes: out.into(), gap, labels })
    }
}

/// Writer of an object's JSON. Records the positions of the resourceVersion and the labels.
struct Writer {
    out: Vec<u8>,
    gap: usize,
    labels: Option<Range<usize>>,
}

impl Writer {
    fn object(&mut self, object: &Object) -> serde_json::Result<()> {
        self.out.push(b'{');
        for (index, (name, value)) in object.fields().filter(|(name, _)| *name != "apiVersion").enumerate() {
            self.name(index, name)?;
            match value {
                Value::Object(metadata) if name == "metadata" => self.metadata(metadata)?,
                value => self.value(value)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn metadata(&mut self, metadata: &Map<String, Value>) -> serde_json::Result<()> {
        self.out.push(b'{');
        for (index, (name, value)) in metadata.iter().enumerate() {
            self.name(index, name)?;
            let start = self.out.len();
            match name.as_str() {
                "resourceVersion" => self.version(),
                _ => self.value(value)?,
            }
            if name == "labels" {
                self.labels = Some(start..self.out.len());
            }
        }
        if !metadata.contains_key("resourceVersion") {
            self.name(metadata.len(), "resourceVersion")?;
            self.version();
        }
        self.out.push(b'}');
        Ok(())
    }

    fn version(&mut self) {
        self.out.extend_from_slice(b"\"\"");
        self.gap = self.out.len() - 1;
    }

    fn name(&mut self, index: usize, name: &str) -> serde_json::Result<()> {
        if index > 0 {
            self.out.push(b',');
        }
        self.value(&name)?;
        self.out.push(b':');
        Ok(())
    }

    fn value(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.out, value)
    }
}
