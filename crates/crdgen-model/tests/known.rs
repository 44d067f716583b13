//! Recognition of Kubernetes' own types: only without doubt, shared by everything that holds them, and lossless only if
//! k8s-openapi changes nothing.

mod sample;

use std::collections::BTreeMap;

use crdgen_model::{Kubernetes, Names, Selected, Settings, TypeDef, lower};
use crdgen_schema::Crd;
use sample::crd;

const LABEL_SELECTOR: &str = "{type: object, properties: {
    matchLabels: {type: object, additionalProperties: {type: string}},
    matchExpressions: {type: array, items: {type: object, required: [key, operator], properties: {
        key: {type: string}, operator: {type: string}, values: {type: array, items: {type: string}}}}}}}";

/// Probe of Kubernetes 1.16 to 1.20.
const OLD_PROBE: &str = "{type: object, properties: {
    exec: {type: object, properties: {command: {type: array, items: {type: string}}}},
    failureThreshold: {type: integer, format: int32}, initialDelaySeconds: {type: integer, format: int32},
    periodSeconds: {type: integer, format: int32}, successThreshold: {type: integer, format: int32},
    timeoutSeconds: {type: integer, format: int32},
    httpGet: {type: object, required: [port], properties: {host: {type: string}, path: {type: string}, scheme: {type: string},
        port: {x-kubernetes-int-or-string: true}, httpHeaders: {type: array, items: {type: object,
        required: [name, value], properties: {name: {type: string}, value: {type: string}}}}}},
    tcpSocket: {type: object, required: [port], properties: {host: {type: string}, port: {x-kubernetes-int-or-string: true}}}}}";

fn kind(kind: &str, fields: &[(&str, &str)]) -> Crd {
    let fields: Vec<String> = fields.iter().map(|(name, schema)| format!("{name}: {schema}")).collect();
    crd("a.b", kind, &[("v1", &format!("{{spec: {{type: object, properties: {{{}}}}}}}", fields.join(", ")))])
}

fn lowered(crds: &[Crd]) -> Vec<TypeDef> {
    let selected: Vec<Selected<'_>> =
        crds.iter().map(|crd| Selected { crd, versions: crd.versions.iter().collect() }).collect();
    lower(&selected, &Names::default(), &Settings::default()).model.types
}

/// Returns the known types by their names in the model.
fn known(crds: &[Crd]) -> BTreeMap<String, Kubernetes> {
    lowered(crds).into_iter().filter_map(|def| Some((def.name, def.kubernetes?))).collect()
}

fn names(crds: &[Crd]) -> Vec<String> {
    lowered(crds).into_iter().map(|def| def.name).collect()
}

#[test]
fn one_type_whatever_holds_it() {
    let foo = kind("Foo", &[("podSelector", LABEL_SELECTOR), ("match", LABEL_SELECTOR)]);
    let bar = kind("Bar", &[("selectors", &format!("{{type: array, items: {LABEL_SELECTOR}}}"))]);
    let found = known(&[foo.clone(), bar.clone()]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["LabelSelector", "LabelSelectorRequirement"]);
    assert_eq!(found["LabelSelector"].name, "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector");
    assert_eq!(names(&[foo, bar]), ["Bar", "BarSpec", "Foo", "FooSpec", "LabelSelector", "LabelSelectorRequirement"]);
}

#[test]
fn docs_of_a_known_type_are_its_own() {
    let types = lowered(&[kind("Foo", &[("match", &LABEL_SELECTOR.replacen('{', "{description: Which foos., ", 1))])]);
    let def = types.iter().find(|def| def.name == "LabelSelector").expect("it is known");
    assert!(def.docs.as_ref().is_some_and(|docs| docs.starts_with("A label selector is")), "{:?}", def.docs);
}

#[test]
fn a_property_more_or_less_or_of_another_type_is_another_type() {
    for schema in [
        LABEL_SELECTOR.replacen("matchLabels", "namespaces: {type: string}, matchLabels", 1),
        LABEL_SELECTOR.replacen("key: {type: string}, ", "", 1),
        LABEL_SELECTOR.replacen("operator: {type: string}", "operator: {type: integer}", 1),
        LABEL_SELECTOR.replacen("type: object", "type: object, x-kubernetes-preserve-unknown-fields: true", 1),
    ] {
        let found = known(&[kind("Foo", &[("selector", &schema)])]);
        assert!(!found.contains_key("LabelSelector"), "{schema}");
    }
}

