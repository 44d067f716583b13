//! `If-Match` and `If-None-Match`. An entity tag is a resourceVersion in quotes.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use crdgen_backend::{Preconditions, Reason};
use crdgen_core::Resource;

use super::reply::ObjectResponse;
use crate::problem::Problem;

/// Reads `If-Match`: the resourceVersion that the stored object must have. `*` adds no condition, because every write
/// requires that the object exists.
pub(super) fn preconditions(head: &Parts) -> Result<Preconditions, Problem> {
    let resource_version = match tags(&head.headers, header::IF_MATCH)?.as_slice() {
        [] => None,
        [Tag::Any] => None,
        [Tag::Version(version)] => Some(version.clone()),
        _ => return Err(Problem::new(Reason::BadRequest, "If-Match must have exactly one entity tag")),
    };
    Ok(Preconditions { uid: None, resource_version })
}

/// Entity tags of `If-None-Match`: the versions that the caller already has.
#[derive(Clone, Debug, Default)]
pub struct IfNoneMatch(Vec<Tag>);

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(parts)
    }
}

impl IfNoneMatch {
    pub(super) fn read(head: &Parts) -> Result<Self, Problem> {
        tags(&head.headers, header::IF_NONE_MATCH).map(Self)
    }

    /// Returns the object, or 304 without a body if the caller already has this version.
    pub fn reply<K: Resource>(&self, object: K) -> ObjectResponse<K> {
        ObjectResponse::unless(object, |version| {
            self.0.iter().any(|tag| match tag {
                Tag::Any => true,
                Tag::Version(known) => known == version,
            })
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tag {
    Any,
    Version(String),
}

/// Parses the entity tags of a header. A weak tag counts as a strong one: proxies weaken the tag of an answer that they
/// compress, and the resourceVersion in it still identifies the version.
fn tags(headers: &HeaderMap, name: HeaderName) -> Result<Vec<Tag>, Problem> {
    let bad =
        || Problem::new(Reason::BadRequest, format!("{name} must have entity tags of the form \"version\", or *"));
    let mut tags = Vec::new();
    for line in headers.get_all(&name) {
        for text in line.to_str().map_err(|_| bad())?.split(',').map(str::trim) {
            let quoted = text.strip_prefix("W/").unwrap_or(text);
            let version = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            tags.push(match (text, version) {
                ("*", _) => Tag::Any,
                (_, Some(version)) => Tag::Version(version.to_owned()),
                _ => return Err(bad()),
            });
        }
    }
    Ok(tags)
}
