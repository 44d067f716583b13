//! Memory for large events.

use crdgen_backend::work::{EventMemory, ReservedMemory};

/// Size in bytes that is reserved for an event before its size is known: more than an API server stores in one object
/// by default, 1.5 MiB.
const LARGEST: usize = 2 << 20;

/// Reserves memory for a large event.
pub async fn reserve(memory: Option<&EventMemory>) -> Option<ReservedMemory> {
    match memory {
        Some(memory) => Some(memory.take(LARGEST).await),
        None => None,
    }
}
