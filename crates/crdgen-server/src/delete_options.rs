//! Deletion options from the request: the body `DeleteOptions` of `meta.k8s.io/v1`, which kubectl and client-go send,
//! and the query of a collection deletion.

use axum::extract::{FromRequest, Request};
use axum::http::Method;
use axum::http::request::Parts;
use crdgen_backend::{Cause, ListQuery, Preconditions, Propagation, Reason, WriteOptions, WriteReport};
use serde::Deserialize;
use serde_json::Value;

use super::body::{self, decode};
use super::query::{self, bad};
use super::write_options::{self, invalid};
use crate::problem::Problem;

/// Deletion options in the body. A deletion without a body has the defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(super) struct DeleteOptions {
    api_version: Option<String>,
    kind: Option<String>,
    grace_period_seconds: Option<i64>,
    preconditions: Option<Conditions>,
    orphan_dependents: Option<bool>,
    propagation_policy: Option<String>,
    dry_run: Option<Vec<String>>,
    ignore_store_read_error_with_cluster_breaking_potential: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Conditions {
    uid: Option<String>,
    resource_version: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for DeleteOptions {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // An empty body needs no `Content-Type`.
        let is_json = body::form(&request, &["application/json"]);
        let bytes = body::read(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        is_json?;
        check_form(&decode(&bytes)?)?;
        let options: Self = decode(&bytes)?;
        options.check()?;
        Ok(options)
    }
}

/// Refuses JSON arrays, because serde would read an array as a struct, by the order of its fields.
fn check_form(body: &Value) -> Result<(), Problem> {
    let is_list = |value: Option<&Value>| value.is_some_and(Value::is_array);
    if body.is_object() && !is_list(body.get("preconditions")) {
        return Ok(());
    }
    Err(Problem::new(Reason::BadRequest, "the body must be a JSON object of the kind DeleteOptions"))
}

impl DeleteOptions {
    fn check(&self) -> Result<(), Problem> {
        let is_other = |kind: &String| kind != "DeleteOptions";
        if let Some(kind) = self.kind.as_ref().filter(|kind| is_other(kind)) {
            return Err(Problem::new(Reason::BadRequest, format!("the body is a {kind:?}, not DeleteOptions")));
        }
        if self.orphan_dependents.is_some() && self.propagation_policy.is_some() {
            return Err(refused(
                "propagationPolicy",
                "FieldValueInvalid",
                "orphanDependents and propagationPolicy cannot be both set",
            ));
        }
        if self.ignore_store_read_error_with_cluster_breaking_potential == Some(true) {
            return Err(refused(
                "ignoreStoreReadErrorWithClusterBreakingPotential",
                "FieldValueForbidden",
                "Forbidden: this service does not support it",
            ));
        }
        Ok(())
    }

    /// Returns the preconditions of the body merged with those of `If-Match`. Both must hold.
    ///
    /// # Errors
    ///
    /// [`BadRequest`](Reason::BadRequest) when both name a version and the versions differ.
    pub(super) fn preconditions(&self, if_match: Preconditions) -> Result<Preconditions, Problem> {
        let Some(Conditions { uid, resource_version }) = &self.preconditions else { return Ok(if_match) };
        match (&if_match.resource_version, resource_version) {
            (Some(header), Some(body)) if header != body => Err(Problem::new(
                Reason::BadRequest,
                "If-Match and preconditions.resourceVersion must be the same version",
            )),
            _ => Ok(Preconditions {
                uid: uid.clone(),
                resource_version: if_match.resource_version.or_else(|| resource_version.clone()),
            }),
        }
    }

    /// Returns the options of the query merged with those of the body. The deletion is a dry run if either asks for
    /// one.
    pub(super) fn options(&self, mut options: WriteOptions) -> Result<WriteOptions, Problem> {
        for value in self.dry_run.iter().flatten() {
            options.effect = write_options::effect(value).map_err(|cause| invalid(&Method::DELETE, cause))?;
        }
        if let Some(policy) = &self.propagation_policy {
            options.propagation =
                Some(write_options::propagation(policy).map_err(|cause| invalid(&Method::DELETE, cause))?);
        }
        if let Some(orphan) = self.orphan_dependents {
            options.propagation = Some(if orphan { Propagation::Orphan } else { Propagation::Background });
        }
        options.grace_period_seconds = self.grace_period_seconds.or(options.grace_period_seconds);
        Ok(options)
    }

    /// Turns a failed precondition (412) into a conflict (409) if the body has preconditions, because clients that send
    /// them expect 409. Without preconditions in the body it stays 412.
    pub(super) fn conflict(&self, problem: Problem) -> Problem {
        if problem.reason != Reason::PreconditionFailed || self.preconditions.is_none() {
            return problem;
        }
        let conflict = Problem::new(Reason::Conflict, problem.to_string());
        problem.causes.into_iter().fold(conflict, Problem::with_cause)
    }
}

fn refused(field: &str, reason: &str, message: &str) -> Problem {
    let cause = Cause { field: field.to_owned(), reason: reason.to_owned(), message: message.to_owned() };
    invalid(&Method::DELETE, cause)
}

/// Query of a collection deletion: selectors and deletion options.
///
/// Accepts only `labelSelector`, `fieldSelector`, `dryRun`, `propagationPolicy` and `gracePeriodSeconds`. Any other
/// parameter is refused, so that a misspelt selector does not delete everything.
#[derive(Clone, Debug, Default)]
pub(super) struct CollectionQuery {
    pub(super) query: ListQuery,
    pub(super) options: WriteOptions,
}

impl CollectionQuery {
    pub(super) fn read(head: &Parts) -> Result<Self, Problem> {
        let mut deletion = Self::default();
        let Self { query, options } = &mut deletion;
        let known = "labelSelector, fieldSelector, dryRun, propagationPolicy and gracePeriodSeconds";
        query::read(head, "this deletion", known, |parameter, value| {
            match parameter {
                "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
                "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
                _ => return write_options::take(options, &head.method, parameter, value),
            }
            Ok(true)
        })?;
        deletion.options.report = Some(WriteReport::default());
        Ok(deletion)
    }
}
