//! Cost of hostile objects: work that is linear in their size, or a budget that is spent.
//!
//! The shapes are so large that quadratic work would take minutes. `cargo test --release -p crdgen-schema --test cost
//! -- --ignored --nocapture` prints the time of each at 3 MB.

use std::fmt::Write;

use cpu_time::ThreadTime;
use crdgen_schema::admission::{Admission, Obstacle, Options, Verdict};
use crdgen_schema::schema::Schema;
use serde_json::{Map, Value, json};

/// Size of an object in the tests, in bytes of JSON.
const SIZE: usize = 200_000;

/// Size of an object in the printed table, in bytes of JSON: the limit of a server's request.
const LARGE: usize = 3_000_000;

/// Object with its schema.
struct Shape {
    name: &'static str,
    schema: Value,
    /// `spec` of the object.
    spec: Value,
    /// `metadata` of the object, without the name.
    metadata: Value,
    /// `spec` and `metadata` of the old object.
    old: Option<(Value, Value)>,
    expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Accepted,
    Refused,
    Malformed,
    /// A budget is spent.
    Undecided,
}

impl Shape {
    fn new(name: &'static str, spec_schema: Value, spec: Value, expected: Expected) -> Self {
        let schema = json!({"type": "object", "properties": {"spec": spec_schema}});
        Self { name, schema, spec, metadata: json!({}), old: None, expected }
    }

    fn with_old(self, spec: Value) -> Self {
        Self { old: Some((spec, json!({}))), ..self }
    }

    fn of_metadata(name: &'static str, metadata: Value, old: Option<Value>, expected: Expected) -> Self {
        let shape = Self::new(name, json!({"type": "object"}), json!({}), expected);
        Self { metadata, old: old.map(|old| (json!({}), old)), ..shape }
    }

    fn admission(&self) -> Admission {
        Admission::new(&Schema::from_json(&self.schema).expect("a schema can be read"), Options::default())
    }

    fn object(spec: &Value, metadata: &Value) -> Value {
        let mut object = json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata, "spec": spec});
        object["metadata"]["name"] = json!("thing");
        object
    }

    fn admit(&self, admission: &Admission) -> Verdict {
        let old = self.old.as_ref().map(|(spec, metadata)| Self::object(spec, metadata));
        admission.admit(&mut Self::object(&self.spec, &self.metadata), old.as_ref())
    }
}

fn expected(verdict: &Verdict) -> Expected {
    match verdict {
        verdict if verdict.malformed.is_some() => Expected::Malformed,
        verdict if !verdict.is_accepted() => Expected::Refused,
        verdict if verdict.is_decided() => Expected::Accepted,
        _ => Expected::Undecided,
    }
}

/// Returns as many items as fit into a number of bytes.
fn list(bytes: usize, item: impl Fn(usize) -> Value) -> Vec<Value> {
    let count = bytes / (item(bytes).to_string().len() + 1);
    (0..count).map(item).collect()
}

fn lists(size: usize) -> Vec<Shape> {
    let set = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}});
    let names = list(size, |n| json!(format!("name-{n}")));
    let reversed: Vec<_> = names.iter().rev().cloned().collect();
    let map = |keys: &[&str], rule: Option<&str>, pattern: &str| {
        let rules: Vec<_> = rule.map(|rule| json!({"rule": rule})).into_iter().collect();
        json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys, "items": {
            "type": "object",
            "required": keys,
            "properties": {
                "a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "boolean"},
                "value": {"type": "string", "pattern": pattern},
            },
            "x-kubernetes-validations": rules,
        }})
    };
    let items = list(size, |n| json!({"a": format!("a-{n}"), "b": n, "c": true, "value": "x"}));
    let shuffled: Vec<_> = items.iter().rev().cloned().collect();
    let compound = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {
        "type": "object", "x-kubernetes-map-type": "atomic", "x-kubernetes-preserve-unknown-fields": true,
    }});
    let of_lists = json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}});
    let transition = Some("self.value == oldSelf.value");
    vec![
        Shape::new("set of text, reversed", set.clone(), json!(names), Expected::Accepted).with_old(json!(reversed)),
        Shape::new("set of one text", set, json!(vec!["name"; size / 7]), Expected::Refused),
        Shape::new("set of objects", compound, json!(items), Expected::Accepted).with_old(json!(shuffled)),
        Shape::new(
            "map by one key, rule with the old item",
            map(&["a"], transition, "x"),
            json!(items),
            Expected::Accepted,
        )
        .with_old(json!(shuffled)),
        Shape::new("map by two keys, wrong as before", map(&["a", "b"], None, "y"), json!(items), Expected::Accepted)
            .with_old(json!(shuffled)),
        Shape::new(
            "map by three keys, rule with the old item",
            map(&["a", "b", "c"], transition, "x"),
            json!(items),
            Expected::Accepted,
        )
        .with_old(json!(shuffled)),
        Shape::new("lists of numbers", of_lists, json!(list(size, |n| json!([n, n, 1.5]))), Expected::Refused),
    ]
}

