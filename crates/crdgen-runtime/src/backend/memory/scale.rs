//! The scale subresource of a stored object, by the paths that its CRD names.

use serde_json::Value;

use super::object::{Object, decode, to_value};
use super::path;
use super::write;
use crate::backend::{Cause, Error, Key, MergePatch, Name, Result, Scale, ScaleSpec, ScaleStatus};
use crate::{ObjectMeta, Resource};

/// The scale of an object. The API server fails when the path of the replicas leads nowhere, and so does this.
pub(super) fn of<K: Resource>(object: &Object) -> Result<Scale> {
    let paths = Paths::of::<K>(object.meta("name").unwrap_or_default())?;
    let Some(replicas) = Paths::replicas(object, paths.spec) else {
        return Err(Error::internal(format!("the spec replicas field {:?} does not exist", paths.spec)));
    };
    Ok(paths.scale(object, replicas))
}

/// The scale after a patch. Where nothing says how many replicas there are, a patch may say it first.
pub(super) fn patched<K: Resource>(object: &Object, patch: &MergePatch, name: &Name) -> Result<Scale> {
    let paths = Paths::of::<K>(name.as_str())?;
    let replicas = Paths::replicas(object, paths.spec).unwrap_or_default();
    let mut scale = to_value(&paths.scale(object, replicas))?;
    patch.apply(&mut scale);
    decode(scale).map_err(|cause| Error::invalid::<K>(name, vec![cause]))
}

/// The object that is sent with the replicas that the scale asks for.
pub(super) fn scaled<K: Resource>(current: &Object, key: &Key, scale: &Scale) -> Result<Object> {
    let paths = Paths::of::<K>(key.name.as_str())?;
    let replicas = scale.spec.replicas;
    if replicas < 0 {
        let cause = Cause::invalid("spec.replicas", format!("{replicas} is negative"));
        return Err(Error::invalid::<K>(&key.name, vec![cause]));
    }
    let sent = scale.metadata.clone();
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
    write::check_identity::<K>(current, &next, &key.name)?;
    let mut fields = next.into_fields();
    if !path::set(&mut fields, paths.spec, Value::from(replicas)) {
        return Err(Error::internal(format!("{:?} does not lead into an object", paths.spec)));
    }
    Object::from_value::<K>(Value::Object(fields))
}

/// Where the CRD keeps the numbers.
struct Paths {
    spec: &'static str,
    status: &'static str,
    selector: Option<&'static str>,
}

impl Paths {
    /// Not found for a kind without the scale subresource.
    fn of<K: Resource>(name: &str) -> Result<Self> {
        let (spec, status, selector) = K::SCALE.ok_or_else(|| Error::not_found::<K>(format_args!("{name}/scale")))?;
        Ok(Self { spec, status, selector })
    }

    fn replicas(object: &Object, path: &str) -> Option<i32> {
        path::get(object.fields(), path)?.as_i64()?.try_into().ok()
    }

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
        let selector = self.selector.and_then(|path| path::get(object.fields(), path)?.as_str());
        let status = ScaleStatus {
            replicas: Self::replicas(object, self.status).unwrap_or_default(),
            selector: selector.map(str::to_owned),
        };
        Scale::new(metadata, ScaleSpec { replicas }, status)
    }
}
