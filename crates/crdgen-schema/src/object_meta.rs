//! Metadata of objects, the server's own and embedded ones: `ObjectMeta` of `k8s.io/apimachinery`.

pub(crate) mod check;
pub(crate) mod coerce;
mod qualified;