fn metadata(size: usize) -> Vec<Shape> {
    let owners = list(size, |n| {
        let uid = format!("00000000-0000-0000-0000-{n:012}");
        json!({"apiVersion": "v1", "kind": "Pod", "name": format!("pod-{n}"), "uid": uid})
    });
    let finalizers = list(size, |n| json!(format!("example.com/{n}")));
    let reversed: Vec<_> = finalizers.iter().rev().cloned().collect();
    let deleted = json!({"finalizers": reversed, "deletionTimestamp": "2026-01-01T00:00:00Z"});
    let managed = list(
        size,
        |n| json!({"manager": format!("m{n}"), "operation": "Update", "apiVersion": "v1", "fieldsV1": {"f:spec": {"f:a": {}}}}),
    );
    let labels: Map<_, _> = list(size, |n| json!(format!("label-{n}")))
        .into_iter()
        .map(|name| (name.as_str().unwrap().into(), name))
        .collect();
    let numbers: Map<_, _> = labels.keys().map(|name| (name.clone(), json!(1))).collect();
    let unknown: Map<_, _> = labels.keys().map(|name| (name.clone(), json!({}))).collect();
    let bad: Map<_, _> = labels.keys().map(|name| (format!("-{name}"), json!("-"))).collect();
    vec![
        Shape::of_metadata("owner references", json!({"ownerReferences": owners}), None, Expected::Accepted),
        Shape::of_metadata(
            "finalizers of a deleted object",
            json!({"finalizers": finalizers}),
            Some(deleted),
            Expected::Accepted,
        ),
        Shape::of_metadata("managed fields", json!({"managedFields": managed}), None, Expected::Accepted),
        Shape::of_metadata("labels", json!({"labels": labels}), Some(json!({"labels": labels})), Expected::Accepted),
        Shape::of_metadata("labels that are wrong", json!({"labels": bad}), None, Expected::Refused),
        Shape::of_metadata("labels that are numbers", json!({"labels": numbers}), None, Expected::Malformed),
        Shape::of_metadata("unknown metadata", Value::Object(unknown), None, Expected::Accepted),
    ]
}

/// Returns a schema of nested lists around `leaf`.
fn nested(levels: usize, leaf: Value) -> Value {
    (0..levels).fold(leaf, |items, _| json!({"type": "array", "items": items}))
}

fn deep(levels: usize, leaf: Value) -> Value {
    (0..levels).fold(leaf, |item, _| json!([item]))
}

fn depths(size: usize) -> Vec<Shape> {
    const LEVELS: usize = 120;
    let leaf = json!({"type": "string", "enum": ["a", "b"]});
    let texts = |text: &str| json!(list(size, |_| json!(text)));
    let long = "k".repeat(size / 2);
    let any = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let maps = json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}});
    let objects = json!({"type": "object", "additionalProperties": {"type": "object", "properties": {}}});
    let fields: Map<_, _> = (0..size / 20).map(|n| (format!("field-{n}"), json!(n))).collect();
    let below_long = |value: Value| Value::Object(Map::from_iter([(long.clone(), value)]));
    let wrong = json!(list(size / 2, |_| json!("x")));
    vec![
        Shape::new(
            "a list 120 levels deep",
            nested(LEVELS, json!({"type": "array", "items": leaf})),
            deep(LEVELS, texts("a")),
            Expected::Accepted,
        )
        .with_old(deep(LEVELS, texts("b"))),
        Shape::new(
            "120 levels, wrong as before",
            nested(LEVELS, json!({"type": "array", "items": leaf})),
            deep(LEVELS, texts("c")),
            Expected::Accepted,
        )
        .with_old(deep(LEVELS, texts("c"))),
        Shape::new("undeclared, 120 levels deep", any, json!({"a": deep(LEVELS, texts("a"))}), Expected::Accepted),
        Shape::new("wrong items below a long key", maps.clone(), below_long(wrong.clone()), Expected::Refused),
        Shape::new("the same as before", maps, below_long(wrong.clone()), Expected::Accepted)
            .with_old(below_long(wrong)),
        Shape::new("unknown fields below a long key", objects, below_long(Value::Object(fields)), Expected::Accepted),
    ]
}

