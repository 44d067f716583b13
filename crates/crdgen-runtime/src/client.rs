//! A typed client of an API server, for every kind that is a [`Resource`].
//!
//! [`kube::Client`] brings connection, credentials and config. Bodies are read here: within bounds, item by item, and never
//! into a log. Reads are made again when the server or the way to it fails; a write only when it certainly was not done, or
//! when doing it twice is the same as once.

mod api;
mod as_of;
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
mod retry;
mod subresource;
mod transport;
mod unreadable;
mod update;
mod wait;
mod warning;
mod watch;
mod write;

use std::fmt;
use std::sync::Arc;

pub use crate::backend::Propagation;
pub use crate::backend::Warnings;
pub use crate::bytes::Keep;
pub use api::{AllNamespaces, Api};
pub use as_of::AsOf;
pub use error::{Error, Result};
pub use form::PartialObject;
pub use page::Page;
#[cfg(feature = "kube")]
pub(crate) use place::{Part, Place};
pub use refusal::Refusal;
pub use retry::RetryPolicy;
pub use subresource::{ScaleApi, StatusApi};
pub use unreadable::Unreadable;
pub use write::DeleteOptions;
#[cfg(feature = "kube")]
pub(crate) use write::{Applied, Patch};

#[cfg(not(feature = "kube"))]
use self::place::Place;
use self::transport::Transport;
use crate::backend::Namespace;
use crate::{Resource, Scope};

/// A client of an API server. A clone is cheap.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// A client by this connection.
    ///
    /// A `kube::Client` that is made from a config makes a request again when a server answers with 504, even a create that
    /// the server may have carried out. [`from_config`](Self::from_config) has it leave that to this client.
    pub fn new(client: kube::Client) -> Self {
        Self { transport: Transport::new(client) }
    }

    /// A client of the server that a config names.
    ///
    /// # Errors
    ///
    /// When the config's credentials or certificates cannot be used.
    pub fn from_config(mut config: kube::Config) -> std::result::Result<Self, kube::Error> {
        config.default_retry = false;
        Ok(Self::new(kube::Client::try_from(config)?))
    }

    /// The same, asking again so.
    #[must_use]
    pub fn with_retries(mut self, policy: RetryPolicy) -> Self {
        self.transport.set_policy(policy);
        self
    }

    /// The same, calling this with everything that the server warns of, for a log for example: deprecated versions, dropped
    /// fields.
    #[must_use]
    pub fn on_warning(mut self, warned: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.transport.set_warned(Arc::new(warned));
        self
    }

    /// The objects of a namespace. It does not compile for a cluster-scoped kind.
    pub fn namespaced<K: Resource>(&self, namespace: &Namespace) -> Api<K> {
        const { assert!(matches!(K::SCOPE, Scope::Namespaced), "the kind is cluster-scoped") };
        self.at(Place::Namespace(namespace.clone()))
    }

    /// The objects of all namespaces. It does not compile for a cluster-scoped kind.
    pub fn all<K: Resource>(&self) -> AllNamespaces<K> {
        const { assert!(matches!(K::SCOPE, Scope::Namespaced), "the kind is cluster-scoped") };
        AllNamespaces(self.at(Place::Cluster))
    }

    /// The objects of a cluster-scoped kind. It does not compile for a namespaced one.
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
