//! Application of JSON patches, with the behaviour of the API server's library (`evanphx/json-patch` v4).
//!
//! All limits are checked before a value is created. An absent field of an object counts as null for the steps test,
//! copy and replace. The whole document can be tested and replaced, but not added, moved, copied or removed.

use crdgen_core::json::{self, Fault, MAX_BYTES};
use serde_json::Value;

use super::pointer::{self, Pointer};
use super::{JsonPatch, JsonPatchStep};
use crate::patch::check_size;
use crate::{Error, Reason, Result};

/// Maximum number of values that the steps of a patch may move or examine, in total.
const MAX_WORK: usize = 1 << 25;

/// Maximum length of a path in an error message, in characters.
const MAX_PATH: usize = 256;

impl JsonPatch {
    /// Applies the steps to `target`.
    ///
    /// # Errors
    ///
    /// - [`Reason::Invalid`] when a step cannot be applied, or the steps copy more than 3 MiB. An API server answers in
    ///   the same way.
    /// - [`Reason::BadRequest`] when a value would be nested deeper than 125 levels, or would get a key that
    ///   `serde_json` reserves for itself.
    /// - [`Reason::RequestEntityTooLarge`] when the patched object would be larger than 3 MiB as JSON, or the steps
    ///   need too much work. For example, each insertion into a list moves all items behind it.
    ///
    /// After an error some steps may have been applied: `target` must not be used.
    pub fn apply(&self, target: &mut Value) -> Result<()> {
        json::check(target, 0).map_err(|limit| Error::beyond("the object", limit))?;
        let size = json::size(target);
        let mut patching = Patching { document: target, size, copied: 0, work: 0 };
        self.steps().iter().try_for_each(|step| patching.take(step))
    }
}

/// Number of keys in the values of a patch up to which the warnings of an API server fit into the head of an answer.
const FEW_KEYS: usize = 64;

impl JsonPatch {
    /// Returns whether every backend can apply the steps without exceeding a limit: the patched object stays within the
    /// limits for every object that is within them, and the number of warnings about unknown fields is small.
    /// Otherwise, use [`apply`](Self::apply).
    ///
    /// # Errors
    ///
    /// Fails as [`apply`](Self::apply), for steps that are refused for every object.
    #[doc(hidden)]
    pub fn is_bounded(&self) -> Result<bool> {
        let (mut is_bounded, mut keys) = (true, 0);
        for step in self.steps() {
            match step {
                JsonPatchStep::Add { path, value } | JsonPatchStep::Replace { path, value } => {
                    check(value, place_of(path)?.map_or(0, |place| place.depth()))?;
                    keys += count_keys(value);
                }
                JsonPatchStep::Move { path, .. } | JsonPatchStep::Copy { path, .. } => {
                    place_of(path)?;
                    is_bounded = false;
                }
                JsonPatchStep::Remove { .. } | JsonPatchStep::Test { .. } => {}
            }
        }
        Ok(is_bounded && keys <= FEW_KEYS)
    }
}

/// Returns the place that a step writes to; `None` for the whole document.
fn place_of(path: &str) -> Result<Option<Pointer<'_>>> {
    if path.is_empty() {
        return Ok(None);
    }
    let place = place("add", path)?;
    if place.names().any(json::is_private) {
        return Err(Error::beyond("the patched object", Fault::Key));
    }
    Ok(Some(place))
}

fn count_keys(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_keys).sum(),
        Value::Object(fields) => fields.len() + fields.values().map(count_keys).sum::<usize>(),
        _ => 0,
    }
}

/// Document that is being patched.
struct Patching<'a> {
    document: &'a mut Value,
    /// Length of the document as JSON, in bytes. May be off by a few bytes for each step.
    size: usize,
    /// Length of all copied values, in bytes.
    copied: usize,
    /// Number of values moved or examined so far. See [`MAX_WORK`].
    work: usize,
}

