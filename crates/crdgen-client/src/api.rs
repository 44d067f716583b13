//! APIs for the objects of a kind.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crdgen_backend::{Effect, FieldValidation, Warnings, WriteOptions};
use crdgen_core::{Resource, View};
use crdgen_splitter::{Filter, KeepMetadata};
use serde_json::value::RawValue;

use super::filters;
use super::form::{Form, PartialObject};
use super::place::Place;
use super::transport::Transport;

/// API for the objects of the kind `K` in one namespace, or of a cluster-scoped kind `K`. Objects are decoded as `T`. A
/// clone is cheap.
pub struct Api<K, T = K> {
    pub(super) transport: Transport,
    pub(super) place: Place,
    pub(super) form: Form,
    /// Filter of the objects in lists and watches: drops parts of their JSON before they are read.
    pub(super) filter: Arc<Filter>,
    pub(super) options: WriteOptions,
    types: PhantomData<fn() -> (K, T)>,
}

/// API for the objects of the kind `K` in all namespaces. Objects are decoded as `T`.
pub struct AllNamespaces<K, T = K>(pub(super) Api<K, T>);

impl<K: Resource> Api<K> {
    pub(super) fn new(transport: Transport, place: Place) -> Self {
        let (filter, options) = (filters::of_whole(KeepMetadata::Nothing), WriteOptions::default());
        Self { transport, place, form: Form::Whole, filter, options, types: PhantomData }
    }

    /// Returns an API that reads the objects as a view.
    pub fn views<V: View<Of = K>>(&self) -> Api<K, V> {
        Api { filter: filters::of_view::<V>(), ..self.read_as(Form::Whole) }
    }

    /// Returns an API that reads only the metadata of the objects. The server sends nothing else.
    pub fn metadata(&self) -> Api<K, PartialObject> {
        self.read_as(Form::Metadata)
    }

    /// Returns an API that reads the objects as the JSON that the server sends.
    pub fn raw(&self) -> Api<K, Box<RawValue>> {
        Api { filter: filters::of_whole(KeepMetadata::All), ..self.read_as(Form::Whole) }
    }

    /// Returns an API whose lists and watches keep the fields that `keep` names. By default, lists and watches drop
    /// `managedFields`, and the annotation in which `kubectl apply` stores the last applied object.
    ///
    /// If a program writes an object of a list or watch back with `replace`, it needs `KeepMetadata::LastApplied`; otherwise
    /// the write deletes the annotation. [`get`](Self::get) and writes return every field that the type can hold.
    #[must_use]
    pub fn keep_metadata(&self, keep: KeepMetadata) -> Self {
        Self { filter: filters::of_whole(keep), ..self.clone() }
    }

    /// Returns an API whose writes are dry runs: the server runs admission and validation, and stores nothing.
    #[must_use]
    pub fn dry_run(&self) -> Self {
        self.with(|options| options.effect = Effect::DryRun)
    }

    /// Returns an API that writes with this field manager.
    #[must_use]
    pub fn field_manager(&self, manager: &str) -> Self {
        self.with(|options| options.field_manager = Some(manager.to_owned()))
    }

    /// Returns an API whose writes handle undeclared fields as `validation` says.
    #[must_use]
    pub fn field_validation(&self, validation: FieldValidation) -> Self {
        self.with(|options| options.field_validation = Some(validation))
    }

    /// Returns an API that applies `options` to every write.
    #[must_use]
    pub fn with_options(&self, options: &WriteOptions) -> Self {
        self.with(|own| own.clone_from(options))
    }

    fn with(&self, change: impl FnOnce(&mut WriteOptions)) -> Self {
        let mut api = self.clone();
        change(&mut api.options);
        api
    }

    fn read_as<T>(&self, form: Form) -> Api<K, T> {
        let Self { transport, place, filter, options, .. } = self.clone();
        Api { transport, place, form, filter, options, types: PhantomData }
    }
}

impl<K, T> Api<K, T> {
    /// Returns an API that adds every warning of the server to `warnings`.
    #[must_use]
    pub fn collect_warnings(&self, warnings: &Warnings) -> Self {
        let mut api = self.clone();
        api.transport.collect(warnings.clone());
        api
    }
}

impl<K: Resource> AllNamespaces<K> {
    /// Returns an API that reads the objects as a view.
    pub fn views<V: View<Of = K>>(&self) -> AllNamespaces<K, V> {
        AllNamespaces(self.0.views())
    }

    /// Returns an API that reads only the metadata of the objects. The server sends nothing else.
    pub fn metadata(&self) -> AllNamespaces<K, PartialObject> {
        AllNamespaces(self.0.metadata())
    }

    /// Returns an API that reads the objects as the JSON that the server sends.
    pub fn raw(&self) -> AllNamespaces<K, Box<RawValue>> {
        AllNamespaces(self.0.raw())
    }
}

impl<K, T> Clone for Api<K, T> {
    fn clone(&self) -> Self {
        let Self { transport, place, form, filter, options, types } = self;
        Self {
            transport: transport.clone(),
            place: place.clone(),
            form: *form,
            filter: filter.clone(),
            options: options.clone(),
            types: *types,
        }
    }
}

impl<K, T> Clone for AllNamespaces<K, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Resource, T> fmt::Debug for Api<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api({})", self.place.all::<K>())
    }
}

impl<K: Resource, T> fmt::Debug for AllNamespaces<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
