//! Objects of a kind. A stored object can be read again, and does not change when it is written as it was
//! read.

#![no_main]

use std::cell::LazyCell;

use crdgen_fuzz::{Lamps, check_stored, key, lamp};
use crdgen_runtime::backend::Preconditions;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

thread_local! {
    static LAMPS: LazyCell<Lamps> = LazyCell::new(Lamps::new);
}

fuzz_target!(|data: &[u8]| {
    // The input is an object's `spec`, or a list of its `metadata` and `spec`.
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let mut object = lamp("lamp", Value::Null);
    match value {
        Value::Array(parts) => {
            let mut parts = parts.into_iter();
            let metadata = parts.next().unwrap_or_else(|| json!({}));
            if let Value::Object(metadata) = metadata {
                object["metadata"] = Value::Object(metadata);
                object["metadata"]["name"] = json!("lamp");
            }
            object["spec"] = parts.next().unwrap_or_else(|| json!({}));
        }
        spec => object["spec"] = spec,
    }
    LAMPS.with(|lamps| play(lamps, object));
});

fn play(lamps: &Lamps, object: Value) {
    let (objects, key) = (&lamps.objects, key("lamp"));
    if let Ok(created) = objects.create(key.namespace.as_ref(), object) {
        check_stored(&created);
        if let Ok(stored) = objects.get(&key) {
            assert_eq!(stored, created);
            let replaced = objects.replace(&key, stored.clone(), &Preconditions::default());
            assert_eq!(replaced.expect("what is stored may be written again"), stored);
        }
    }
    // An object with finalizers cannot be deleted before they are removed.
    let free = serde_json::Map::from_iter([("metadata".to_owned(), json!({ "finalizers": null }))]);
    let _ = objects.patch(&key, &free.into(), &Preconditions::default());
    lamps.clear("lamp");
}
