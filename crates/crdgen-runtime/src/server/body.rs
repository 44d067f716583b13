//! JSON bodies.
//!
//! The size is limited by axum's `DefaultBodyLimit` (2 MB unless layered otherwise, as `serve` does; etcd itself refuses
//! objects above 1.5 MiB).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::strict;
use crate::backend::{Cause, MergePatch, Reason};
use crate::problem::Problem;

/// A body of `application/json`.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        decode(&read(request, state, &["application/json"]).await?).map(Self)
    }
}

/// A body of `application/merge-patch+json`, or of `application/json` from clients that know no other.
impl<S: Send + Sync> FromRequest<S> for MergePatch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state, &["application/merge-patch+json", "application/json"]).await?;
        decode::<Map<String, Value>>(&bytes).map(Self::new)
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S, accepted: &[&str]) -> Result<Bytes, Problem> {
    let headers = request.headers();
    if !media_type(headers).is_some_and(|found| accepted.iter().any(|name| found.eq_ignore_ascii_case(name))) {
        let detail = format!("the body must be {}, in UTF-8", accepted.join(" or "));
        return Err(Problem::new(Reason::UnsupportedMediaType, detail));
    }
    if headers.get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
        return Err(Problem::new(Reason::UnsupportedMediaType, "the body must not be compressed"));
    }
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Reason::RequestEntityTooLarge, "the body is larger than this server takes")
        }
        _ => Problem::new(Reason::BadRequest, "the body could not be read to its end"),
    })
}

/// The media type without its parameters, if there is one only and its characters are those of JSON: what one program reads
/// as JSON and another as something else is not taken.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let mut parts = value.to_str().ok()?.split(';').map(str::trim);
    let media_type = parts.next()?;
    let charsets =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let mut charsets = charsets.map(|(_, charset)| charset.trim_matches('"'));
    charsets.all(|charset| charset.eq_ignore_ascii_case("utf-8")).then_some(media_type)
}

/// Text that is not JSON, too deep or ambiguous is a bad request; JSON that is not a `T` is an invalid object, with the field
/// to blame.
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    strict::check(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        refused(path, error.into_inner())
    })?;
    deserializer.end().map_err(|error| refused(String::new(), error))?;
    Ok(value)
}

fn refused(path: String, error: serde_json::Error) -> Problem {
    match error.classify() {
        Category::Data => {
            let field = if path == "." { String::new() } else { path };
            let cause = Cause::invalid(field, error.to_string());
            let place = if cause.field.is_empty() { "the body" } else { &cause.field };
            Problem::new(Reason::Invalid, format!("{place}: {error}")).with_cause(cause)
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(Reason::BadRequest, format!("the body is not JSON: {error}"))
        }
    }
}