impl Patching<'_> {
    fn take(&mut self, step: &JsonPatchStep) -> Result<()> {
        match step {
            JsonPatchStep::Add { path, value } => self.add(path, value),
            JsonPatchStep::Remove { path } => self.remove(path),
            JsonPatchStep::Replace { path, value } if path.is_empty() => self.replace_document(value),
            JsonPatchStep::Replace { path, value } => self.replace(path, value),
            JsonPatchStep::Move { from, path } => self.move_(from, path),
            JsonPatchStep::Copy { from, path } => self.copy(from, path),
            JsonPatchStep::Test { path, value } => self.test(path, value),
        }
    }

    fn add(&mut self, path: &str, value: &Value) -> Result<()> {
        let place = place("add", path)?;
        check(value, place.depth())?;
        self.resize(self.weight(&place, value), self.field_at(&place))?;
        self.put("add", &place, path, value.clone())
    }

    fn remove(&mut self, path: &str) -> Result<()> {
        let place = place("remove", path)?;
        let gone = self.cut("remove", &place, path)?;
        self.resize(0, self.weight(&place, &gone))
    }

    fn replace(&mut self, path: &str, value: &Value) -> Result<()> {
        let place = place("replace", path)?;
        check(value, place.depth())?;
        if let Some(Value::Object(_)) = place.parent(self.document) {
            return self.add(path, value);
        }
        let Some(Value::Array(items)) = place.parent_mut(self.document) else { return Err(missing("replace", path)) };
        let item = pointer::position(place.name(), items.len()).and_then(|index| items.get_mut(index));
        let before = std::mem::replace(item.ok_or_else(|| bad_index("replace", path))?, value.clone());
        self.resize(self.weight(&place, value), self.weight(&place, &before))
    }

    fn replace_document(&mut self, value: &Value) -> Result<()> {
        if !value.is_object() && !value.is_array() {
            return Err(invalid("replace operation value must be object or array"));
        }
        check(value, 0)?;
        self.resize(json::size(value), self.size)?;
        *self.document = value.clone();
        Ok(())
    }

    /// Moves a value. Measures and examines the value only when it gets deeper, since steps may move a large value many
    /// times.
    fn move_(&mut self, from: &str, path: &str) -> Result<()> {
        let (source, place) = (place("move", from)?, place("move", path)?);
        let value = self.cut("move", &source, from)?;
        if place.depth() > source.depth() {
            self.work(check(&value, place.depth())?)?;
        }
        self.resize(self.weight_of_name(&place), self.weight_of_name(&source) + self.field_at(&place))?;
        self.put("move", &place, path, value)
    }

    fn copy(&mut self, from: &str, path: &str) -> Result<()> {
        let (source, place) = (place("copy", from)?, place("copy", path)?);
        let value = match source.parent(self.document) {
            Some(fields @ Value::Object(_)) => pointer::child(fields, source.name()).unwrap_or(&Value::Null),
            Some(items @ Value::Array(_)) => {
                pointer::child(items, source.name()).ok_or_else(|| bad_index("copy", from))?
            }
            _ => return Err(missing("copy", from)),
        };
        self.copied += json::size(value);
        if self.copied > MAX_BYTES {
            return Err(invalid(format!(
                "Unable to complete the copy, the accumulated size increase of copy is {}, exceeding the limit {MAX_BYTES}",
                self.copied
            )));
        }
        check(value, place.depth())?;
        let (weight, value) = (self.weight(&place, value), value.clone());
        self.resize(weight, self.field_at(&place))?;
        self.put("copy", &place, path, value)
    }

    fn test(&mut self, path: &str, wanted: &Value) -> Result<()> {
        let found = if path.is_empty() { Some(&*self.document) } else { self.found(path)? };
        if found.unwrap_or(&Value::Null) == wanted {
            return Ok(());
        }
        Err(invalid(format!("testing value {} failed: test failed", shown(path))))
    }

    fn found(&self, path: &str) -> Result<Option<&Value>> {
        let place = place("test", path)?;
        match place.parent(self.document) {
            Some(fields @ Value::Object(_)) => Ok(pointer::child(fields, place.name())),
            Some(items @ Value::Array(_)) => {
                pointer::child(items, place.name()).map(Some).ok_or_else(|| bad_index("test", path))
            }
            _ => Err(missing("test", path)),
        }
    }
}

