//! Events of watches.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;

use super::{FieldSelector, Key, LabelSelector};

/// Stream of watch events. An error does not always end the stream: events can follow.
pub type Watch<T> = Pin<Box<dyn Stream<Item = super::Result<Event<T>>> + Send>>;

/// Watch for the answer to a caller, with decoded objects or with the JSON of the objects. A backend returns the form
/// that it can produce at the lowest cost.
///
/// A service that overrides the watch returns `Ok(watch.into())`.
pub enum EventStream<T> {
    /// Events with decoded objects.
    Decoded(Watch<T>),
    /// Events with objects as JSON.
    Encoded(Watch<EncodedObject>),
}

impl<T> From<Watch<T>> for EventStream<T> {
    fn from(watch: Watch<T>) -> Self {
        Self::Decoded(watch)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decoded(_) => "Decoded(..)",
            Self::Encoded(_) => "Encoded(..)",
        })
    }
}

/// JSON of an object or view, with the key and uid of the object. A clone shares the JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedObject {
    namespace: Option<Arc<str>>,
    name: Arc<str>,
    uid: Arc<str>,
    json: Vec<Bytes>,
}

impl EncodedObject {
    /// Creates the encoded form of the object with this key and uid. Replaces line breaks in the JSON by spaces,
    /// because a line break ends an event in the HTTP answer.
    pub fn new(key: &Key, uid: &str, json: impl Into<Bytes>) -> Self {
        let namespace = key.namespace.as_ref().map(|namespace| namespace.as_str().into());
        Self { namespace, name: key.name.as_str().into(), uid: uid.into(), json: vec![in_one_line(json.into())] }
    }

    /// Creates the encoded form from shared pieces of JSON.
    #[doc(hidden)]
    pub fn shared(namespace: Option<Arc<str>>, name: Arc<str>, uid: Arc<str>, json: Vec<Bytes>) -> Self {
        Self { namespace, name, uid, json }
    }

    /// Returns the namespace of the object. `None` for a cluster-scoped kind.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the name of the object.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the uid of the object.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Returns the JSON in pieces. Concatenated, they are the JSON of the object.
    pub fn json(&self) -> &[Bytes] {
        &self.json
    }
}

fn in_one_line(json: Bytes) -> Bytes {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !json.iter().any(is_break) {
        return json;
    }
    json.iter().map(|byte| if is_break(byte) { b' ' } else { *byte }).collect()
}

/// Event of a watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<T> {
    /// Change that the event reports.
    pub change: Change<T>,
    /// resourceVersion from which a later watch can resume ([`Start::ResourceVersion`]). All changes up to this resourceVersion
    /// were reported. `None` while the watch reports the existing objects, because their order is not that of their
    /// resourceVersions.
    pub resource_version: Option<String>,
}

/// Type of a change, with the object.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T> {
    /// The object was created, matches the selectors now and did not before, or existed when the watch began.
    Added(T),
    /// The object changed.
    Modified(T),
    /// The object was deleted, or no longer matches the selectors. Contains the last state of the object.
    Deleted(T),
    /// The object was deleted, or no longer matches the selectors. The last state of the object is unknown.
    DeletedFinalStateUnknown(DeletedKey),
    /// All objects that existed when the watch began were reported. After the watch had to list the objects again, this
    /// event follows the differences.
    InitialEventsEnd,
    /// Nothing changed. Only the event's resourceVersion is new.
    Bookmark,
}

/// Key and uid of an object that disappeared while the watch was not connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedKey {
    /// Key of the object.
    pub key: Key,
    /// Uid of the object. A later object with the same name has another uid.
    pub uid: String,
}

/// Selectors and start of a watch. Default: all objects, and [`Start::InitialEvents`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchQuery {
    /// Label selector.
    pub labels: LabelSelector,
    /// Field selector.
    pub fields: FieldSelector,
    /// Start of the watch.
    pub start: Start,
}

/// Start of a watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Begins with the existing objects. If the server no longer has the changes since the last event, the watch lists
    /// the objects again and reports the differences.
    #[default]
    InitialEvents,
    /// Begins with the first change after this resourceVersion. The watch ends with
    /// [`Reason::Expired`](super::Reason::Expired) if the server no longer has the changes since this resourceVersion.
    ResourceVersion(String),
}

impl<T> Change<T> {
    /// Converts the object.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Change<U> {
        let Ok(change) = self.try_map(|object| Ok::<_, Infallible>(form(object)));
        change
    }

    /// Converts the object with a conversion that may fail.
    #[doc(hidden)]
    pub fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Added(object) => Change::Added(form(object)?),
            Self::Modified(object) => Change::Modified(form(object)?),
            Self::Deleted(object) => Change::Deleted(form(object)?),
            Self::DeletedFinalStateUnknown(deleted_key) => Change::DeletedFinalStateUnknown(deleted_key),
            Self::InitialEventsEnd => Change::InitialEventsEnd,
            Self::Bookmark => Change::Bookmark,
        })
    }
}
