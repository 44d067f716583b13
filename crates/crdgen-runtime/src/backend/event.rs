//! What a watch tells.

use std::convert::Infallible;
use std::pin::Pin;

use futures_core::Stream;

use super::{FieldSelector, Key, LabelSelector};

/// A watch. An error does not end it unless nothing follows.
pub type Watch<T> = Pin<Box<dyn Stream<Item = super::Result<Event<T>>> + Send>>;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<T> {
    /// What.
    pub change: Change<T>,
    /// Where a later watch may go on ([`Start::After`]): everything up to this version was told. Absent while a list is
    /// told, which is in no order of time.
    pub resource_version: Option<String>,
}

/// What happened.
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
    /// Which it was.
    pub key: Key,
    /// Another object of the same name has another.
    pub uid: String,
}

/// What to watch. The default is everything, from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchQuery {
    /// By label.
    pub labels: LabelSelector,
    /// By field.
    pub fields: FieldSelector,
    /// Since when.
    pub start: Start,
}

/// Where a watch begins.
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
    /// The same of another form of the object.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Change<U> {
        let Ok(change) = self.try_map(|object| Ok::<_, Infallible>(form(object)));
        change
    }

    /// As [`map`](Self::map), where the other form may fail.
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