impl Patching<'_> {
    /// Puts a value at a place: inserts an item into a list, or sets a field.
    fn put(&mut self, operation: &str, place: &Pointer<'_>, path: &str, value: Value) -> Result<()> {
        match place.parent_mut(self.document) {
            Some(Value::Object(_)) if json::is_private(place.name()) => {
                Err(Error::beyond("the patched object", json::Fault::Key))
            }
            Some(Value::Object(fields)) => {
                fields.insert(place.name().to_owned(), value);
                Ok(())
            }
            Some(Value::Array(items)) => {
                let end = items.len();
                let index = if place.name() == "-" { Some(end) } else { pointer::position(place.name(), end + 1) };
                let index = index.filter(|index| *index <= end).ok_or_else(|| bad_index(operation, path))?;
                items.insert(index, value);
                self.work(end - index)
            }
            _ => Err(missing(operation, path)),
        }
    }

    /// Removes a value and returns it.
    fn cut(&mut self, operation: &str, place: &Pointer<'_>, path: &str) -> Result<Value> {
        let (gone, moved) = match place.parent_mut(self.document) {
            Some(Value::Object(fields)) => {
                let gone = fields.shift_remove(place.name()).ok_or_else(|| missing(operation, path))?;
                (gone, fields.len())
            }
            Some(Value::Array(items)) => {
                let index = pointer::position(place.name(), items.len()).filter(|index| *index < items.len());
                let index = index.ok_or_else(|| bad_index(operation, path))?;
                (items.remove(index), items.len() - index)
            }
            _ => return Err(missing(operation, path)),
        };
        self.work(moved)?;
        Ok(gone)
    }

    /// Returns the length of a value at a place, in bytes of JSON.
    fn weight(&self, place: &Pointer<'_>, value: &Value) -> usize {
        self.weight_of_name(place) + json::size(value)
    }

    /// Returns the length of everything but the value at a place, in bytes of JSON: key and colon of a field, and the
    /// comma.
    fn weight_of_name(&self, place: &Pointer<'_>) -> usize {
        match place.parent(self.document) {
            Some(Value::Object(_)) => json::size(&place.name()) + 2,
            _ => 1,
        }
    }

    /// Returns the length of the field at a place. 0 when the place is not a field or the field is absent.
    fn field_at(&self, place: &Pointer<'_>) -> usize {
        let parent = place.parent(self.document).filter(|parent| parent.is_object());
        parent.and_then(|parent| pointer::child(parent, place.name())).map_or(0, |field| self.weight(place, field))
    }

    /// Updates the length of the document for a value of length `new` that replaces one of length `old`.
    fn resize(&mut self, new: usize, old: usize) -> Result<()> {
        self.size = self.size.saturating_sub(old) + new;
        check_size("the patched object", self.size)
    }

    fn work(&mut self, values: usize) -> Result<()> {
        self.work += values;
        if self.work <= MAX_WORK {
            return Ok(());
        }
        let message = "the steps of the patch move too many values: replace the list, or send several patches";
        Err(Error::new(Reason::RequestEntityTooLarge, message))
    }
}

/// Checks a value at nesting depth `depth`. Returns the number of values that it consists of.
fn check(value: &Value, depth: usize) -> Result<usize> {
    json::check(value, depth).map_err(|limit| Error::beyond("the patched object", limit))
}

fn place<'a>(operation: &str, path: &'a str) -> Result<Pointer<'a>> {
    Pointer::parse(path).ok_or_else(|| missing(operation, path))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(Reason::Invalid, message)
}

fn missing(operation: &str, path: &str) -> Error {
    invalid(format!("{operation} operation does not apply: doc is missing path: {:?}: missing value", shown(path)))
}

fn bad_index(operation: &str, path: &str) -> Error {
    invalid(format!("error in {operation} for path: '{}': invalid index referenced", shown(path)))
}

