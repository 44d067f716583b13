//! Filters that drop parts of objects before they are read.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crdgen_core::View;
use crdgen_splitter::{Filter, KeepMetadata, MetadataFilter, Projection};

/// Returns the filter of a view, which also keeps the fields that identify the object. Cached, since its creation
/// parses the schema of the kind.
pub(super) fn of_view<V: View>() -> Arc<Filter> {
    static MADE: LazyLock<Mutex<HashMap<TypeId, Arc<Filter>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(made.entry(TypeId::of::<V>()).or_insert_with(|| Arc::new(Projection::identified::<V>().into())))
}

/// Returns the filter of whole objects.
pub(super) fn of_whole(keep: KeepMetadata) -> Arc<Filter> {
    Arc::new(MetadataFilter::new(keep).into())
}
