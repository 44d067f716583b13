//! Handles on the objects of a kind.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::filters;
use super::form::{Form, PartialObject};
use super::place::Place;
use super::transport::Transport;
use crate::backend::{Effect, FieldValidation, Warnings, WriteOptions};
use crate::bytes::{Filter, Keep};
use crate::{Resource, View};

/// The objects of `K` in a namespace, or those of a kind that has none; read as `T`. A clone is cheap.
pub struct Api<K, T = K> {
    pub(super) transport: Transport,
    pub(super) place: Place,
    pub(super) form: Form,
    /// What of each object of a list or watch is read.
    pub(super) filter: Arc<Filter>,
    pub(super) options: WriteOptions,
    types: PhantomData<fn() -> (K, T)>,
}

/// The objects of `K` in all namespaces; read as `T`.
pub struct AllNamespaces<K, T = K>(pub(super) Api<K, T>);

impl<K: Resource> Api<K> {
    pub(super) fn new(transport: Transport, place: Place) -> Self {
        let (filter, options) = (filters::of_whole(Keep::Nothing), WriteOptions::default());
        Self { transport, place, form: Form::Whole, filter, options, types: PhantomData }
    }

    /// The same objects, read as a view.
    pub fn views<V: View<Of = K>>(&self) -> Api<K, V> {
        Api { filter: filters::of_view::<V>(), ..self.read_as(Form::Whole) }
    }

    /// The same objects, of which the server sends only the metadata.
    pub fn metadata(&self) -> Api<K, PartialObject> {
        self.read_as(Form::Metadata)
    }

    /// The same objects, as the JSON that the server sends.
    pub fn raw(&self) -> Api<K, Box<RawValue>> {
        Api { filter: filters::of_whole(Keep::All), ..self.read_as(Form::Whole) }
    }

    /// The same, whose lists and watches keep more of each object than they do unasked, which is no bookkeeping: neither what
    /// `kubectl apply` last sent nor managed fields. Who replaces an object that a list gave asks for `Keep::LastApplied`, or
    /// that annotation goes. [`get`](Self::get) and the answers to writes keep all that the type has a place for.
    #[must_use]
    pub fn keep(&self, keep: Keep) -> Self {
        Self { filter: filters::of_whole(keep), ..self.clone() }
    }

    /// The same, whose writes are admitted and checked but not stored.
    #[must_use]
    pub fn dry_run(&self) -> Self {
        self.with(|options| options.effect = Effect::DryRun)
    }

    /// The same, writing under this name.
    #[must_use]
    pub fn field_manager(&self, manager: &str) -> Self {
        self.with(|options| options.field_manager = Some(manager.to_owned()))
    }

    /// The same, treating fields that the kind does not declare so.
    #[must_use]
    pub fn field_validation(&self, validation: FieldValidation) -> Self {
        self.with(|options| options.field_validation = Some(validation))
    }

    /// The same, writing so.
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
    /// The same, adding what the server warns of to `warnings`.
    #[must_use]
    pub fn collect_warnings(&self, warnings: &Warnings) -> Self {
        let mut api = self.clone();
        api.transport.collect(warnings.clone());
        api
    }
}

impl<K: Resource> AllNamespaces<K> {
    /// The same objects, read as a view.
    pub fn views<V: View<Of = K>>(&self) -> AllNamespaces<K, V> {
        AllNamespaces(self.0.views())
    }

    /// The same objects, of which the server sends only the metadata.
    pub fn metadata(&self) -> AllNamespaces<K, PartialObject> {
        AllNamespaces(self.0.metadata())
    }

    /// The same objects, as the JSON that the server sends.
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
