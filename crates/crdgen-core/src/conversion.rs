//! Conversion of an object between versions of its kind. The generated `From` and `TryFrom` implementations are made of
//! these items.
//!
//! A conversion either carries every field over, or fails and names each field that it could not carry over. It never
//! drops or invents a value silently.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Map;

/// Error of a conversion: lists the fields that the other version cannot hold.
///
/// A field is listed when it is set and the other version does not declare it or declares another type, or when the
/// other version requires it and it is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionError {
    /// Paths of the fields, from the object down, for example `spec.tasks[3].timeout`. Map keys are separated by dots
    /// too.
    pub fields: Vec<String>,
}

impl ConversionError {
    /// Creates the error of a value that cannot be converted. Its path is empty.
    pub fn here() -> Self {
        Self { fields: vec![String::new()] }
    }

    /// Returns the paths of the fields with `parent` as prefix.
    fn below(self, parent: &str) -> impl Iterator<Item = String> {
        let path = move |rest: String| match rest.as_str() {
            "" => parent.to_owned(),
            _ if rest.starts_with('[') => format!("{parent}{rest}"),
            _ => format!("{parent}.{rest}"),
        };
        self.fields.into_iter().map(path)
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the other version has no place for {}", self.fields.join(", "))
    }
}

impl std::error::Error for ConversionError {}

/// Fields of one object that a conversion could not carry over. Collected field by field.
#[derive(Debug, Default)]
pub struct LostFields {
    fields: Vec<String>,
}

impl LostFields {
    /// Records `field`, which the other version does not declare, if it is `set`.
    pub fn dropped(&mut self, field: &str, set: bool) {
        if set {
            self.fields.push(field.to_owned());
        }
    }

    /// Records undeclared fields. Used when the other version keeps no undeclared fields.
    pub fn undeclared<V>(&mut self, fields: &Map<V>) {
        self.fields.extend(fields.keys().cloned());
    }

    /// Records the fields that this version does not declare and the other version declares.
    pub fn declared<V>(&mut self, fields: &Map<V>, declared: &[&str]) {
        self.fields.extend(fields.keys().filter(|field| declared.contains(&field.as_str())).cloned());
    }

    /// Records `field`, which the other version requires and this version does not declare. Returns `None`.
    pub fn missing<T>(&mut self, field: &str) -> Option<T> {
        self.fields.push(field.to_owned());
        None
    }

    /// Returns the value of a conversion. Records its error below `field` and returns `None` when it failed.
    fn field<T>(&mut self, field: &str, value: Result<T, ConversionError>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.fields.extend(error.below(field));
                None
            }
        }
    }

    /// Returns the converted object, or the error that lists the recorded fields.
    ///
    /// `object` may return `None` only after one of its fields failed, because the error then lists that field.
    pub fn finish<T>(self, object: impl FnOnce() -> Option<T>) -> Result<T, ConversionError> {
        match object() {
            Some(object) if self.fields.is_empty() => Ok(object),
            _ => Err(ConversionError { fields: self.fields }),
        }
    }
}

/// State of a field: absent, null, a value, or a value that cannot be converted.
#[derive(Debug)]
pub enum FieldValue<T> {
    /// Field that is absent.
    Absent,
    /// Field that is null.
    Null,
    /// Field that is present and not null.
    Value(T),
    /// Field that is present and cannot be converted.
    Failed(ConversionError),
}

impl<T> FieldValue<T> {
    /// Creates the state of a required, non-null field.
    pub fn required(value: T) -> Self {
        Self::Value(value)
    }

    /// Creates the state of a required field that may be null.
    pub fn nullable(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }

    /// Creates the state of an optional field that is never null.
    pub fn optional(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }

    /// Creates the state of an optional field that may be null.
    pub fn any(value: Option<Option<T>>) -> Self {
        value.map_or(Self::Absent, Self::nullable)
    }

    /// Converts the value to another type.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> FieldValue<U> {
        self.try_map(|value| Ok(convert(value)))
    }

    /// Converts the value to another type with a conversion that may fail.
    pub fn try_map<U>(self, convert: impl FnOnce(T) -> Result<U, ConversionError>) -> FieldValue<U> {
        match self {
            Self::Absent => FieldValue::Absent,
            Self::Null => FieldValue::Null,
            Self::Value(value) => convert(value).map_or_else(FieldValue::Failed, FieldValue::Value),
            Self::Failed(error) => FieldValue::Failed(error),
        }
    }

    /// Returns the value of a required, non-null field.
    ///
    /// Records `field` in `lost` and returns `None` when the value is absent, null or failed.
    pub fn into_required(self, field: &str, lost: &mut LostFields) -> Option<T> {
        let value = self.state().and_then(|value| value.flatten().ok_or_else(ConversionError::here));
        lost.field(field, value)
    }

    /// Returns the value of a required field that may be null.
    ///
    /// Records `field` in `lost` and returns `None` when the value is absent or failed.
    pub fn into_nullable(self, field: &str, lost: &mut LostFields) -> Option<Option<T>> {
        let value = self.state().and_then(|value| value.ok_or_else(ConversionError::here));
        lost.field(field, value)
    }

    /// Returns the value of an optional field that is never null.
    ///
    /// Records `field` in `lost` and returns `None` when the value is null or failed.
    pub fn into_optional(self, field: &str, lost: &mut LostFields) -> Option<Option<T>> {
        let present = |value: Option<T>| value.ok_or_else(ConversionError::here);
        let value = self.state().and_then(|value| value.map(present).transpose());
        lost.field(field, value)
    }

    /// Returns the value of an optional field that may be null.
    ///
    /// Records `field` in `lost` and returns `None` when the value failed.
    pub fn into_any(self, field: &str, lost: &mut LostFields) -> Option<Option<Option<T>>> {
        lost.field(field, self.state())
    }

    fn state(self) -> Result<Option<Option<T>>, ConversionError> {
        match self {
            Self::Absent => Ok(None),
            Self::Null => Ok(Some(None)),
            Self::Value(value) => Ok(Some(Some(value))),
            Self::Failed(error) => Err(error),
        }
    }
}

