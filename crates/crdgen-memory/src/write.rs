//! Steps of a write: identity, version, and the fields that the server owns.

use crdgen_backend::{Cause, Error, Key, Name, Namespace, Preconditions, Reason, Result};
use crdgen_core::Scope;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::kind::Kind;
use super::object::Object;

/// Part of an object that a write may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything. Used for a kind without the status subresource.
    Whole,
    /// Everything but the status.
    Main,
    /// Only the status.
    Status,
}

impl Part {
    pub(super) fn of_main(kind: &Kind) -> Self {
        if kind.status { Self::Main } else { Self::Whole }
    }

    /// Returns the status part. Returns not found for a kind without the status subresource.
    pub(super) fn of_status(kind: &Kind, name: &Name) -> Result<Self> {
        if kind.status { Ok(Self::Status) } else { Err(kind.not_found(format_args!("{name}/status"))) }
    }
}

/// Prepares a sent object for its creation. Generates a name when the object has only `generateName`. The name is
/// validated later, with the rest of the object.
pub(super) fn prepare(
    object: &mut Object,
    kind: &Kind,
    namespace: Option<&Namespace>,
    taken: impl Fn(&str) -> bool,
) -> Result<()> {
    check_scope(kind, namespace)?;
    stand(object, namespace)?;
    if object.meta("resourceVersion").is_some() {
        let message = "metadata.resourceVersion must not be set in an object to create";
        return Err(Error::new(Reason::BadRequest, message));
    }
    if let (None, Some(prefix)) = (object.meta("name"), object.meta("generateName")) {
        let name = generated(prefix, taken).ok_or_else(|| kind.already_exists(prefix))?;
        object.set_meta("name", name);
    }
    if kind.status {
        object.set("status", None);
    }
    for owned in ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        object.remove_meta(owned);
    }
    object.set_meta("uid", Uuid::new_v4().to_string());
    object.set_meta("creationTimestamp", now());
    object.set_meta("generation", 1);
    Ok(())
}

/// Sets the key's name and namespace in the object. Fails when the object has others.
pub(super) fn adopt(object: &mut Object, key: &Key) -> Result<()> {
    if let Some(name) = object.meta("name").filter(|name| *name != key.name.as_str()) {
        let message = format!("the name of the object ({name}) does not match the name on the URL ({})", key.name);
        return Err(Error::new(Reason::BadRequest, message));
    }
    object.set_meta("name", key.name.as_str());
    stand(object, key.namespace.as_ref())
}

/// Sets the namespace in the object. Fails when the object has another one. For a cluster-scoped kind any namespace is
/// removed.
fn stand(object: &mut Object, namespace: Option<&Namespace>) -> Result<()> {
    let Some(expected) = namespace.map(Namespace::as_str) else {
        object.remove_meta("namespace");
        return Ok(());
    };
    if object.meta("namespace").is_some_and(|namespace| namespace != expected) {
        let message = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Error::new(Reason::BadRequest, message));
    }
    object.set_meta("namespace", expected);
    Ok(())
}

/// Sets the version and uid of the preconditions in an object or patch.
pub(super) fn demand(body: &mut Value, preconditions: &Preconditions) {
    for (field, wanted) in preconditions.named() {
        let Some(fields) = body.as_object_mut() else { return };
        let metadata = fields.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert(field.to_owned(), wanted.into());
        }
    }
}

/// Checks that the stored object meets the preconditions.
pub(super) fn check_preconditions(
    current: &Value,
    kind: &Kind,
    preconditions: &Preconditions,
    key: &Key,
) -> Result<()> {
    let Preconditions { uid, resource_version } = preconditions;
    let wanted = [("uid", uid), ("resourceVersion", resource_version)];
    let holds = |(field, wanted): (&str, &Option<String>)| {
        wanted.is_none() || wanted.as_deref() == current["metadata"][field].as_str()
    };
    if wanted.into_iter().all(holds) { Ok(()) } else { Err(kind.conflict(&key.name)) }
}

/// Checks that the uid of a replacement, if it has one, is that of the stored object.
pub(super) fn check_uid(current: &Object, next: &Object, kind: &Kind, key: &Key) -> Result<()> {
    match next.meta("uid") {
        Some(uid) if Some(uid) != current.meta("uid") => Err(kind.conflict(&key.name)),
        _ => Ok(()),
    }
}

/// Checks that the new state names the version of the stored object.
pub(super) fn check_version(current: &Object, next: &Object, kind: &Kind, key: &Key) -> Result<()> {
    match next.meta("resourceVersion") {
        None => {
            let cause = Cause::invalid("metadata.resourceVersion", "Invalid value: 0: must be specified for an update");
            Err(kind.invalid(&key.name, vec![cause]))
        }
        version if version == current.meta("resourceVersion") => Ok(()),
        Some(version) if version.parse::<u64>().is_err() => {
            let message = format!("metadata.resourceVersion: {version:?} is not a resource version: not a number");
            Err(Error::new(Reason::BadRequest, message))
        }
        Some(_) => Err(kind.conflict(&key.name)),
    }
}

