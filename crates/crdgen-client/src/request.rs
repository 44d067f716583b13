//! Requests. A request can be sent several times.

use bytes::Bytes;
use crdgen_backend::{ListQuery, MalformedInput};
use form_urlencoded::Serializer;
use http::{HeaderValue, Method, header};
use kube::client::Body;

use super::error::{Error, Result};
use super::retry::Repeat;

/// Request to the server.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub method: Method,
    pub path: String,
    pub query: Query,
    pub accept: &'static str,
    pub body: Option<Content>,
    pub repeat: Repeat,
}

/// Body of a request.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub media_type: &'static str,
    pub bytes: Bytes,
}

impl Content {
    /// Serializes `value` as JSON with this media type.
    pub fn json<T: serde::Serialize>(media_type: &'static str, value: &T) -> Result<Self> {
        // A value that cannot be serialized is a fault of the caller. The error shows no value of the object.
        let bytes = serde_json::to_vec(value).map_err(|_| MalformedInput::new("the body cannot be written as JSON"))?;
        Ok(Self { media_type, bytes: bytes.into() })
    }
}

pub(super) const JSON: &str = "application/json";

impl Request {
    /// Creates a read.
    pub fn get(path: String, accept: &'static str) -> Self {
        Self { method: Method::GET, path, query: Query::default(), accept, body: None, repeat: Repeat::Harmless }
    }

    /// Creates a write. It is not repeatable by default.
    pub fn write(method: Method, path: String, body: Option<Content>) -> Self {
        Self { method, path, query: Query::default(), accept: JSON, body, repeat: Repeat::Harmful }
    }

    /// Returns the request with a query.
    pub fn with(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    pub fn to_http(&self) -> Result<http::Request<Body>> {
        const AGENT: HeaderValue = HeaderValue::from_static(concat!("crdgen-runtime/", env!("CARGO_PKG_VERSION")));
        let uri = match self.query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, self.query.text),
        };
        let mut request = http::Request::builder().method(&self.method).uri(uri);
        request = request.header(header::ACCEPT, self.accept).header(header::USER_AGENT, AGENT);
        let body = match &self.body {
            Some(content) => {
                request = request.header(header::CONTENT_TYPE, content.media_type);
                Body::from(content.bytes.clone())
            }
            None => Body::empty(),
        };
        request.body(body).map_err(|error| Error::Malformed(MalformedInput::new(error.to_string())))
    }
}

/// Query of a request. It is form-encoded, so no value can end its parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    text: String,
}

impl Query {
    /// Adds a parameter.
    pub fn add(&mut self, name: &str, value: &str) {
        let text = std::mem::take(&mut self.text);
        self.text = Serializer::for_suffix(text, 0).append_pair(name, value).finish();
    }

    /// Adds the selectors that are not empty.
    pub fn select(&mut self, labels: &crdgen_backend::LabelSelector, fields: &crdgen_backend::FieldSelector) {
        if !labels.is_empty() {
            self.add("labelSelector", &labels.to_string());
        }
        if !fields.is_empty() {
            self.add("fieldSelector", &fields.to_string());
        }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<&ListQuery> for Query {
    fn from(list: &ListQuery) -> Self {
        let mut query = Self::default();
        query.select(&list.labels, &list.fields);
        if let Some(limit) = list.limit {
            query.add("limit", &limit.to_string());
        }
        if let Some(token) = &list.continue_ {
            query.add("continue", token);
        }
        query
    }
}
