//! Events of watches.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;

use super::{FieldSelector, Key, LabelSelector};

/// A watch. An error does not end it unless nothing follows.
pub type Watch<T> = Pin<Box<dyn Stream<Item = super::Result<Event<T>>> + Send>>;

/// A watch that is to be passed on: its objects are decoded, or JSON that nobody decoded. A backend answers with what costs
/// it least.
///
/// A service with a watch of its own answers `Ok(watch.into())`.
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

/// JSON of an object, or of a view of one, and which object it is. A clone shares the JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedObject {
    namespace: Option<Arc<str>>,
    name: Arc<str>,
    uid: Arc<str>,
    json: Vec<Bytes>,
}

impl EncodedObject {
    /// JSON of the object with this key and uid. Line breaks, which stand only between values, become spaces: they would end
    /// an event too early.
    pub fn new(key: &Key, uid: &str, json: impl Into<Bytes>) -> Self {
        let namespace = key.namespace.as_ref().map(|namespace| namespace.as_str().into());
        Self { namespace, name: key.name.as_str().into(), uid: uid.into(), json: vec![in_one_line(json.into())] }
    }

    /// JSON in pieces that others hold too.
    #[cfg(feature = "memory")]
    pub(crate) fn shared(namespace: Option<Arc<str>>, name: Arc<str>, uid: Arc<str>, json: Vec<Bytes>) -> Self {
        Self { namespace, name, uid, json }
    }

    /// Namespace of the object; `None` for a cluster-scoped kind.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Name of the object.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Uid of the object.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The JSON, in pieces. It is that of all pieces together.
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

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<T> {
    /// The change.
    pub change: Change<T>,
    /// Version after which a later watch may go on ([`Start::After`]): everything up to this version was told. Absent while a list is
    /// told, which is in no order of time.
    pub resource_version: Option<String>,
}

/// Kind of a change, with its object.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T> {
    /// An object is there. It was created, or begins to be selected, or was there when the watch began.
    Added(T),
    /// An object changed.
    Modified(T),
    /// An object is gone, or no longer selected. This is its last state.
    Deleted(T),
    /// An object is gone, or no longer selected; its last state was not seen.
    Vanished(Vanished),
    /// Everything that was there when the watch began has been told, or, after a gap that the server could not fill, all that
    /// became of it.
    Synced,
    /// Time went on, nothing else happened.
    Bookmark,
}

/// An object that went unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vanished {
    /// Key of the object.
    pub key: Key,
    /// Another object of the same name has another.
    pub uid: String,
}

/// Selection and start of a watch. The default is everything, from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchQuery {
    /// By label.
    pub labels: LabelSelector,
    /// By field.
    pub fields: FieldSelector,
    /// Since when.
    pub start: Start,
}

/// Start of a watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// With everything that is there. A gap is closed by looking again and telling what differs.
    #[default]
    Everything,
    /// After this version. When the server no longer knows what happened since, the watch ends with
    /// [`Reason::Expired`](super::Reason::Expired).
    After(String),
}

impl<T> Change<T> {
    /// Converts the object.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Change<U> {
        let Ok(change) = self.try_map(|object| Ok::<_, Infallible>(form(object)));
        change
    }

    /// Converts the object, which may fail.
    pub(crate) fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Added(object) => Change::Added(form(object)?),
            Self::Modified(object) => Change::Modified(form(object)?),
            Self::Deleted(object) => Change::Deleted(form(object)?),
            Self::Vanished(vanished) => Change::Vanished(vanished),
            Self::Synced => Change::Synced,
            Self::Bookmark => Change::Bookmark,
        })
    }
}
