//! What a deletion of many objects is asked for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::query::{self, bad};
use crate::backend::{self, Backend, Error, Key, ListQuery, Preconditions, Reason, Remarks, WriteOptions};
use crate::problem::Problem;
use crate::{List, Metadata as _, Resource};

/// Which objects of a collection go, and whether they really do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Those that are selected; all of them if nothing is said.
    pub query: ListQuery,
    /// How.
    pub options: WriteOptions,
}

/// `labelSelector`, `fieldSelector` and `dryRun`. Any other parameter is refused: a misspelt selector must not delete
/// everything.
impl<S: Send + Sync> FromRequestParts<S> for Deletion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut deletion = Self::default();
        let Self { query, options } = &mut deletion;
        let known = "labelSelector, fieldSelector and dryRun are";
        query::read(parts, "this deletion", known, |parameter, value| {
            match parameter {
                "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
                "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
                _ => return options.take(&parts.method, parameter, value),
            }
            Ok(true)
        })?;
        deletion.options.remarks = Some(Remarks::default());
        Ok(deletion)
    }
}

/// Deletes these objects one by one, as they were found: one that is gone meanwhile, or is another one by now, is left.
///
/// # Errors
///
/// The backend's; the objects before are gone then.
pub async fn delete_each<K: Resource>(backend: &impl Backend<K>, found: List<K>) -> backend::Result<List<K>> {
    for object in &found.items {
        let uid = object.metadata().uid().map(str::to_owned);
        let key = Key::of(object).map_err(Error::internal)?;
        let deleted = backend.delete(&key, &Preconditions { uid, resource_version: None }).await;
        match deleted {
            Err(error) if !matches!(error.reason, Reason::NotFound | Reason::PreconditionFailed) => return Err(error),
            _ => {}
        }
    }
    Ok(found)
}