fn schemas(size: usize) -> Vec<Shape> {
    let branches: Vec<_> = (0..16).map(|n| json!({"required": [format!("f{n}")]})).collect();
    let properties: Map<_, _> = (0..16).map(|n| (format!("f{n}"), json!({"type": "integer"}))).collect();
    let items = |extra: Value| {
        let mut items = json!({"type": "object", "properties": properties});
        items.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"type": "array", "items": items})
    };
    let union = items(json!({"oneOf": branches}));
    let choices: Vec<_> = (0..2000).map(|n| format!("choice-{n}")).collect();
    let enumeration = json!({"type": "array", "items": {"type": "string", "enum": choices}});
    let defaulted = json!({"type": "array", "items": {"type": "object", "properties": {
        "text": {"type": "string", "default": "x".repeat(1000)}
    }}});
    let required = items(json!({"required": (0..16).map(|n| format!("f{n}")).collect::<Vec<_>>()}));
    let heavy = json!({"type": "array", "items": {"type": "string", "pattern": "(a|b)*a(a|b){300}c"}});
    let letters = |n: usize| {
        let mut state = n as u64 + 1;
        let mut letter = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if state >> 63 == 0 { 'a' } else { 'b' }
        };
        (0..1000).map(&mut letter).collect::<String>()
    };
    vec![
        Shape::new(
            "unions of sixteen",
            union.clone(),
            json!(list(size, |n| json!({format!("f{}", n % 16): 1}))),
            Expected::Accepted,
        ),
        Shape::new("no variant of sixteen", union, json!(list(size, |_| json!({}))), Expected::Refused),
        Shape::new(
            "the last of 2,000 choices",
            enumeration.clone(),
            json!(list(size, |_| json!("choice-1999"))),
            Expected::Accepted,
        ),
        Shape::new("none of 2,000 choices", enumeration, json!(list(size, |_| json!("choice"))), Expected::Refused),
        Shape::new(
            "defaults a thousand times as long",
            defaulted,
            json!(list(size, |_| json!({}))),
            Expected::Malformed,
        ),
        Shape::new("required fields, absent as before", required, json!(list(size, |_| json!({}))), Expected::Accepted)
            .with_old(json!(list(size, |_| json!({})))),
        Shape::new(
            "a pattern with a state for each text",
            heavy,
            json!(list(size, |n| json!(letters(n)))),
            Expected::Refused,
        ),
    ]
}

/// Returns a shape whose `spec` has a list and texts, with rules about them.
fn ruled(rules: &[&str], spec: Value, expected: Expected, name: &'static str) -> Shape {
    let rules: Vec<_> =
        rules.iter().map(|rule| json!({"rule": rule, "optionalOldSelf": rule.contains("oldSelf")})).collect();
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let set = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}});
    let any = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let schema = json!({
        "type": "object",
        "properties": {
            "list": texts, "set": set, "text": {"type": "string"}, "data": {"type": "string", "format": "byte"},
            "wait": {"type": "string", "format": "duration"}, "any": any,
        },
        "x-kubernetes-validations": rules,
    });
    Shape::new(name, schema, spec, expected)
}

