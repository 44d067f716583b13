//! Reading: one object, a page, all pages.

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::api::{AllNamespaces, Api};
use super::error::Result;
use super::page::Page;
use super::pages::Pages;
use super::place::Part;
use super::request::{Query, Request};
use super::transport::OBJECT_LIMIT;
use super::unreadable;
use crate::Resource;
use crate::backend::{ListQuery, Name};

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// An object.
    pub async fn get(&self, name: &Name) -> Result<T> {
        self.get_part(name, Part::Main).await
    }

    /// A page of objects; all of them if the query has no limit.
    pub async fn list(&self, query: &ListQuery) -> Result<Page<T>> {
        self.page(&self.list_request(query)).await
    }

    /// All objects, page by page as they are asked for; a page has 500 objects unless the query says how many. An object that
    /// cannot be read is an error, and others follow; so is a page that cannot be had, and nothing follows.
    ///
    /// The pages are those of one moment. If the server no longer remembers it, the rest is that of a later one: an object
    /// that is there all the while comes exactly once.
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

    /// The object that a request answers with.
    pub(super) async fn object<O: DeserializeOwned>(&self, request: &Request) -> Result<O> {
        let response = self.transport.fetch(request, OBJECT_LIMIT).await?;
        Ok(unreadable::read(response.body()).map_err(Box::new)?)
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// As [`Api::list`].
    pub async fn list(&self, query: &ListQuery) -> Result<Page<T>> {
        self.0.list(query).await
    }

    /// As [`Api::stream`].
    pub fn stream(&self, query: &ListQuery) -> impl Stream<Item = Result<T>> + Send + use<K, T> {
        self.0.stream(query)
    }
}
