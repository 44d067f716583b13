//! Ready-made authentication and authorization for services in front of a Kubernetes API server.
//!
//! | choice | `Caller` | `authorize` | credentials of `backend` |
//! |---|---|---|---|
//! | [`DelegatedAuth`] | [`User`] | [`DelegatedAuth::authorize`] | the service's own account |
//! | [`Impersonation`], with a [`DelegatedAuth`] to authenticate | [`User`] | the API server | [`Impersonation::client`] |
//! | [`PassThrough`] | [`Token`] | the API server | [`PassThrough::client`] |
//!
//! The clients are [`kube::Client`]s, for `KubeBackend` or any other use. If the API
//! server authorizes, `authorize` returns `Ok(())`. This is safe only if every operation reaches the API server as the
//! caller. An operation that answers from a cache, or with the service's own account, must ask a [`DelegatedAuth`].

mod acting;
mod cache_ttls;
mod delegated;
mod impersonation;
mod lane;
mod memo;
mod pass_through;
mod rejection;
mod review;
mod token;
mod user;

pub use cache_ttls::CacheTtls;
pub use delegated::DelegatedAuth;
pub use impersonation::Impersonation;
pub use pass_through::PassThrough;
pub use rejection::AuthRejection;
pub use token::Token;
pub use user::User;