fn rules(size: usize) -> Vec<Shape> {
    use Expected::{Accepted, Undecided};
    let half = || json!(list(size / 2, |n| json!(format!("{n}"))));
    let text = |letter: &str| json!(letter.repeat(size / 2));
    let reversed = |list: &Value| Value::Array(list.as_array().unwrap().iter().rev().cloned().collect());
    let sets = half();
    let doubled = "['x']".to_owned() + &".map(x, [x, x, x, x, x, x, x, x])".repeat(9);
    let doubled = format!("'%s'.format([{doubled}]).size() > 0");
    vec![
        ruled(&["self.list.all(a, self.list.exists(b, true))"], json!({"list": half()}), Accepted, "exists in all"),
        ruled(
            &["self.list.all(a, a.matches(self.text))"],
            json!({"list": half(), "text": "^[0-9]+$"}),
            Accepted,
            "a pattern of the object",
        ),
        ruled(
            &["self.list.all(a, !a.matches(self.text + a))"],
            json!({"list": half(), "text": r"(\pL{100}){10}"}),
            Undecided,
            "heavy patterns of the object",
        ),
        ruled(
            &["self.list.all(a, self.data.size() > 0)"],
            json!({"list": half(), "data": text("AAAA")}),
            Undecided,
            "bytes, decoded for each item",
        ),
        ruled(
            &["self.list.all(a, self.wait > duration('0s'))"],
            json!({"list": half(), "wait": "1s ".repeat(size / 6)}),
            Undecided,
            "a duration, read for each item",
        ),
        ruled(
            &["self.list.all(a, oldSelf.orValue(self).list.size() > 0)"],
            json!({"list": half()}),
            Accepted,
            "the old object for each item",
        )
        .with_old(json!({"list": half()})),
        ruled(
            &["self.list.all(a, [self.text.lowerAscii()].all(t, t == t && t == t))"],
            json!({"list": half(), "text": text("T")}),
            Undecided,
            "text that the rule made",
        ),
        ruled(
            &["self.list.all(a, a in {self.text: 1} || true)"],
            json!({"list": half(), "text": text("T")}),
            Undecided,
            "long keys",
        ),
        ruled(
            &["self.list.all(a, self.any == self.any)"],
            json!({"list": half(), "any": {"a": half()}}),
            Undecided,
            "undeclared fields for each item",
        ),
        ruled(&["self.set + self.set == self.set"], json!({"set": sets}), Accepted, "a set with itself"),
        ruled(
            &["oldSelf.hasValue() && self.set == oldSelf.value().set"],
            json!({"set": reversed(&sets)}),
            Accepted,
            "a set and its reverse",
        )
        .with_old(json!({"set": sets})),
        ruled(&["self.list.distinct().size() > 0"], json!({"list": half()}), Undecided, "distinct"),
        ruled(&["self.list.map(a, a).sort().size() > 0"], json!({"list": half()}), Undecided, "sort"),
        ruled(&["sets.contains(self.list, self.list)"], json!({"list": half()}), Undecided, "sets.contains"),
        ruled(
            &["self.text.findAll('.*[^A-Z]|[A-Z]').size() > 0"],
            json!({"text": text("A")}),
            Undecided,
            "findAll that looks at all the rest",
        ),
        ruled(
            &["[url('https://' + self.text)].all(u, self.list.all(a, u.getHost() != a))"],
            json!({"list": half(), "text": text("a")}),
            Undecided,
            "parts of a URL",
        ),
        ruled(&[&doubled], json!({}), Undecided, "a list that holds one text a billion times"),
    ]
}

fn shapes(size: usize) -> Vec<Shape> {
    [lists, metadata, depths, schemas, rules].into_iter().flat_map(|shapes| shapes(size)).collect()
}