fn shown(path: &str) -> String {
    path.chars().take(MAX_PATH).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn patched(target: &Value, steps: Value) -> Result<Value> {
        let patch: JsonPatch = serde_json::from_value(steps).expect("steps");
        let mut target = target.clone();
        patch.apply(&mut target).map(|()| target)
    }

    fn refused(target: &Value, steps: Value) -> Reason {
        patched(target, steps).expect_err("no outcome").reason
    }

    #[test]
    fn steps_are_taken_as_an_api_server_takes_them() {
        let target = json!({"a": {"b": [1, 2]}, "n": null, "x/y~": 0});
        for (steps, outcome) in [
            (json!([{"op": "add", "path": "/a/b/-", "value": 3}]), json!({"b": [1, 2, 3]})),
            (json!([{"op": "add", "path": "/a/b/-1", "value": 3}]), json!({"b": [1, 2, 3]})),
            (json!([{"op": "add", "path": "/a/b/00", "value": 3}]), json!({"b": [3, 1, 2]})),
            (json!([{"op": "replace", "path": "/a/b/-1", "value": 3}]), json!({"b": [1, 3]})),
            (json!([{"op": "replace", "path": "/a/c", "value": 3}]), json!({"b": [1, 2], "c": 3})),
            (json!([{"op": "remove", "path": "/a/b/0"}]), json!({"b": [2]})),
            (json!([{"op": "copy", "from": "/a/none", "path": "/a/b"}]), json!({"b": null})),
            (json!([{"op": "copy", "from": "/a/b/0", "path": "/a/b/2"}]), json!({"b": [1, 2, 1]})),
            (json!([{"op": "move", "from": "/a/b/0", "path": "/a/c"}]), json!({"b": [2], "c": 1})),
            (json!([{"op": "move", "from": "/x~1y~0", "path": "/a/b"}]), json!({"b": 0})),
            (json!([{"op": "test", "path": "/a/none", "value": null}]), json!({"b": [1, 2]})),
            (json!([{"op": "test", "path": "/n", "value": null}]), json!({"b": [1, 2]})),
            (json!([{"op": "replace", "path": "", "value": {"a": 1}}]), json!(1)),
        ] {
            assert_eq!(patched(&target, steps.clone()).expect("an outcome")["a"], outcome, "{steps}");
        }
        for steps in [
            json!([{"op": "add", "path": "", "value": {}}]),
            json!([{"op": "add", "path": "/none/b", "value": 1}]),
            json!([{"op": "add", "path": "/a/b/3", "value": 1}]),
            json!([{"op": "add", "path": "/a/b/-4", "value": 1}]),
            json!([{"op": "add", "path": "/a/b/one", "value": 1}]),
            json!([{"op": "replace", "path": "/a/b/2", "value": 1}]),
            json!([{"op": "replace", "path": "", "value": 1}]),
            json!([{"op": "remove", "path": "/a/none"}]),
            json!([{"op": "remove", "path": "/n/none"}]),
            json!([{"op": "move", "from": "/a", "path": "/a/b"}]),
            json!([{"op": "copy", "from": "/a/b/2", "path": "/c"}]),
            json!([{"op": "test", "path": "/a/b", "value": [1]}]),
            json!([{"op": "test", "path": "/a/b/2", "value": null}]),
            json!([{"op": "test", "path": "", "value": {}}]),
        ] {
            assert_eq!(refused(&target, steps.clone()), Reason::Invalid, "{steps}");
        }
    }

    #[test]
    fn copies_do_not_add_up_beyond_what_an_api_server_copies() {
        let doubling: Vec<_> =
            (0..40).map(|step| json!({"op": "copy", "from": "/x", "path": format!("/x/k{step}")})).collect();
        let error = patched(&json!({"x": {}}), doubling.into()).expect_err("too much");
        assert_eq!(error.reason, Reason::Invalid);
        assert!(error.message.starts_with("Unable to complete the copy, the accumulated size"), "{error}");
    }

    #[test]
    fn values_do_not_get_deeper_than_the_limit() {
        let deeper = |operation: &str| {
            let steps = (0..200).flat_map(|_| {
                [
                    json!({"op": operation, "from": "/x", "path": "/y"}),
                    json!({"op": "add", "path": "/x", "value": {}}),
                    json!({"op": operation, "from": "/y", "path": "/x/x"}),
                ]
            });
            steps.collect::<Vec<_>>().into()
        };
        assert_eq!(refused(&json!({"x": {}}), deeper("move")), Reason::BadRequest);
        assert_eq!(refused(&json!({"x": {}}), deeper("copy")), Reason::BadRequest);
        let deep = (1..json::MAX_DEPTH).fold(json!(1), |inner, _| json!([inner]));
        assert!(patched(&json!({}), json!([{"op": "add", "path": "/a", "value": deep}])).is_ok());
        assert_eq!(refused(&json!({}), json!([{"op": "add", "path": "/a", "value": [deep]}])), Reason::BadRequest);
        let path = "/a".repeat(100_000);
        assert_eq!(refused(&json!({}), json!([{"op": "remove", "path": path}])), Reason::Invalid);
    }

    #[test]
    fn keys_that_the_parser_takes_for_its_own_are_not_made() {
        let key = "$serde_json::private::RawValue";
        for steps in [
            json!([{"op": "add", "path": format!("/{key}"), "value": "{}"}]),
            json!([{"op": "replace", "path": format!("/{key}"), "value": "{}"}]),
            json!([{"op": "copy", "from": "/a", "path": format!("/{key}")}]),
            json!([{"op": "move", "from": "/a", "path": format!("/{key}")}]),
        ] {
            assert_eq!(refused(&json!({"a": "{}"}), steps.clone()), Reason::BadRequest, "{steps}");
        }
        let step = JsonPatchStep::Add { path: "/b".to_owned(), value: json!({key: "{}"}) };
        let error = JsonPatch::from(vec![step]).apply(&mut json!({})).expect_err("no outcome");
        assert_eq!(error.reason, Reason::BadRequest);
    }

    #[test]
    fn the_outcome_and_the_work_are_bounded() {
        let large = "x".repeat(MAX_BYTES / 2);
        let add = |path: &str| json!({"op": "add", "path": path, "value": large});
        assert_eq!(refused(&json!({}), json!([add("/a"), add("/b")])), Reason::RequestEntityTooLarge);
        assert!(patched(&json!({}), json!([add("/a"), {"op": "remove", "path": "/a"}, add("/b"), add("/b")])).is_ok());
        let list = json!({"list": vec![0; 100_000]});
        let step = json!({"op": "add", "path": "/list/0", "value": 0});
        assert_eq!(refused(&list, vec![step; 1000].into()), Reason::RequestEntityTooLarge);
    }

    fn any_path() -> impl Strategy<Value = String> {
        prop::collection::vec(prop_oneof![Just("x"), Just("y"), Just("0"), Just("-")], 0..4)
            .prop_map(|names| names.into_iter().map(|name| format!("/{name}")).collect())
    }

    fn any_step() -> impl Strategy<Value = Value> {
        let value = prop_oneof![Just(json!({})), Just(json!([])), Just(json!({"x": [{}]})), Just(json!("text"))];
        (0..5_u8, any_path(), any_path(), value).prop_map(|(operation, path, from, value)| match operation {
            0 => json!({"op": "add", "path": path, "value": value}),
            1 => json!({"op": "replace", "path": path, "value": value}),
            2 => json!({"op": "remove", "path": path}),
            3 => json!({"op": "move", "from": from, "path": path}),
            _ => json!({"op": "copy", "from": from, "path": path}),
        })
    }

    proptest! {
        #[test]
        fn no_steps_make_more_than_is_counted(steps in prop::collection::vec(any_step(), 0..60)) {
            // One step at a time, so that steps that fail are left out.
            let mut target = json!({"x": {"y": []}, "y": [{}, []]});
            for step in steps {
                let patch: JsonPatch = serde_json::from_value(json!([step])).unwrap();
                let mut next = target.clone();
                let size = json::size(&next);
                let mut patching = Patching { document: &mut next, size, copied: 0, work: 0 };
                let taken = patching.take(&patch.steps()[0]).is_ok();
                let (counted, copied) = (patching.size, patching.copied);
                if taken {
                    prop_assert!(json::check(&next, 0).is_ok());
                    prop_assert!(json::size(&next) <= counted + 1, "{next}: {counted}");
                    prop_assert!(json::size(&next) <= size + 64 + copied);
                    target = next;
                }
            }
        }
    }
}
