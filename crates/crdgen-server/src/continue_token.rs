//! Continue tokens for callers who do not see every object.
//!
//! The backend's tokens name objects, and may name hidden ones. These callers get encrypted and authenticated tokens
//! instead. A token is bound to the caller, the kind, the namespace and the selectors, and is refused for any other
//! list.

use crdgen_backend::encryption::EncryptionKey;
use crdgen_backend::{Error, ListQuery, Reason};
use crdgen_core::Resource;

use super::visibility::Place;
use super::{Policy, Principal as _, Target};
use crate::problem::Problem;

/// Tokens of one list of one caller.
pub(super) struct Tokens<'a> {
    key: &'a EncryptionKey,
    context: Vec<u8>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new<S: Policy, K: Resource>(
        service: &'a S,
        caller: &S::Caller,
        target: &Target,
        query: &ListQuery,
    ) -> Self {
        let namespace = target.namespace.as_ref().map(|namespace| namespace.as_str());
        let selectors = (query.labels.to_string(), query.fields.to_string());
        let context = (caller.id(), K::API_VERSION, K::PLURAL, namespace, selectors);
        // Serializing strings cannot fail. JSON keeps the parts apart without ambiguity.
        Self { key: service.token_key(), context: serde_json::to_vec(&context).unwrap_or_default() }
    }

    pub(super) fn encrypt(&self, place: &Place) -> Result<String, Problem> {
        let plain = serde_json::to_vec(place).map_err(Error::internal)?;
        Ok(self.key.encrypt(&self.context, &plain))
    }

    pub(super) fn open(&self, text: &str) -> Result<Place, Problem> {
        let place = self.key.decrypt(&self.context, text).and_then(|plain| serde_json::from_slice(&plain).ok());
        place.ok_or_else(|| Problem::new(Reason::BadRequest, "the continue token was not issued for this list"))
    }
}
