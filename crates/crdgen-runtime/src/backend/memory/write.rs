//! What a write makes of the object that was sent: identity, version, and what the server owns.

use jiff::Timestamp;
use uuid::Uuid;

use super::object::Object;
use crate::backend::{Cause, Error, Key, Malformed, Name, Namespace, Preconditions, Reason, Result};
use crate::{Resource, Scope};

/// What a write may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything: the kind has no status subresource.
    Whole,
    /// Everything but the status.
    Main,
    /// The status.
    Status,
}

impl Part {
    pub(super) fn of_main<K: Resource>() -> Self {
        if K::STATUS { Self::Main } else { Self::Whole }
    }

    /// Not found for a kind without the status subresource.
    pub(super) fn of_status<K: Resource>(name: &Name) -> Result<Self> {
        if K::STATUS { Ok(Self::Status) } else { Err(Error::not_found::<K>(format_args!("{name}/status"))) }
    }
}

/// Makes an object that was sent a new one, and says where it goes.
pub(super) fn initial<K: Resource>(
    object: &mut Object,
    namespace: Option<&Namespace>,
    taken: impl Fn(&Key) -> bool,
) -> Result<Key> {
    check_scope::<K>(namespace)?;
    if object.meta("resourceVersion").is_some() {
        let message = "metadata.resourceVersion must not be set on an object to be created";
        return Err(Error::new(Reason::BadRequest, message));
    }
    let key = match object.meta("name") {
        Some(name) => Key { namespace: namespace.cloned(), name: valid_name::<K>("metadata.name", name)? },
        None => generated_key::<K>(object, namespace, taken)?,
    };
    adopt(object, &key)?;
    if K::STATUS {
        object.set("status", None);
    }
    for owned in ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        object.remove_meta(owned);
    }
    object.set_meta("uid", Uuid::new_v4().to_string());
    object.set_meta("creationTimestamp", now());
    object.set_meta("generation", 1);
    Ok(key)
}

/// Gives the object the key's name and namespace, or refuses one that says others.
pub(super) fn adopt(object: &mut Object, key: &Key) -> Result<()> {
    if let Some(name) = object.meta("name").filter(|name| *name != key.name.as_str()) {
        let message = format!("the name of the object ({name}) does not match the name on the URL ({})", key.name);
        return Err(Error::new(Reason::BadRequest, message));
    }
    let expected = key.namespace.as_ref().map(Namespace::as_str);
    if let Some(namespace) = object.meta("namespace").filter(|namespace| Some(*namespace) != expected) {
        let message = format!("the namespace of the object ({namespace}) does not match the namespace on the URL");
        return Err(Error::new(Reason::BadRequest, message));
    }
    object.set_meta("name", key.name.as_str());
    match expected {
        Some(namespace) => object.set_meta("namespace", namespace),
        None => object.remove_meta("namespace"),
    }
    Ok(())
}

/// The stored object is the one that the caller means.
pub(super) fn check_preconditions<K: Resource>(
    current: &Object,
    preconditions: &Preconditions,
    name: &Name,
) -> Result<()> {
    let holds = |expected: &Option<String>, field| expected.is_none() || expected.as_deref() == current.meta(field);
    if holds(&preconditions.uid, "uid") && holds(&preconditions.resource_version, "resourceVersion") {
        return Ok(());
    }
    let message = Error::conflict::<K>(name).message;
    Err(Error::new(Reason::PreconditionFailed, message))
}

/// A replacement must say which version it replaces.
pub(super) fn check_version<K: Resource>(
    current: &Object,
    next: &Object,
    preconditions: &Preconditions,
    name: &Name,
) -> Result<()> {
    if next.meta("resourceVersion").is_none() && preconditions.resource_version.is_none() {
        let cause = Cause::invalid("metadata.resourceVersion", "must be specified for an update");
        return Err(Error::invalid::<K>(name, vec![cause]));
    }
    check_identity::<K>(current, next, name)
}

/// A version or uid that the object carries must be that of the stored one.
pub(super) fn check_identity<K: Resource>(current: &Object, next: &Object, name: &Name) -> Result<()> {
    let agree = |field| next.meta(field).is_none_or(|sent| Some(sent) == current.meta(field));
    if agree("resourceVersion") && agree("uid") {
        return Ok(());
    }
    Err(Error::conflict::<K>(name))
}

/// The successor of `current`: of `next` what the write may change, the rest as it was.
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
    successor
}

/// Counts the generation of a successor that asks for something else.
pub(super) fn count(part: Part, current: &Object, successor: &mut Object) {
    if !same_content(part, current, successor) {
        successor.set_meta("generation", current.generation() + 1);
    }
}

/// Metadata that no write changes. A new version is given when the object is stored.
const SERVER_OWNED: [&str; 7] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Generation counts changes of what is asked for: of everything but metadata and, where it is apart, the status.
fn same_content(part: Part, current: &Object, next: &Object) -> bool {
    let counts = |field: &str| field != "metadata" && (part == Part::Whole || field != "status");
    let content = |object: &Object| {
        let mut fields = object.fields().clone();
        fields.retain(|field, _| counts(field));
        fields
    };
    content(current) == content(next)
}

/// The object, marked for deletion.
pub(super) fn marked(current: &Object) -> Object {
    let mut marked = current.clone();
    if current.meta("deletionTimestamp").is_none() {
        marked.set_meta("deletionTimestamp", now());
        marked.set_meta("deletionGracePeriodSeconds", 0);
        marked.set_meta("generation", current.generation() + 1);
    }
    marked
}

fn check_scope<K: Resource>(namespace: Option<&Namespace>) -> Result<()> {
    match (K::SCOPE, namespace) {
        (Scope::Namespaced, None) => Err(Error::new(Reason::BadRequest, "a namespace is required")),
        (Scope::Cluster, Some(_)) => Err(Error::new(Reason::BadRequest, "the kind is not namespaced")),
        _ => Ok(()),
    }
}

fn valid_name<K: Resource>(field: &str, name: &str) -> Result<Name> {
    name.parse().map_err(|error: Malformed| Error::invalid::<K>(name, vec![Cause::invalid(field, error.to_string())]))
}

/// How often a generated name may be taken already.
const GENERATE_ATTEMPTS: usize = 8;

fn generated_key<K: Resource>(
    object: &Object,
    namespace: Option<&Namespace>,
    taken: impl Fn(&Key) -> bool,
) -> Result<Key> {
    let Some(prefix) = object.meta("generateName") else {
        let cause = Cause::required("metadata.name", "name or generateName is required");
        return Err(Error::invalid::<K>("", vec![cause]));
    };
    for _ in 0..GENERATE_ATTEMPTS {
        let name = valid_name::<K>("metadata.generateName", &generated_name(prefix))?;
        let key = Key { namespace: namespace.cloned(), name };
        if !taken(&key) {
            return Ok(key);
        }
    }
    Err(Error::already_exists::<K>(prefix))
}

/// The prefix and five characters, none of them a vowel or mistaken for another: no words.
fn generated_name(prefix: &str) -> String {
    const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    const LONGEST_PREFIX: usize = 63 - 5;
    let random = Uuid::new_v4();
    let suffix = random.as_bytes()[..5].iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    prefix.chars().take(LONGEST_PREFIX).chain(suffix).collect()
}

/// The time in seconds, as Kubernetes writes it.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
