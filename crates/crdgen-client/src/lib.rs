//! Typed client of an API server, for every kind that implements [`Resource`].
//!
//! [`kube::Client`] provides connection, credentials and config. This client reads the bodies of the answers itself. It
//! reads a list item by item, limits the size of an answer, and logs no body.
//!
//! The client repeats a read if the server or the connection failed. It repeats a write only if the server certainly
//! did not carry the write out, or if a second write has no further effect (a server-side apply).

mod api;
mod backend;
mod decode_error;
mod error;
mod filters;
mod form;
mod head;
mod items;
mod page;
mod pages;
mod pass;
mod place;
mod read;
mod refusal;
mod request;
mod resource_version_match;
mod retry;
mod subresource;
mod transport;
mod update;
mod wait;
mod warning;
mod watch;
mod write;

use std::fmt;
use std::sync::Arc;

use crdgen_backend::Namespace;
use crdgen_core::{Resource, Scope};

pub use api::{AllNamespaces, Api};
pub use backend::KubeBackend;
pub use crdgen_backend::Propagation;
pub use crdgen_backend::Warnings;
pub use crdgen_splitter::KeepMetadata;
pub use decode_error::DecodeError;
pub use error::{Error, Result};
pub use form::PartialObject;
pub use page::Page;
pub use refusal::Refusal;
pub use resource_version_match::ResourceVersionMatch;
pub use retry::RetryPolicy;
pub use subresource::{ScaleApi, StatusApi};
pub use write::DeleteOptions;

use self::place::Place;
use self::transport::Transport;

/// Client of an API server. A clone is cheap.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// Creates a client that uses the given connection.
    ///
    /// A `kube::Client` that is made from a config has retries of its own: it repeats a request after a 504 answer,
    /// even a create that the server may have carried out. [`from_config`](Self::from_config) turns these retries off,
    /// so that only this client retries.
    pub fn new(client: kube::Client) -> Self {
        Self { transport: Transport::new(client) }
    }

    /// Creates a client of the server in `config`.
    ///
    /// # Errors
    ///
    /// Returns an error if the credentials or certificates in `config` cannot be used.
    pub fn from_config(mut config: kube::Config) -> std::result::Result<Self, kube::Error> {
        config.default_retry = false;
        Ok(Self::new(kube::Client::try_from(config)?))
    }

    /// Returns a client with another retry policy.
    #[must_use]
    pub fn with_retries(mut self, policy: RetryPolicy) -> Self {
        self.transport.set_policy(policy);
        self
    }

    /// Returns a client that calls `warned` with every warning of the server, for example about deprecated versions or
    /// dropped fields. A program can log these warnings.
    #[must_use]
    pub fn on_warning(mut self, warned: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.transport.set_warned(Arc::new(warned));
        self
    }

    /// Returns the API for the objects of a namespace. Does not compile for a cluster-scoped kind.
    pub fn namespaced<K: Resource>(&self, namespace: &Namespace) -> Api<K> {
        const { assert!(matches!(K::SCOPE, Scope::Namespaced), "the kind is cluster-scoped") };
        self.at(Place::Namespace(namespace.clone()))
    }

    /// Returns the API for the objects of all namespaces. Does not compile for a cluster-scoped kind.
    pub fn all<K: Resource>(&self) -> AllNamespaces<K> {
        const { assert!(matches!(K::SCOPE, Scope::Namespaced), "the kind is cluster-scoped") };
        AllNamespaces(self.at(Place::Cluster))
    }

    /// Returns the API for the objects of a cluster-scoped kind. Does not compile for a namespaced kind.
    pub fn cluster<K: Resource>(&self) -> Api<K> {
        const { assert!(matches!(K::SCOPE, Scope::Cluster), "the kind is namespaced") };
        self.at(Place::Cluster)
    }

    pub(crate) fn at<K: Resource>(&self, place: Place) -> Api<K> {
        Api::new(self.transport.clone(), place)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
