//! JSON values as an API server holds them after decoding: a number is an int64 or a float64, and `1` differs from `1.0`.

mod identity;
mod number;

pub use identity::{Identity, Numbers};
pub use number::{Number, is_int64, truncated};
