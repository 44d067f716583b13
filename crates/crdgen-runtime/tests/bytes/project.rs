//! Projection of objects to the fields of a view, as bytes.

use crdgen_runtime::bytes::Projection;
use crdgen_runtime::{ObjectMeta, Resource, Scope, View};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Ship {
    metadata: ObjectMeta,
}

impl Resource for Ship {
    type Meta = ObjectMeta;
    const GROUP: &'static str = "example.com";
    const VERSION: &'static str = "v1";
    const API_VERSION: &'static str = "example.com/v1";
    const KIND: &'static str = "Ship";
    const LIST_KIND: &'static str = "ShipList";
    const PLURAL: &'static str = "ships";
    const SCOPE: Scope = Scope::Namespaced;
    const STATUS: bool = false;
    /// `spec.cargo` is a map, `spec.holds` a list of maps, and a leg has a property with a dot in its name.
    const SCHEMA: &'static str = r#"{"properties": {"spec": {"properties": {
        "legs": {"items": {"properties": {"mode": {}, "a": {"properties": {"b": {}}}, "a.b": {}}}},
        "cargo": {"additionalProperties": {"properties": {"tons": {}}}},
        "holds": {"items": {"additionalProperties": {"properties": {"tons": {}}}}}
    }}}}"#;
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

macro_rules! view {
    ($name:ident, $fields:expr) => {
        #[derive(Clone, Serialize, Deserialize)]
        struct $name;

        impl View for $name {
            type Of = Ship;
            const FIELDS: &'static [&'static str] = $fields;
            const PLURAL: &'static str = "views";
        }
    };
}

fn copied(projection: &Projection, object: &str) -> String {
    let mut out = Vec::new();
    projection.copy(object.as_bytes(), &mut out).expect("an object");
    String::from_utf8(out).expect("text stays text")
}

/// Returns the view of a ship with this `spec`, without apiVersion and kind.
fn spec<V: View>(spec: &str) -> String {
    let head = r#"{"apiVersion":"example.com/v1","kind":"Ship""#;
    let view = copied(&Projection::of::<V>(), &format!(r#"{head},"spec":{spec},"status":{{}}}}"#));
    view.strip_prefix(&format!(r#"{head},"spec":"#)).and_then(|rest| rest.strip_suffix('}')).expect(&view).to_owned()
}

#[test]
fn a_view_takes_its_fields_from_each_item_of_a_list() {
    view!(Modes, &["spec.legs[].mode"]);
    let legs = r#"{"name":"x","legs":[{"mode":"sail","days":1},{"days":2,"mode":"row"},{},null,7]}"#;
    assert_eq!(spec::<Modes>(legs), r#"{"legs":[{"mode":"sail"},{"mode":"row"},{},null,7]}"#);
    assert_eq!(spec::<Modes>(r#"{"legs":[]}"#), r#"{"legs":[]}"#);
}

#[test]
fn a_view_takes_its_fields_from_each_value_of_a_map() {
    view!(Tons, &["spec.cargo.tons"]);
    let cargo = r#"{"cargo":{"tons":{"tons":1,"x":2},"water":{"x":3},"none":null}}"#;
    assert_eq!(spec::<Tons>(cargo), r#"{"cargo":{"tons":{"tons":1},"water":{},"none":null}}"#);
    assert_eq!(spec::<Tons>(r#"{"cargo":{}}"#), r#"{"cargo":{}}"#);
}

#[test]
fn a_view_takes_its_fields_from_maps_in_a_list() {
    view!(HoldTons, &["spec.holds[].tons"]);
    let holds = r#"{"holds":[{"fore":{"tons":1,"x":2},"aft":{"tons":3}},{}]}"#;
    assert_eq!(spec::<HoldTons>(holds), r#"{"holds":[{"fore":{"tons":1},"aft":{"tons":3}},{}]}"#);
}

#[test]
fn a_path_means_the_longest_property_name_that_fits() {
    view!(Dotted, &["spec.legs[].a.b"]);
    let legs = r#"{"legs":[{"a":{"b":1},"a.b":2},{"a.b":3}]}"#;
    assert_eq!(spec::<Dotted>(legs), r#"{"legs":[{"a.b":2},{"a.b":3}]}"#);
}

#[test]
fn a_view_of_an_item_that_names_no_kind_names_it() {
    view!(Named, &["metadata.name"]);
    let expected = r#"{"metadata":{"name":"a"},"apiVersion":"example.com/v1","kind":"Ship"}"#;
    assert_eq!(copied(&Projection::of::<Named>(), r#"{"metadata":{"name":"a","uid":"u"},"spec":{}}"#), expected);
    assert_eq!(copied(&Projection::of::<Named>(), "{}"), r#"{"apiVersion":"example.com/v1","kind":"Ship"}"#);
}

#[test]
fn an_identified_view_has_the_identity_of_the_object_too() {
    view!(Labels, &["metadata.labels"]);
    let head = r#""apiVersion":"example.com/v1","kind":"Ship""#;
    let object = format!(
        r#"{{{head},"metadata":{{"name":"a","namespace":"n","uid":"u","resourceVersion":"7","generation":1,"labels":{{"x":"y"}}}},"spec":{{}}}}"#
    );
    let expected = format!(
        r#"{{{head},"metadata":{{"name":"a","namespace":"n","uid":"u","resourceVersion":"7","labels":{{"x":"y"}}}}}}"#
    );
    assert_eq!(copied(&Projection::identified::<Labels>(), &object), expected);
    assert_eq!(
        copied(&Projection::of::<Labels>(), &object),
        format!(r#"{{{head},"metadata":{{"labels":{{"x":"y"}}}}}}"#)
    );
}

#[test]
fn a_view_of_all_metadata_leaves_bookkeeping_out() {
    view!(All, &["metadata"]);
    view!(Annotations, &["metadata.annotations"]);
    let object = |rest: &str| {
        format!(
            r#"{{"apiVersion":"example.com/v1","kind":"Ship","metadata":{{{rest}"annotations":{{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"{{}}"}}}}}}"#
        )
    };
    let expected = |rest: &str| {
        format!(r#"{{"apiVersion":"example.com/v1","kind":"Ship","metadata":{{{rest}"annotations":{{"a":"b"}}}}}}"#)
    };
    let whole = copied(&Projection::of::<All>(), &object(r#""name":"a","managedFields":[{}],"#));
    assert_eq!(whole, expected(r#""name":"a","#));
    assert_eq!(copied(&Projection::of::<Annotations>(), &object(r#""name":"a","#)), expected(""));
}

/// Names of 70 fields: `00` to `69`.
const MANY: [&str; 70] = {
    const DIGITS: &str = "00010203040506070809101112131415161718192021222324252627282930313233343536373839\
                          404142434445464748495051525354555657585960616263646566676869";
    let (mut names, mut index) = ([""; 70], 0);
    while index < names.len() {
        names[index] = DIGITS.split_at(2 * index).1.split_at(2).0;
        index += 1;
    }
    names
};

#[test]
fn a_view_may_have_more_than_64_fields() {
    view!(Many, &MANY);
    let members = MANY.iter().map(|name| format!(r#""{name}":1"#)).collect::<Vec<_>>().join(",");
    let head = r#""apiVersion":"example.com/v1","kind":"Ship""#;
    let object = format!(r#"{{{head},{members},"other":2}}"#);
    assert_eq!(copied(&Projection::of::<Many>(), &object), format!("{{{head},{members}}}"));
}
