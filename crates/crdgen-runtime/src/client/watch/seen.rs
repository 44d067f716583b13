//! What a watch has told of, so that it tells nothing twice and misses nobody who left while it was not looking.

use std::collections::HashMap;

use crate::backend::Vanished;
use crate::client::head::{self, Head};

/// The objects that are there, as far as was told.
#[derive(Debug, Default)]
pub struct Seen {
    objects: HashMap<Box<str>, Entry>,
    round: u32,
}

#[derive(Debug)]
struct Entry {
    uid: Box<str>,
    version: Box<str>,
    /// The listing that had it last.
    round: u32,
}

/// What a state of an object is, after what was told before.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// It was told.
    None,
    /// The object is new.
    Added,
    /// The object is new, and another of its name is gone.
    Replaced(Vanished),
    /// The object changed.
    Modified,
}

impl Seen {
    /// A listing begins.
    pub fn begin(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// An object is there.
    pub fn here(&mut self, object: &Head<'_>) -> News {
        let (path, meta) = (object.path(), &object.metadata);
        let entry = Entry { uid: (*meta.uid).into(), version: (*meta.resource_version).into(), round: self.round };
        let Some(known) = self.objects.get_mut(path.as_str()) else {
            self.objects.insert(path.into(), entry);
            return News::Added;
        };
        let before = std::mem::replace(known, entry);
        match (before.uid == known.uid, before.version == known.version) {
            (true, true) => News::None,
            (true, false) => News::Modified,
            (false, _) => vanished(&path, &before).map_or(News::Modified, News::Replaced),
        }
    }

    /// An object is gone; whether that is news.
    pub fn gone(&mut self, object: &Head<'_>) -> bool {
        let path = object.path();
        let is_it = self.objects.get(path.as_str()).is_some_and(|known| *known.uid == *object.metadata.uid);
        if is_it {
            self.objects.remove(path.as_str());
        }
        is_it
    }

    /// A listing ends: those that it did not have are gone. They are in order.
    pub fn end(&mut self) -> Vec<Vanished> {
        let round = self.round;
        let mut gone: Vec<_> = self.objects.extract_if(|_, entry| entry.round != round).collect();
        gone.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        gone.iter().filter_map(|(path, entry)| vanished(path, entry)).collect()
    }
}

fn vanished(path: &str, entry: &Entry) -> Option<Vanished> {
    // Names come from the server, which checked them.
    Some(Vanished { key: head::key(path)?, uid: entry.uid.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &'static str, uid: &'static str, version: &'static str) -> Head<'static> {
        let mut head = Head::default();
        head.metadata.name = Some(name.into());
        head.metadata.uid = uid.into();
        head.metadata.resource_version = version.into();
        head
    }

    #[test]
    fn nothing_twice_and_nobody_missed() {
        let mut seen = Seen::default();
        seen.begin();
        assert_eq!(seen.here(&head("a", "1", "5")), News::Added);
        assert_eq!(seen.here(&head("b", "2", "6")), News::Added);
        assert_eq!(seen.end(), []);
        assert_eq!(seen.here(&head("a", "1", "5")), News::None);
        assert_eq!(seen.here(&head("a", "1", "7")), News::Modified);
        seen.begin();
        assert_eq!(seen.here(&head("a", "1", "7")), News::None);
        let vanished: Vec<_> = seen.end().into_iter().map(|vanished| vanished.uid).collect();
        assert_eq!(vanished, ["2"]);
        assert!(!seen.gone(&head("b", "2", "8")), "it was told");
        assert!(matches!(seen.here(&head("a", "3", "9")), News::Replaced(gone) if gone.uid == "1"));
        assert!(!seen.gone(&head("a", "1", "8")), "another of its name is there");
        assert!(seen.gone(&head("a", "3", "10")));
    }
}
