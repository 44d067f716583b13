//! JSON values as an API server holds them after decoding.

mod identity;
mod number;

pub use identity::{Identity, Numbers};
pub use number::{Number, is_int64, truncated};