#[test]
fn older_versions_of_a_type_are_known() {
    let found = known(&[kind("Foo", &[("liveness", OLD_PROBE)])]);
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        ["ExecAction", "HTTPGetAction", "HTTPHeader", "Probe", "TCPSocketAction"]
    );
}

#[test]
fn a_small_type_needs_its_own_name_or_kubernetes_words() {
    let selector = "{type: object, required: [key], properties: {key: {type: string}, name: {type: string}, optional: {type: boolean}}}";
    assert!(known(&[kind("Foo", &[("password", selector), ("secret", selector)])]).is_empty());
    let found = known(&[kind("Foo", &[("secretKeyRef", selector), ("configMapKeyRef", selector)])]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["ConfigMapKeySelector", "SecretKeySelector"]);
    let words = "description: \"The key of the secret to select from.  Must be a valid secret key.\", ";
    let described = selector.replacen("{key: {", &format!("{{key: {{{words}"), 1);
    let found = known(&[kind("Foo", &[("password", &described), ("token", &described)])]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["SecretKeySelector"]);
    // In a CRD without descriptions, a property of the same name is the same type.
    let bare = kind("Bare", &[("password", selector), ("secret", selector)]);
    let own_words = described.replacen("The key of the secret to select from.", "Any key.", 1);
    let own = kind("Own", &[("password", &own_words)]);
    let types = lowered(&[kind("Foo", &[("password", &described)]), bare, own]);
    let selector = types.iter().find(|def| def.name == "SecretKeySelector").expect("it is known");
    assert_eq!(selector.used_by.len(), 2, "not in Own, which says otherwise");
    assert!(types.iter().any(|def| def.name == "BareSecret"));
}

#[test]
fn what_looks_like_several_types_is_none() {
    let option = "{type: array, items: {type: object, properties: {name: {type: string}, value: {type: string}}}}";
    let name = "{type: object, properties: {name: {type: string}}}";
    let requirement = "{type: array, items: {type: object, required: [key, operator], properties: {
        key: {type: string}, operator: {type: string}, values: {type: array, items: {type: string}}}}}";
    let condition = "{type: array, items: {type: object, required: [type, status], properties: {
        type: {type: string}, status: {type: string}, reason: {type: string}, message: {type: string},
        lastTransitionTime: {type: string, format: date-time}, lastUpdateTime: {type: string, format: date-time}}}}";
    let all = [
        ("options", option),
        ("os", name),
        ("secretRef", name),
        ("matchExpressions", requirement),
        ("conditions", condition),
    ];
    let foo = kind("Foo", &all);
    assert!(known(std::slice::from_ref(&foo)).is_empty(), "{:?}", known(&[foo]));
}

#[test]
fn a_kind_is_called_by_its_own_name() {
    let container =
        format!("{{type: object, properties: {{livenessProbe: {OLD_PROBE}, readinessProbe: {OLD_PROBE}}}}}");
    let found = known(&[kind("Probe", &[("container", &container)])]);
    assert_eq!(found["ContainerProbe"].name, "io.k8s.api.core.v1.Probe");
}

#[test]
fn of_two_shapes_the_one_with_most_places_has_the_name() {
    let other = LABEL_SELECTOR.replacen("operator: {type: string}", "operator: {type: string, minLength: 1}", 1);
    let foo = kind("Foo", &[("a", LABEL_SELECTOR), ("b", &other), ("c", &other)]);
    let bar = kind("Bar", &[("d", LABEL_SELECTOR)]);
    let found = names(&[foo.clone(), bar.clone()]);
    assert!(found.contains(&"LabelSelector".to_owned()), "{found:?}");
    let more = kind("Baz", &[("e", LABEL_SELECTOR), ("f", LABEL_SELECTOR)]);
    let found = lowered(&[foo, bar, more]);
    let plain = found.iter().find(|def| def.name == "LabelSelector").expect("the name is given");
    assert_eq!(plain.used_by.len(), 3, "four of six places are in three kinds");
    assert!(found.iter().any(|def| def.name == "FooLabelSelector"));
    assert!(found.iter().all(|def| !def.name.ends_with(|c: char| c.is_ascii_digit())));
}

/// Returns whether each known type is lossless, by its name in the model.
fn lossless(schema: &str) -> BTreeMap<String, bool> {
    let found = known(&[kind("Foo", &[("x", schema), ("xs", &format!("{{type: array, items: {schema}}}"))])]);
    found.into_iter().map(|(name, kubernetes)| (name, kubernetes.lossless)).collect()
}

