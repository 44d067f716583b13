//! Reads: one object, a page, all pages.

use crdgen_backend::{ListQuery, Name};
use crdgen_core::Resource;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::api::{AllNamespaces, Api};
use super::decode_error;
use super::error::Result;
use super::page::Page;
use super::pages::Pages;
use super::place::Part;
use super::request::{Query, Request};
use super::transport::OBJECT_LIMIT;

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// Returns an object.
    pub async fn get(&self, name: &Name) -> Result<T> {
        self.get_part(name, Part::Main).await
    }

    /// Returns a page of objects. Returns all objects when the query has no limit.
    pub async fn list(&self, query: &ListQuery) -> Result<Page<T>> {
        self.page(&self.list_request(query)).await
    }

    /// Returns all objects as a stream that requests pages as needed. The page size is 500 unless the query has a
    /// limit.
    ///
    /// The stream returns an error for an object that cannot be decoded, and then continues. The stream returns an
    /// error for a page that cannot be read, and then ends.
    ///
    /// All pages show the list at one resourceVersion. If the server no longer has that state, the rest of the stream
    /// shows a later state. An object that exists during the whole stream is returned exactly once.
    pub fn stream(&self, query: &ListQuery) -> impl Stream<Item = Result<T>> + Send + use<K, T> {
        Pages::new(self.clone(), query.clone()).into_stream()
    }

    pub(super) fn list_request(&self, query: &ListQuery) -> Request {
        Request::get(self.place.all::<K>(), self.form.of_list()).with(Query::from(query))
    }
}

impl<K: Resource, T> Api<K, T> {
    pub(crate) async fn get_part<O: DeserializeOwned>(&self, name: &Name, part: Part) -> Result<O> {
        self.object(&Request::get(self.place.one::<K>(name, part), self.form.of_one())).await
    }

    /// Sends a request and reads the object in its answer.
    pub(super) async fn object<O: DeserializeOwned>(&self, request: &Request) -> Result<O> {
        let response = self.transport.fetch(request, OBJECT_LIMIT).await?;
        Ok(decode_error::read(response.body()).map_err(Box::new)?)
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// Returns a page of objects. See [`Api::list`].
    pub async fn list(&self, query: &ListQuery) -> Result<Page<T>> {
        self.0.list(query).await
    }

    /// Returns all objects as a stream. See [`Api::stream`].
    pub fn stream(&self, query: &ListQuery) -> impl Stream<Item = Result<T>> + Send + use<K, T> {
        self.0.stream(query)
    }
}
