//! Metadata of objects and of embedded objects: `ObjectMeta` of `k8s.io/apimachinery`.

pub(crate) mod check;
pub(crate) mod coerce;
mod qualified;
