//! Collectors for information about a write that its result does not contain.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Warnings about writes, in the order in which they were added. Clones share the list of warnings.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    texts: Arc<Mutex<Vec<String>>>,
}

impl Warnings {
    /// Removes and returns all warnings.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a warning.
    pub fn add(&self, text: &str) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }
}

/// Collector for the warnings of a write, and for whether an apply created the object. Clones share the collected
/// information. A service gives one clone to the backend, and reads the other to answer its caller.
#[derive(Clone, Debug, Default)]
pub struct WriteReport {
    warnings: Warnings,
    created: Arc<AtomicBool>,
}

impl WriteReport {
    /// Returns the list of warnings, for example about dropped fields or names that Kubernetes discourages.
    pub fn warnings(&self) -> &Warnings {
        &self.warnings
    }

    /// Records that an apply created the object.
    pub fn set_created(&self) {
        self.created.store(true, Ordering::Relaxed);
    }

    /// Returns whether an apply created the object.
    pub fn has_created(&self) -> bool {
        self.created.load(Ordering::Relaxed)
    }
}
