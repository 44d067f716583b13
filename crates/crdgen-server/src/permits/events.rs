//! Memory for the events of watches, by caller.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crdgen_backend::work::EventMemory;

use super::Holder;

/// Memory for large events that watches on an API server have read and their readers have not taken.
#[derive(Debug)]
pub(super) struct Events {
    all: EventMemory,
    /// Bytes for one holder.
    each: usize,
    /// Parts of the holders that have watches.
    parts: Mutex<HashMap<Holder, EventMemory>>,
}

impl Events {
    /// Creates memory of `bytes` bytes. One holder can have one in `share` of it.
    pub(super) fn new(bytes: usize, share: usize) -> Self {
        Self { all: EventMemory::new(bytes), each: bytes / share.max(1), parts: Mutex::default() }
    }

    /// Returns the part of a holder. Without a holder only the total applies.
    pub(super) fn of(&self, holder: Option<&Holder>) -> EventMemory {
        let Some(holder) = holder else { return self.all.clone() };
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts.get(holder) {
            return part.clone();
        }
        // Parts without a watch go when another holder comes, so there are no more than there are watches.
        parts.retain(|_, part| part.is_shared());
        parts.entry(holder.clone()).or_insert_with(|| self.all.part(self.each)).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_has_one_part_as_long_as_it_watches() {
        let events = Events::new(1 << 20, 4);
        let [ada, eve] = ["ada", "eve"].map(|name| Holder::Caller(name.into()));
        let of_ada = events.of(Some(&ada));
        assert!(of_ada.is_shared());
        drop(events.of(Some(&eve)));
        assert_eq!(events.parts.lock().unwrap().len(), 2);
        drop(of_ada);
        drop(events.of(Some(&Holder::Connection(1))));
        assert_eq!(events.parts.lock().unwrap().len(), 1);
    }
}
