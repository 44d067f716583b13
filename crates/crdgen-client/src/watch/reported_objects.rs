//! Objects that a watch has reported. Used to report nothing twice, and to report objects that were deleted during a
//! gap.

use std::collections::HashMap;

use crdgen_backend::DeletedKey;

use crate::head::{self, Head};

/// Existing objects, as far as they were reported.
#[derive(Debug, Default)]
pub struct ReportedObjects {
    objects: HashMap<Box<str>, Entry>,
    round: u32,
}

#[derive(Debug)]
struct Entry {
    uid: Box<str>,
    version: Box<str>,
    /// Last list that contained the object.
    round: u32,
}

/// Events to report for a state of an object.
#[derive(Debug, PartialEq, Eq)]
pub enum ToReport {
    /// Nothing: the state was reported before.
    None,
    /// The object is new.
    Added,
    /// The object is new and replaces a deleted object with the same name.
    Replaced(DeletedKey),
    /// The object changed.
    Modified,
}

impl ReportedObjects {
    /// Begins a list.
    pub fn begin(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// Records a state of an object. Returns the events to report.
    pub fn here(&mut self, object: &Head<'_>) -> ToReport {
        let (path, meta) = (object.path(), &object.metadata);
        let entry = Entry { uid: (*meta.uid).into(), version: (*meta.resource_version).into(), round: self.round };
        let Some(known) = self.objects.get_mut(path.as_str()) else {
            self.objects.insert(path.into(), entry);
            return ToReport::Added;
        };
        let before = std::mem::replace(known, entry);
        match (before.uid == known.uid, before.version == known.version) {
            (true, true) => ToReport::None,
            (true, false) => ToReport::Modified,
            (false, _) => deleted_key(&path, &before).map_or(ToReport::Modified, ToReport::Replaced),
        }
    }

    /// Records a deleted object. Returns whether the deletion must be reported.
    pub fn gone(&mut self, object: &Head<'_>) -> bool {
        let path = object.path();
        let is_it = self.objects.get(path.as_str()).is_some_and(|known| *known.uid == *object.metadata.uid);
        if is_it {
            self.objects.remove(path.as_str());
        }
        is_it
    }

    /// Ends a list. Returns the objects that the list did not contain, in order.
    pub fn end(&mut self) -> Vec<DeletedKey> {
        let round = self.round;
        let mut gone: Vec<_> = self.objects.extract_if(|_, entry| entry.round != round).collect();
        gone.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        gone.iter().filter_map(|(path, entry)| deleted_key(path, entry)).collect()
    }
}

fn deleted_key(path: &str, entry: &Entry) -> Option<DeletedKey> {
    // Always a valid key, since the server validated the names.
    Some(DeletedKey { key: head::key(path)?, uid: entry.uid.to_string() })
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
        let mut reported = ReportedObjects::default();
        reported.begin();
        assert_eq!(reported.here(&head("a", "1", "5")), ToReport::Added);
        assert_eq!(reported.here(&head("b", "2", "6")), ToReport::Added);
        assert_eq!(reported.end(), []);
        assert_eq!(reported.here(&head("a", "1", "5")), ToReport::None);
        assert_eq!(reported.here(&head("a", "1", "7")), ToReport::Modified);
        reported.begin();
        assert_eq!(reported.here(&head("a", "1", "7")), ToReport::None);
        let deleted_key: Vec<_> = reported.end().into_iter().map(|deleted_key| deleted_key.uid).collect();
        assert_eq!(deleted_key, ["2"]);
        assert!(!reported.gone(&head("b", "2", "8")), "it was received");
        assert!(matches!(reported.here(&head("a", "3", "9")), ToReport::Replaced(gone) if gone.uid == "1"));
        assert!(!reported.gone(&head("a", "1", "8")), "another of its name is there");
        assert!(reported.gone(&head("a", "3", "10")));
    }
}
