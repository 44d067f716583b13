//! Scale subresource of a stored object, by the paths in its CRD.

use crdgen_backend::{Error, Key, MergePatch, Result, Scale, ScaleSpec, ScaleStatus};
use crdgen_core::ObjectMeta;
use serde_json::Value;

use super::decoding::decode;
use super::kind::{Kind, ScalePaths};
use super::object::Object;
use super::write;
use super::{patch, path};

/// Returns the scale of an object. Returns an internal error, as an API server does, when there is no value at the path
/// of the replicas.
pub(super) fn of(kind: &Kind, object: &Object) -> Result<Scale> {
    let paths = paths(kind, object)?;
    let Some(replicas) = number(object, &paths.spec) else {
        return Err(Error::internal(format!("the spec replicas field {:?} does not exist", paths.spec)));
    };
    Ok(paths.scale(object, replicas))
}

/// Returns the patched scale. The patch may set the number of replicas of an object that has none.
pub(super) fn patched(kind: &Kind, object: &Object, patch: &MergePatch) -> Result<Value> {
    let paths = paths(kind, object)?;
    let replicas = number(object, &paths.spec).unwrap_or_default();
    let mut scale = serde_json::to_value(paths.scale(object, replicas)).map_err(Error::internal)?;
    patch.apply(&mut scale)?;
    Ok(scale)
}

/// Returns the object with the number of replicas of `scale`.
pub(super) fn scaled(kind: &Kind, current: &Object, key: &Key, scale: Value) -> Result<Object> {
    let paths = paths(kind, current)?;
    let scale: Scale = decode(scale).map_err(|cause| patch::bad(cause.message))?;
    let sent = scale.metadata;
    let mut next = current.clone();
    for (field, value) in [
        ("name", sent.name),
        ("namespace", sent.namespace),
        ("uid", sent.uid),
        ("resourceVersion", sent.resource_version),
    ] {
        if let Some(value) = value {
            next.set_meta(field, value);
        }
    }
    write::adopt(&mut next, key)?;
    write::check_uid(current, &next, kind, key)?;
    if !path::set(next.as_value_mut(), &paths.spec, Value::from(scale.spec.replicas)) {
        return Err(Error::internal(format!("the path {:?} does not lead to a field of an object", paths.spec)));
    }
    Ok(next)
}

/// Returns the paths of the scale subresource. Returns not found for a kind without the subresource.
fn paths<'k>(kind: &'k Kind, object: &Object) -> Result<&'k ScalePaths> {
    let name = object.meta("name").unwrap_or_default();
    kind.scale.as_ref().ok_or_else(|| kind.not_found(format_args!("{name}/scale")))
}

fn number(object: &Object, path: &str) -> Option<i32> {
    path::get(object.as_value(), path)?.as_i64()?.try_into().ok()
}

impl ScalePaths {
    fn scale(&self, object: &Object, replicas: i32) -> Scale {
        let meta = |field| object.meta(field).map(str::to_owned);
        let metadata = ObjectMeta {
            name: meta("name"),
            namespace: meta("namespace"),
            uid: meta("uid"),
            resource_version: meta("resourceVersion"),
            creation_timestamp: meta("creationTimestamp"),
            ..ObjectMeta::default()
        };
        let selector = self.selector.as_ref().and_then(|path| path::get(object.as_value(), path)?.as_str());
        let status = ScaleStatus {
            replicas: number(object, &self.status).unwrap_or_default(),
            selector: selector.map(str::to_owned),
        };
        Scale::new(metadata, ScaleSpec { replicas }, status)
    }
}
