//! Validation of the objects of an operation, away from the threads that answer requests.

use crate::backend;
use crate::problem::Problem;
use crate::validation::{Mode, Validation};
use crate::{Resource, work};

/// Judges an object that is to be created; `length` is that of its JSON, in bytes.
pub(super) async fn creation<K: Resource>(validation: &Validation, object: K, length: usize) -> Result<K, Problem> {
    if validation.mode() == Mode::Off {
        return Ok(object);
    }
    let validation = validation.clone();
    Ok(work::run(length, move || validation.creation(&object).map(|()| object)).await?)
}

/// Judges an object that is to replace another. The other one is read only when something is wrong.
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

/// Judges objects that the backend has answered, if all are judged.
pub(super) async fn answered<K: Resource, A: Send + 'static>(
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
