//! What a backend has to say of a write beside its outcome.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Warnings as they come, for whoever holds a clone.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    texts: Arc<Mutex<Vec<String>>>,
}

impl Warnings {
    /// Takes what came until now.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds one.
    pub fn add(&self, text: &str) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }
}

/// What was said of a write, for whoever holds a clone: a service hands one to the backend and tells its caller.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    warnings: Warnings,
    created: Arc<AtomicBool>,
}

impl Remarks {
    /// What the backend warns of: fields that it drops, names that it would rather not have.
    pub fn warnings(&self) -> &Warnings {
        &self.warnings
    }

    /// Says that an apply created the object.
    pub fn set_created(&self) {
        self.created.store(true, Ordering::Relaxed);
    }

    /// Whether an apply created the object.
    pub fn has_created(&self) -> bool {
        self.created.load(Ordering::Relaxed)
    }
}
