//! HTTP server for the generated API.
//!
//! A service implements [`Policy`] once and [`Serve`] for each kind. This module runs the steps of every operation.
//! Generated code only lists the [`Operations`] that each kind offers.

#[cfg(feature = "serve")]
mod accept;
mod admission_request;
#[cfg(feature = "serve")]
mod arrival;
#[cfg(feature = "auth")]
pub mod auth;
mod body;
mod body_guard;
mod continue_token;
mod delete_options;
mod etag;
mod events;
mod fallback;
#[cfg(feature = "serve")]
mod flights;
#[cfg(feature = "serve")]
pub mod health;
mod identified;
mod kind;
#[cfg(feature = "serve")]
pub mod limits;
mod list_query;
#[cfg(feature = "metrics")]
pub mod metrics;
mod operation;
mod operations;
mod patch;
mod path;
mod permits;
mod policy;
pub mod problem;
mod query;
mod reply;
mod reported;
pub mod route;
#[cfg(feature = "serve")]
pub mod serve;
mod strict;
mod target;
#[cfg(feature = "serve")]
pub mod trace;
mod visibility;
mod warning;
#[cfg(feature = "serve")]
mod watch;
mod watch_query;
mod write_options;

pub use admission_request::{AdmissionRequest, PatchOrObject};
/// axum's router, the type of generated routes.
pub use axum::Router;
pub use body::{Body, ObjectBody};
pub use etag::IfNoneMatch;
pub use events::{WatchForm, WatchResponse, Watched};
pub use fallback::{document, method_not_allowed, not_found, problems};
pub use identified::{Identified, Identity, WatchedViews};
pub use kind::Serve;
pub use operation::{
    CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest, ListRequest, PatchRequest,
    PatchScaleRequest, Permissions, ReplaceRequest, ReplaceScaleRequest, WatchRequest,
};
pub use operations::Operations;
pub use patch::Patch;
pub use policy::{Policy, Principal};
pub use reply::{Created, ObjectResponse, ViewResponse};
pub use reported::Reported;
pub use target::{Subresource, Target, Verb};
pub use visibility::Visibility;

/// Names that a service needs, for a glob import.
pub mod prelude {
    pub use super::{
        AdmissionRequest, CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest,
        Identified, ListRequest, Operations, Patch, PatchOrObject, PatchRequest, PatchScaleRequest, Policy, Principal,
        ReplaceRequest, ReplaceScaleRequest, Serve, Subresource, Target, Verb, Visibility, WatchRequest, WatchedViews,
    };
    pub use crate::problem::Problem;
    pub use crdgen_backend::validation::Validation;
    pub use crdgen_backend::{
        Backend, Cause, Deleted, EventStream, Key, ListQuery, ListResponse, MergePatch, Name, Namespace,
        ObjectListResponse, Preconditions, Reason, Scale, ViewListResponse, Watch, WatchQuery, WriteOptions,
    };
    pub use crdgen_core::{List, Metadata, Resource, View, ViewList};
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
