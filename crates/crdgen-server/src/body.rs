//! JSON request bodies.
//!
//! axum's `DefaultBodyLimit` limits the size: 2 MB by default, or the limit that `serve` sets. etcd itself refuses
//! objects above 1.5 MiB.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use crdgen_backend::validation::Validation;
use crdgen_backend::{Cause, FieldValidation, MergePatch, Reason, WriteReport, work};
use crdgen_core::Resource;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::{query, strict};
use crate::problem::Problem;

/// Body of `application/json`, decoded as `T`.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        form(&request, &["application/json"])?;
        read_as(request, state).await.map(Self)
    }
}

/// Object from a request body of `application/json`.
///
/// The extractor looks for fields that the kind does not declare, since the type drops them. With
/// `fieldValidation=Strict` such fields are refused. With `Warn`, the default, the answer carries a warning for each,
/// if [`WriteOptions`](crdgen_backend::WriteOptions) were extracted before the body.
#[derive(Clone, Debug)]
pub struct ObjectBody<K> {
    /// Decoded object.
    pub object: K,
    /// Length of the body, in bytes.
    pub length: usize,
}

impl<S: Send + Sync, K: Resource> FromRequest<S> for ObjectBody<K> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        form(&request, &["application/json"])?;
        let asked = query::one(request.uri(), "fieldValidation");
        let is = |validation: FieldValidation| asked.as_deref() == Some(validation.as_str());
        let (is_strict, is_ignorant) = (is(FieldValidation::Strict), is(FieldValidation::Ignore));
        let report = request.extensions().get::<WriteReport>().cloned();
        let bytes = read(request, state).await?;
        let length = bytes.len();
        let object_body = move || {
            let object = decode(&bytes)?;
            if is_strict {
                declared::<K>(decode(&bytes)?)?;
            } else if let Some(report) = report.filter(|_| !is_ignorant) {
                let unknown = Validation::unknown_fields::<K>(decode(&bytes)?);
                unknown.iter().for_each(|field| report.warnings().add(&unknown_field(field)));
            }
            Ok(Self { object, length })
        };
        work::run(length, object_body).await
    }
}

/// Body of `application/merge-patch+json`, or of `application/json` for clients that cannot send other media types.
pub(super) struct Merge(pub(super) MergePatch);

impl<S: Send + Sync> FromRequest<S> for Merge {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        form(&request, &["application/merge-patch+json", "application/json"])?;
        read_as(request, state).await.map(|changes| Self(MergePatch::new(changes)))
    }
}

/// Refuses fields that the kind does not declare, with the API server's message.
fn declared<K: Resource>(object: Value) -> Result<(), Problem> {
    let unknown = Validation::unknown_fields::<K>(object);
    if unknown.is_empty() {
        return Ok(());
    }
    let said: Vec<_> = unknown.iter().map(|field| unknown_field(field)).collect();
    let (kind, version) = (K::KIND, K::VERSION);
    let detail = format!(
        "{kind} in version {version:?} cannot be handled as a {kind}: strict decoding error: {}",
        said.join(", ")
    );
    let causes = unknown.into_iter().map(|field| Cause::invalid(field, "unknown field"));
    Err(causes.fold(Problem::new(Reason::BadRequest, detail), Problem::with_cause))
}

pub(super) fn unknown_field(field: &str) -> String {
    format!("unknown field {field:?}")
}

/// Returns the entry of `accepted` that matches the media type of the body.
pub(super) fn form(request: &Request, accepted: &[&'static str]) -> Result<&'static str, Problem> {
    let headers = request.headers();
    let found = media_type(headers).and_then(|found| accepted.iter().find(|name| found.eq_ignore_ascii_case(name)));
    let Some(found) = found else {
        let detail = format!("the body must be {}, in UTF-8", accepted.join(" or "));
        return Err(Problem::new(Reason::UnsupportedMediaType, detail));
    };
    if headers.get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
        return Err(Problem::new(Reason::UnsupportedMediaType, "the body must not be compressed"));
    }
    Ok(found)
}

/// Reads the whole body.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Reason::RequestEntityTooLarge, "the body is larger than this server allows")
        }
        _ => Problem::new(Reason::BadRequest, "the body could not be read completely"),
    })
}

/// Reads and decodes the whole body. A large body is decoded outside the threads that answer requests.
pub(super) async fn read_as<S, T>(request: Request, state: &S) -> Result<T, Problem>
where
    S: Send + Sync,
    T: DeserializeOwned + Send + 'static,
{
    let bytes = read(request, state).await?;
    work::run(bytes.len(), move || decode(&bytes)).await
}

/// Returns the media type without its parameters. Returns `None` if there is not exactly one `Content-Type`, or if its
/// charset is not UTF-8: another program could read such a body as something else than JSON.
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

/// Decodes a body. Text that is not JSON, is nested too deep or repeats a key is a bad request (400). JSON that is not
/// a `T` is an invalid object (422), and the problem names the field.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
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
