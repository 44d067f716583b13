//! JSON of the requests to and answers from `authentication.k8s.io/v1` and `authorization.k8s.io/v1`.
//!
//! The types are defined here, so that a service need not choose a version of `k8s-openapi` for six fields that never
//! changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::memo::Digest;
use super::{Token, User};
use crate::{Subresource, Target, Verb};

/// `spec` of a review request.
pub(super) trait Review: Serialize {
    const API_VERSION: &'static str;
    const KIND: &'static str;
    const PATH: &'static str;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked<'a, R> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) spec: &'a R,
}

#[derive(Deserialize)]
pub(super) struct Answered<S> {
    pub(super) status: S,
}

/// `spec` of a `TokenReview`: the token and its accepted audiences.
#[derive(Serialize)]
pub(super) struct TokenReview<'a> {
    token: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    audiences: &'a [String],
}

/// `status` of a `TokenReview`. A missing field counts as a refusal.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct TokenStatus {
    pub(super) authenticated: bool,
    /// `None` or empty for a token that belongs to nobody.
    pub(super) user: Option<Value>,
    pub(super) audiences: Vec<String>,
}

impl<'a> TokenReview<'a> {
    pub(super) fn new(token: &'a Token, audiences: &'a [String]) -> Self {
        Self { token: token.expose(), audiences }
    }
}

impl Review for TokenReview<'_> {
    const API_VERSION: &'static str = "authentication.k8s.io/v1";
    const KIND: &'static str = "TokenReview";
    const PATH: &'static str = "/apis/authentication.k8s.io/v1/tokenreviews";
}

/// `spec` of a `SubjectAccessReview`: the user and the resource attributes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessReview<'a> {
    user: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    uid: &'a str,
    groups: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extra: &'a BTreeMap<String, Vec<String>>,
    resource_attributes: Attributes<'a>,
}

#[derive(Serialize)]
struct Attributes<'a> {
    verb: &'static str,
    group: &'static str,
    version: &'static str,
    resource: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subresource: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// `status` of a `SubjectAccessReview`. A missing field counts as a refusal.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct AccessStatus {
    pub(super) allowed: bool,
    pub(super) denied: bool,
}

impl<'a> AccessReview<'a> {
    pub(super) fn new(user: &'a User, verb: Verb, target: &'a Target) -> Self {
        let resource_attributes = Attributes {
            verb: verb.as_str(),
            group: target.group,
            version: target.version,
            resource: target.resource,
            subresource: target.subresource.map(Subresource::as_str),
            namespace: target.namespace.as_ref().map(AsRef::as_ref),
            name: target.name.as_ref().map(AsRef::as_ref),
        };
        Self { user: user.name(), uid: user.uid(), groups: user.groups(), extra: user.extra(), resource_attributes }
    }

    /// Returns the digest of the review. Different reviews have different digests.
    pub(super) fn digest(&self) -> Digest {
        // Strings and maps of strings: serializing them cannot fail.
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }
}

impl Review for AccessReview<'_> {
    const API_VERSION: &'static str = "authorization.k8s.io/v1";
    const KIND: &'static str = "SubjectAccessReview";
    const PATH: &'static str = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
}
