//! Validation of the objects of an operation, outside the threads that answer requests.

use crdgen_backend as backend;
use crdgen_backend::validation::{Mode, Validation};
use crdgen_backend::work;
use crdgen_core::Resource;

use crate::problem::Problem;

/// Validates an object that is to be created. `length` is the length of its JSON, in bytes.
pub(super) async fn creation<K: Resource>(validation: &Validation, object: K, length: usize) -> Result<K, Problem> {
    if validation.mode() == Mode::Off {
        return Ok(object);
    }
    let validation = validation.clone();
    Ok(work::run(length, move || validation.creation(&object).map(|()| object)).await?)
}

/// Validates an object that replaces another. The stored object is read only if the new one is invalid.
pub(super) async fn replacement<K: Resource>(
    validation: &Validation,
    object: K,
    length: usize,
    read: impl Future<Output = backend::Result<K>>,
) -> Result<K, Problem> {
    if validation.mode() == Mode::Off {
        return Ok(object);
    }
    let first = validation.clone();
    let (is_taken, object) = work::run(length, move || (first.takes(&object), object)).await;
    if is_taken? {
        return Ok(object);
    }
    let Ok(old) = read.await else { return Ok(object) };
    let again = validation.clone();
    Ok(work::run(usize::MAX, move || again.change(&object, &old).map(|()| object)).await?)
}

/// Validates objects in the answer of the backend, if the mode is [`Mode::All`].
pub(super) async fn answer<K: Resource, A: Send + 'static>(
    validation: &Validation,
    answer: A,
    objects: fn(&A) -> &[K],
) -> A {
    if validation.mode() != Mode::All {
        return answer;
    }
    let validation = validation.clone();
    work::run(usize::MAX, move || {
        validation.answered(objects(&answer));
        answer
    })
    .await
}