#[test]
fn hostile_objects_are_judged_in_linear_work() {
    let mut wrong = String::new();
    for shape in shapes(SIZE) {
        let verdict = shape.admit(&shape.admission());
        let found = expected(&verdict);
        if found != shape.expected {
            let said = (verdict.malformed, verdict.causes.first(), verdict.not_evaluated.first());
            writeln!(wrong, "{}: {found:?} instead of {:?}: {said:?}", shape.name, shape.expected).unwrap();
        }
        assert!(verdict.not_evaluated.iter().all(|part| part.obstacle == Obstacle::BudgetSpent), "{}", shape.name);
        let answer = format!(
            "{:?}{:?}{:?}{:?}",
            verdict.causes, verdict.warnings, verdict.unknown_fields, verdict.not_evaluated
        );
        assert!(answer.len() < 20_000_000, "{}: the verdict has {} bytes", shape.name, answer.len());
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns the verdict on a list of 400 numbers with these rules.
fn verdict_of(rules: &[&str]) -> Verdict {
    let rules: Vec<_> = rules.iter().map(|rule| json!({"rule": rule})).collect();
    let list = json!({"type": "array", "items": {"type": "integer"}, "x-kubernetes-validations": rules});
    let spec = json!((0..400).collect::<Vec<_>>());
    let shape = Shape::new("", list, spec, Expected::Undecided);
    shape.admit(&shape.admission())
}

const CHEAP: &str = "self.all(x, x >= 0)";
const DEAR: &str = "self.sort().size() + self.sort().size() > 0";
const TOO_DEAR: &str = "self.all(x, self.all(y, self.all(z, true)))";

#[test]
fn a_rule_that_costs_too_much_has_no_verdict_and_can_be_refused_in_the_servers_words() {
    let verdict = verdict_of(&[TOO_DEAR, CHEAP]);
    assert!(verdict.is_accepted() && !verdict.is_decided());
    assert_eq!(verdict.not_evaluated.len(), 1);
    let refused = verdict.refusing_undecided();
    assert!(!refused.is_accepted() && refused.is_decided());
    assert_eq!(refused.causes[0].field, "spec");
    assert_eq!(
        refused.causes[0].message,
        format!(
            "Invalid value: 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due \
             to call cost exceeds limit for rule: {TOO_DEAR}"
        )
    );
}

#[test]
fn when_the_budget_of_the_object_is_spent_no_rule_is_evaluated_any_more() {
    let verdict = verdict_of(&[&[DEAR; 20][..], &["false"; 5][..]].concat());
    assert!(verdict.is_accepted() && !verdict.is_decided());
    let [only] = &verdict.not_evaluated[..] else { panic!("{:?}", verdict.not_evaluated) };
    assert_eq!((only.obstacle, &*only.expression), (Obstacle::BudgetSpent, DEAR));
    let message = &verdict.refusing_undecided().causes[0].message;
    let said = "validation failed due to running out of cost budget, no further validation rules will be run";
    assert_eq!(*message, format!("Invalid value: {said}"));
}

#[test]
fn what_is_refused_anyway_is_decided() {
    let verdict = verdict_of(&[TOO_DEAR, "false"]);
    assert!(verdict.is_decided() && !verdict.not_evaluated.is_empty());
    assert_eq!(verdict.clone().refusing_undecided(), verdict);
}

#[test]
fn a_rule_that_is_not_understood_can_be_refused_in_words_of_its_own() {
    let nested = format!("{}true{}", "(".repeat(100), ")".repeat(100));
    let verdict = verdict_of(&[&nested]);
    assert_eq!(verdict.not_evaluated[0].obstacle, Obstacle::Unsupported);
    let message = &verdict.refusing_undecided().causes[0].message;
    assert!(message.starts_with(&format!("Invalid value: `{nested}` cannot be evaluated: ")), "{message}");
}

#[test]
#[ignore = "prints what each shape takes at 3 MB"]
fn measure() {
    println!("{:42} {:>8} {:>10} {:>10}  verdict", "shape", "MB", "CPU ms", "ms a third");
    for (shape, third) in shapes(LARGE).into_iter().zip(shapes(LARGE / 3)) {
        let time = |shape: &Shape| {
            let admission = shape.admission();
            let object = Shape::object(&shape.spec, &shape.metadata);
            let start = ThreadTime::now();
            let verdict = admission.admit(
                &mut object.clone(),
                shape.old.as_ref().map(|(spec, metadata)| Shape::object(spec, metadata)).as_ref(),
            );
            (start.elapsed().as_millis(), expected(&verdict), object.to_string().len() as f64 / 1e6)
        };
        let (third, ..) = time(&third);
        let (whole, verdict, size) = time(&shape);
        println!("{:42} {size:>8.1} {whole:>10} {third:>10}  {verdict:?}", shape.name);
    }
}
