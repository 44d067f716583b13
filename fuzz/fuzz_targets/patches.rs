//! Patches of an object. The first line of the input is the object's content, the second a merge patch or a
//! JSON patch. A refused patch changes nothing, and an accepted one makes an object that can be read again.

#![no_main]

use std::cell::LazyCell;

use crdgen_fuzz::{Lamps, check_stored, key, lamp};
use crdgen_runtime::backend::{JsonPatch, MergePatch, Preconditions};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

thread_local! {
    static LAMPS: LazyCell<Lamps> = LazyCell::new(Lamps::new);
}

enum Patch {
    Merge(Map<String, Value>),
    Steps(JsonPatch),
}

fuzz_target!(|data: &[u8]| {
    let Some((object, patch)) = read(data) else { return };
    LAMPS.with(|lamps| play(lamps, object, &patch));
});

fn read(data: &[u8]) -> Option<(Value, Patch)> {
    let line = data.iter().position(|byte| *byte == b'\n')?;
    let object = serde_json::from_slice(&data[..line]).ok()?;
    let patch = &data[line + 1..];
    let patch = match serde_json::from_slice(patch) {
        Ok(steps) => Patch::Steps(steps),
        Err(_) => Patch::Merge(serde_json::from_slice(patch).ok()?),
    };
    Some((object, patch))
}

fn play(lamps: &Lamps, object: Value, patch: &Patch) {
    let (objects, key) = (&lamps.objects, key("lamp"));
    if objects.create(key.namespace.as_ref(), lamp("lamp", object)).is_ok() {
        let before = objects.get(&key).expect("it was created");
        let any = Preconditions::default();
        let patched = match patch {
            Patch::Merge(changes) => objects.patch(&key, &MergePatch::new(changes.clone()), &any),
            Patch::Steps(steps) => objects.json_patch(&key, steps, &any),
        };
        let after = objects.get(&key);
        match patched {
            // A patch may remove the last finalizer of an object that is being deleted, or add the first.
            Ok(patched) => assert!(after.is_err() || after.is_ok_and(|after| after == patched)),
            Err(_) => assert_eq!(after.expect("it is there"), before, "a patch that was refused changed the object"),
        }
        if let Ok(stored) = objects.get(&key) {
            check_stored(&stored);
        }
    }
    lamps.clear("lamp");
}