/// Converts every item of a list.
///
/// # Errors
///
/// Fails when the conversion of an item fails. Lists the failures of all items, with their index.
pub fn items<T, U>(
    list: Vec<T>,
    mut convert: impl FnMut(T) -> Result<U, ConversionError>,
) -> Result<Vec<U>, ConversionError> {
    let mut lost = LostFields::default();
    let converted: Vec<_> = list
        .into_iter()
        .enumerate()
        .filter_map(|(index, item)| lost.field(&format!("[{index}]"), convert(item)))
        .collect();
    lost.finish(|| Some(converted))
}

/// Converts every value of a map.
///
/// # Errors
///
/// Fails when the conversion of a value fails. Lists the failures of all values, with their key.
pub fn values<T, U>(
    map: Map<T>,
    mut convert: impl FnMut(T) -> Result<U, ConversionError>,
) -> Result<Map<U>, ConversionError> {
    let mut lost = LostFields::default();
    let converted = map
        .into_iter()
        .filter_map(|(key, value)| {
            let value = lost.field(&key, convert(value))?;
            Some((key, value))
        })
        .collect();
    lost.finish(|| Some(converted))
}

/// Converts a value to another type through JSON.
///
/// # Errors
///
/// Fails when the target type cannot be read from the JSON of `value`, or does not write the same JSON again.
pub fn same_json<T: Serialize, U: Serialize + DeserializeOwned>(value: T) -> Result<U, ConversionError> {
    let convert = || {
        let json = serde_json::to_value(value).ok()?;
        let converted: U = serde_json::from_value(json.clone()).ok()?;
        (serde_json::to_value(&converted).ok()? == json).then_some(converted)
    };
    convert().ok_or_else(ConversionError::here)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn even(number: i64) -> Result<i64, ConversionError> {
        if number % 2 == 0 { Ok(number / 2) } else { Err(ConversionError::here()) }
    }

    #[test]
    fn every_loss_is_named_by_its_path() {
        let mut lost = LostFields::default();
        lost.dropped("colour", true);
        lost.dropped("size", false);
        assert_eq!(lost.field("tasks", items(vec![2, 3, 4, 5], even)), None);
        let nested = Map::from_iter([("a".to_owned(), vec![1]), ("b".to_owned(), vec![2])]);
        assert_eq!(lost.field("params", values(nested, |list| items(list, even))), None);
        assert_eq!(lost.field("even", even(8)), Some(4));
        let error = lost.finish(|| Some(())).unwrap_err();
        assert_eq!(error.fields, ["colour", "tasks[1]", "tasks[3]", "params.a[0]"]);
        assert_eq!(error.to_string(), "the other version has no place for colour, tasks[1], tasks[3], params.a[0]");
    }

    #[test]
    fn absent_and_null_stay_what_they_are() {
        let mut lost = LostFields::default();
        assert_eq!(FieldValue::nullable(None::<i64>).into_any("a", &mut lost), Some(Some(None)));
        assert_eq!(FieldValue::optional(None::<i64>).into_any("b", &mut lost), Some(None));
        assert_eq!(FieldValue::any(Some(Some(4))).try_map(even).into_nullable("c", &mut lost), Some(Some(2)));
        assert_eq!(lost.fields, [""; 0]);
        assert_eq!(FieldValue::optional(None::<i64>).into_required("d", &mut lost), None);
        assert_eq!(FieldValue::nullable(None::<i64>).into_optional("e", &mut lost), None);
        assert_eq!(FieldValue::required(3).try_map(even).into_optional("f", &mut lost), None);
        assert_eq!(lost.fields, ["d", "e", "f"]);
    }

    #[test]
    fn json_that_fits_both_is_carried_over_and_nothing_else() {
        assert_eq!(same_json::<_, i64>(json!(5)), Ok(5));
        assert_eq!(same_json::<_, Map<String>>(json!({"a": "b"})).map(|map| map.len()), Ok(1));
        assert_eq!(same_json::<_, i64>("5"), Err(ConversionError::here()));
        assert_eq!(same_json::<_, crate::OwnerReference>(json!({"a": "b"})), Err(ConversionError::here()));
        let more = json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u", "more": 1});
        assert_eq!(same_json::<_, crate::OwnerReference>(more), Err(ConversionError::here()));
    }
}