#[test]
fn what_k8s_openapi_keeps_is_lossless() {
    assert_eq!(
        lossless(LABEL_SELECTOR),
        [("LabelSelector", true), ("LabelSelectorRequirement", true)].map(owned).into()
    );
    let toleration =
        "{type: object, properties: {effect: {type: string, enum: [NoSchedule, NoExecute]}, key: {type: string},
        operator: {type: string}, tolerationSeconds: {type: integer, format: int64}, value: {type: string}}}";
    assert_eq!(lossless(toleration), [("Toleration", true)].map(owned).into());
}

#[test]
fn what_k8s_openapi_changes_is_not() {
    let is = |schema: &str, name: &str| lossless(schema)[name];
    // k8s-openapi drops null.
    assert!(!is(&LABEL_SELECTOR.replacen("matchLabels: {", "matchLabels: {nullable: true, ", 1), "LabelSelector"));
    assert!(!is(
        &LABEL_SELECTOR.replacen("additionalProperties: {", "additionalProperties: {nullable: true, ", 1),
        "LabelSelector"
    ));
    // k8s-openapi would add `operator: ""`.
    for relaxed in ["required: [key]", "required: [key, operator]"] {
        let schema = LABEL_SELECTOR.replacen("required: [key, operator]", relaxed, 1);
        let schema = match relaxed {
            "required: [key]" => schema,
            _ => schema.replacen("operator: {", "operator: {default: In, ", 1),
        };
        assert!(!is(&schema, "LabelSelectorRequirement") && !is(&schema, "LabelSelector"), "{schema}");
    }
    // 64 bits do not fit, and a type that does not fit makes those above it not lossless.
    let probe = lossless(OLD_PROBE);
    let expected = [
        ("ExecAction", true),
        ("HTTPGetAction", false),
        ("HTTPHeader", true),
        ("Probe", false),
        ("TCPSocketAction", false),
    ];
    assert_eq!(probe, expected.map(owned).into());
    let bounded = OLD_PROBE
        .replace("x-kubernetes-int-or-string: true", "x-kubernetes-int-or-string: true, minimum: 1, maximum: 65535");
    assert!(is(&bounded, "Probe"), "these do");
    assert!(!is(
        &bounded.replacen("failureThreshold: {type: integer, format: int32}", "failureThreshold: {type: integer}", 1),
        "Probe"
    ));
    // k8s-openapi rewrites times, whether they are required or not.
    let condition = "{type: object, required: [type, status, reason, message, lastTransitionTime], properties: {
        type: {type: string}, status: {type: string}, reason: {type: string}, message: {type: string},
        observedGeneration: {type: integer, format: int64}, lastTransitionTime: {type: string, format: date-time}}}";
    assert!(!is(condition, "Condition"));
    assert!(!is(&condition.replacen(", lastTransitionTime]", "]", 1), "Condition"));
    // `1` would become `"1"`.
    let resources = "{type: object, properties: {claims: {type: array, items: {type: object, required: [name],
        properties: {name: {type: string}, request: {type: string}}}},
        limits: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}},
        requests: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}}}}";
    assert!(!is(resources, "ResourceRequirements"));
    assert!(is(&resources.replace("{x-kubernetes-int-or-string: true}", "{type: string}"), "ResourceRequirements"));
}

fn owned((name, lossless): (&str, bool)) -> (String, bool) {
    (name.to_owned(), lossless)
}

#[test]
fn what_was_known_stays_known_when_something_above_it_changes() {
    let changed = OLD_PROBE.replacen("exec:", "extra: {type: string}, exec:", 1);
    let (foo, bar) = (kind("Foo", &[("probe", OLD_PROBE)]), kind("Bar", &[("probe", OLD_PROBE)]));
    let lowered = |crds: &[Crd], locked: &Names| {
        let selected: Vec<_> =
            crds.iter().map(|crd| Selected { crd, versions: crd.versions.iter().collect() }).collect();
        lower(&selected, locked, &Settings::default())
    };
    let before = lowered(&[foo, bar.clone()], &Names::default());
    let after = lowered(&[kind("Foo", &[("probe", &changed)]), bar], &before.names);
    let exec = |lowered: &crdgen_model::Lowered| {
        let at = |path: &str| lowered.paths.iter().find(|entry| entry.path == path).and_then(|entry| entry.named);
        let id = at("Foo.spec.probe.exec").expect("a named type");
        lowered.model.get(id).name.clone()
    };
    assert_eq!((exec(&before), exec(&after)), ("ExecAction".to_owned(), "ExecAction".to_owned()));
}