/// Returns the new state of `current`: takes the part that the write may change from `next` and the rest from
/// `current`.
pub(super) fn successor(part: Part, current: &Object, next: Object) -> Object {
    let mut successor = match part {
        Part::Whole => next,
        Part::Main => {
            let mut next = next;
            next.set("status", current.get("status").cloned());
            next
        }
        Part::Status => {
            let mut kept = current.clone();
            kept.set("status", next.get("status").cloned());
            kept
        }
    };
    for owned in SERVER_OWNED {
        successor.take_meta(owned, current);
    }
    // Once set, the deletion time is kept whatever the write says.
    if current.meta("deletionTimestamp").is_some() {
        successor.take_meta("deletionTimestamp", current);
    }
    for lasting in LASTING {
        if successor.metadata().is_none_or(|metadata| metadata.get(lasting).is_none_or(Value::is_null)) {
            successor.take_meta(lasting, current);
        }
    }
    successor
}

/// Increases the generation when the content changed.
pub(super) fn count(part: Part, current: &Object, is_anew: bool, successor: &mut Object) {
    if is_anew || !same_content(part, current, successor) {
        successor.set_meta("generation", current.generation() + 1);
    }
}

/// Metadata fields that no write changes. A new version is set when the object is stored.
const SERVER_OWNED: [&str; 3] = ["creationTimestamp", "generation", "resourceVersion"];

/// Metadata fields that a write may leave out. Changes of them are refused by validation.
const LASTING: [&str; 3] = ["deletionGracePeriodSeconds", "deletionTimestamp", "uid"];

/// Returns whether nothing changed that the generation counts: everything but metadata and, with the subresource, the
/// status.
fn same_content(part: Part, current: &Object, next: &Object) -> bool {
    let counts = |field: &str| field != "metadata" && (part == Part::Whole || field != "status");
    let mut before = current.fields().filter(|(name, _)| counts(name));
    let mut after = next.fields().filter(|(name, _)| counts(name));
    after.all(|(name, value)| current.get(name) == Some(value)) && before.all(|(name, _)| next.get(name).is_some())
}

/// Returns whether a whole number is sent as a float in place of the same integer. The server stores the same number
/// but counts it as a change.
pub(super) fn writes_floats_anew(current: &Object, sent: &Object) -> bool {
    let is_written_anew = |(name, sent): (&str, &Value)| {
        name != "metadata" && current.get(name).is_some_and(|current| is_float_anew(current, sent))
    };
    sent.fields().any(is_written_anew)
}

fn is_float_anew(current: &Value, sent: &Value) -> bool {
    match (current, sent) {
        (Value::Number(current), Value::Number(sent)) => {
            sent.is_f64() && !current.is_f64() && sent.as_f64() == current.as_f64()
        }
        (Value::Array(current), Value::Array(sent)) => {
            current.iter().zip(sent).any(|(current, sent)| is_float_anew(current, sent))
        }
        (Value::Object(current), Value::Object(sent)) => {
            sent.iter().any(|(name, sent)| current.get(name).is_some_and(|current| is_float_anew(current, sent)))
        }
        _ => false,
    }
}

/// Returns the object, marked as being deleted.
pub(super) fn marked(current: &Object) -> Object {
    let mut marked = current.clone();
    if current.meta("deletionTimestamp").is_none() {
        marked.set_meta("deletionTimestamp", now());
        marked.set_meta("deletionGracePeriodSeconds", 0);
        marked.set_meta("generation", current.generation() + 1);
    }
    marked
}

fn check_scope(kind: &Kind, namespace: Option<&Namespace>) -> Result<()> {
    match (kind.scope, namespace) {
        (Scope::Namespaced, None) => Err(Error::new(Reason::BadRequest, "a namespace is required")),
        (Scope::Cluster, Some(_)) => Err(Error::new(Reason::BadRequest, "the kind is not namespaced")),
        _ => Ok(()),
    }
}

/// Maximum number of generated names to try.
const GENERATE_ATTEMPTS: usize = 8;

fn generated(prefix: &str, taken: impl Fn(&str) -> bool) -> Option<String> {
    (0..GENERATE_ATTEMPTS).map(|_| generated_name(prefix)).find(|name| !taken(name))
}

/// Generates a name: the prefix and five characters. The alphabet has no vowels, so that no words result, and no
/// characters that look alike.
fn generated_name(prefix: &str) -> String {
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    const LONGEST_PREFIX: usize = 63 - 5;
    let random = Uuid::new_v4();
    let suffix = random.as_bytes()[..5].iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    prefix.chars().take(LONGEST_PREFIX).chain(suffix).collect()
}

/// Returns the current time in seconds, as Kubernetes writes it.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
