//! The service that is called, and who calls.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

/// A service taken from the router's state, and its caller, extracted with the service itself as state: the caller's
/// extractor sees what the service knows (keys, sessions), whatever the router's state is.
#[derive(Clone, Copy, Debug)]
pub struct Call<T, C> {
    /// The service.
    pub api: T,
    /// Who calls.
    pub caller: C,
}

impl<S, T, C> FromRequestParts<S> for Call<T, C>
where
    S: Send + Sync,
    T: FromRef<S> + Send + Sync,
    C: FromRequestParts<T>,
{
    type Rejection = C::Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, C::Rejection> {
        let api = T::from_ref(state);
        let caller = C::from_request_parts(parts, &api).await?;
        Ok(Self { api, caller })
    }
}
