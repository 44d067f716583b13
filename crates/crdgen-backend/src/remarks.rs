//! Information about a write beside its outcome.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Warnings about writes, in the order in which they were added. A clone shares the warnings.
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

/// Information about a write beside its outcome. A clone shares the remarks: a service gives one to the backend and
/// answers its caller from the other.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    warnings: Warnings,
    created: Arc<AtomicBool>,
}

impl Remarks {
    /// Returns the warnings of the backend, for example about dropped fields or discouraged names.
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
