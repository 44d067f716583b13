//! CRDs in documents: accepted CRDs, refused CRDs, and diagnostics.

use std::io::empty;
use std::sync::Arc;

use crdgen_schema::crd::{Column, Scale, Scope};
use crdgen_schema::{Collected, Diagnostic, Found, Severity, Source, crds, documents, load};
use serde_json::{Value as Json, json};

/// Accepted CRD.
const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names:
    kind: Widget
    plural: widgets
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {replicas: {type: integer}, phase: {type: string}}}
";

fn find(texts: &[(&str, &str)]) -> (Found, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut read = |(name, text): &(&str, &str)| {
        let source = Arc::new(Source { name: (*name).into(), text: (*text).into() });
        documents(&source, &mut diagnostics)
    };
    let documents = texts.iter().flat_map(&mut read).collect();
    let found = crds(documents, &mut diagnostics);
    (found, diagnostics)
}

/// Returns code, path without the CRD's name, and line of each diagnostic.
fn said(diagnostics: &[Diagnostic]) -> Vec<(&str, &str, usize)> {
    diagnostics
        .iter()
        .map(|found| {
            let path = found.path.as_deref().and_then(|path| path.split_once(": ")).map_or("", |(_, path)| path);
            (found.code, path, found.place.as_ref().map_or(0, |place| place.span.line))
        })
        .collect()
}

/// Returns the accepted CRD with a text replaced.
fn changed(from: &str, to: &str) -> String {
    assert!(CRD.contains(from), "{from}");
    CRD.replacen(from, to, 1)
}

#[test]
fn names_have_the_defaults_of_the_api_server() {
    let (found, diagnostics) = find(&[("a.yaml", CRD)]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let crd = &found.crds[0];
    assert_eq!(
        (crd.name.as_str(), crd.group.as_str(), crd.scope),
        ("widgets.example.com", "example.com", Scope::Namespaced)
    );
    assert_eq!((crd.names.singular.as_str(), crd.names.list_kind.as_str()), ("widget", "WidgetList"));
    assert_eq!(crd.versions[0].schema.properties["spec"].properties.len(), 2);
    assert_eq!((crd.span.line, crd.versions[0].span.line), (1, 12));
}

#[test]
fn everything_of_a_version_is_read() {
    let text = changed(
        "    served: true\n",
        "    served: true
    deprecated: true
    deprecationWarning: use v2
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
    additionalPrinterColumns:
    - {name: Phase, type: string, jsonPath: .spec.phase, priority: 1}
    selectableFields:
    - jsonPath: .spec.phase
",
    );
    let (found, diagnostics) = find(&[("a.yaml", &text)]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let version = &found.crds[0].versions[0];
    assert!(version.status && version.served && version.storage);
    assert_eq!(version.deprecated.as_deref(), Some("use v2"));
    let scale = Scale {
        spec_replicas_path: ".spec.replicas".into(),
        status_replicas_path: ".status.replicas".into(),
        label_selector_path: None,
    };
    assert_eq!(version.scale, Some(scale));
    let column = Column {
        name: "Phase".into(),
        type_: "string".into(),
        format: None,
        description: None,
        json_path: ".spec.phase".into(),
        priority: 1,
        span: version.columns[0].span,
    };
    assert_eq!(version.columns, [column]);
    assert_eq!(version.selectable_fields, [".spec.phase"]);
}

#[test]
fn lists_are_unwrapped_and_other_kinds_counted() {
    let crd = CRD.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}\n- {{apiVersion: v1, kind: Pod}}\n", crd.trim());
    let (found, diagnostics) =
        find(&[("a.yaml", &list), ("b.yaml", "apiVersion: v1\nkind: Service\n---\njust: text\n")]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!((found.crds.len(), found.skipped, found.refused), (1, 3, 0));
}

#[test]
fn what_is_wrong_is_said_with_its_path_and_line() {
    let cases = [
        (changed("  group: example.com\n", ""), "crd::missing", "spec.group", 6),
        (changed("group: example.com", "group: [a]"), "crd::type", "spec.group", 6),
        (changed("group: example.com", "group: example"), "crd::invalid", "spec.group", 6),
        (changed("group: example.com", "group: Example.com"), "crd::invalid", "spec.group", 6),
        (changed("    kind: Widget\n", ""), "crd::missing", "spec.names.kind", 8),
        (changed("    kind: Widget\n", "    kind: Wid_get\n"), "crd::invalid", "spec.names.kind", 8),
        (
            changed("    kind: Widget\n", "    kind: Widget\n    listKind: Widget\n"),
            "crd::invalid",
            "spec.names.listKind",
            9,
        ),
        (
            changed("    kind: Widget\n", "    kind: Widget\n    shortNames: [W]\n"),
            "crd::invalid",
            "spec.names.shortNames",
            9,
        ),
        (changed("    plural: widgets\n", ""), "crd::missing", "spec.names.plural", 8),
        (changed("name: widgets", "name: gadgets"), "crd::name", "metadata.name", 4),
        (changed("scope: Namespaced", "scope: Global"), "crd::scope", "spec.scope", 10),
        (changed("  scope: Namespaced\n", ""), "crd::missing", "spec.scope", 6),
        (changed("storage: true", "storage: false"), "crd::storage", "spec.versions", 12),
        (changed("name: v1", "name: 1.0"), "crd::type", "spec.versions[0].name", 12),
        (changed("name: v1", "name: V1"), "crd::invalid", "spec.versions[0].name", 12),
        (changed("openAPIV3Schema:", "example:"), "crd::no-schema", "spec.versions[0].schema.openAPIV3Schema", 16),
        (changed("served: true", "served: 1"), "crd::type", "spec.versions[0].served", 13),
        (changed("served: true", "deprecationWarning: a"), "crd::invalid", "spec.versions[0].deprecationWarning", 13),
        (
            changed("served: true", "subresources: {scale: {specReplicasPath: .a, statusReplicasPath: .status.a}}"),
            "crd::scale",
            "spec.versions[0].subresources.scale.specReplicasPath",
            13,
        ),
        (
            changed("served: true", "additionalPrinterColumns: [{name: a, type: text, jsonPath: .a}]"),
            "crd::column",
            "spec.versions[0].additionalPrinterColumns[0].type",
            13,
        ),
        (
            changed("served: true", "additionalPrinterColumns: [{name: a, type: string, JSONPath: .a}]"),
            "crd::missing",
            "spec.versions[0].additionalPrinterColumns[0].jsonPath",
            13,
        ),
        (
            changed("served: true", "selectableFields: [{jsonPath: .spec}]"),
            "schema::selectable",
            "spec.versions[0].selectableFields[0]",
            12,
        ),
        (
            changed("  scope:", "  preserveUnknownFields: true\n  scope:"),
            "crd::invalid",
            "spec.preserveUnknownFields",
            10,
        ),
        (
            changed("  scope:", "  conversion: {strategy: Webhook}\n  scope:"),
            "crd::conversion",
            "spec.conversion.webhook",
            10,
        ),
        (
            CRD.replace("example.com", "example.k8s.io"),
            "crd::approval",
            "metadata.annotations[api-approved.kubernetes.io]",
            4,
        ),
    ];
    for (text, code, path, line) in cases {
        let (found, diagnostics) = find(&[("a.yaml", &text)]);
        let mut said = said(&diagnostics);
        said.retain(|(code, ..)| *code != "crd::unknown-field");
        assert_eq!(said, [(code, path, line)], "{diagnostics:?}\n{text}");
        assert_eq!((found.crds.len(), found.refused), (0, 1), "{code} {path}");
    }
}

#[test]
fn fields_that_an_api_server_drops_are_warned_of_with_what_was_meant() {
    let in_spec = "properties: {a: {type: string, minLenght: 1}, b: {type: string, minLenght: 1}}, x-order: [a], ";
    let cases = [
        (changed("kind: Custom", "Kind: a\nkind: Custom"), "Kind", 2, "did you mean `kind`?"),
        (changed("  name: wid", "  lables: {}\n  name: wid"), "metadata.lables", 4, "did you mean `labels`?"),
        (
            changed("  scope:", "  validation: {}\n  scope:"),
            "spec.validation",
            10,
            "move its schema into each of `spec.versions`, as `schema`",
        ),
        (changed("    plural:", "    plurals: a\n    plural:"), "spec.names.plurals", 9, "did you mean `plural`?"),
        (
            changed("served: true", "served: true\n    additionalPrinterColums: []"),
            "spec.versions[0].additionalPrinterColums",
            14,
            "did you mean `additionalPrinterColumns`?",
        ),
        (
            changed("served: true", "served: true\n    subresources: {status: {}, Scale: {}}"),
            "spec.versions[0].subresources.Scale",
            14,
            "did you mean `scale`?",
        ),
        (
            changed("  scope:", "  conversion: {strategy: None, conversionReviewVersions: [v1]}\n  scope:"),
            "spec.conversion.conversionReviewVersions",
            10,
            "move it into `webhook`",
        ),
        (
            changed("type: integer", "type: integer, x-kubernetes-validations: [{rule: 'true', mesage: a}]"),
            "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.replicas.x-kubernetes-validations[0].mesage",
            19,
            "did you mean `message`?",
        ),
        (
            changed("type: string", &format!("type: object, {in_spec}nullable: true")),
            "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.phase.properties.a.minLenght",
            19,
            "did you mean `minLength`?",
        ),
    ];
    for (text, path, line, help) in cases {
        let (found, diagnostics) = find(&[("a.yaml", &text)]);
        assert_eq!(said(&diagnostics)[0], ("crd::unknown-field", path, line), "{diagnostics:?}");
        assert_eq!(diagnostics[0].help.as_deref(), Some(help));
        assert_eq!(found.crds.len(), 1, "{diagnostics:?}");
        if let Some(repeated) = diagnostics.iter().find(|found| found.message.contains("minLenght")) {
            assert!(repeated.message.ends_with("an API server drops it (here and in 1 more place)"), "{diagnostics:?}");
        }
    }
}

#[test]
fn however_many_warnings_there_are_a_crd_is_used() {
    let unknown: String = (0..150).map(|number| format!("x-{number}: 1, ")).collect();
    let (found, diagnostics) = find(&[("a.yaml", &changed("spec: {", &format!("spec: {{{unknown}")))]);
    assert_eq!((found.crds.len(), diagnostics.len()), (1, 101));
    assert!(diagnostics[100].message.ends_with("50 more findings are not shown"), "{:?}", diagnostics[100]);
}

#[test]
fn words_that_kubectl_reads_as_booleans_are_said() {
    let text = changed("type: string", "type: string, enum: [a, on, 1.10, \"off\", null], nullable: true")
        .replace("replicas: {", "y: {type: integer}, \"n\": {type: integer}, 010: {type: integer}, replicas: {");
    let (found, diagnostics) = find(&[("a.yaml", &text)]);
    assert_eq!(found.crds.len(), 1);
    let messages: Vec<_> =
        diagnostics.iter().map(|found| (found.message.as_str(), found.help.as_deref().unwrap_or_default())).collect();
    let expected = [
        (
            "this property is named `true`, because kubectl reads the unquoted `y` as that",
            "write the name in quotes: \"y\"",
        ),
        (
            "this property is named `8`, because kubectl reads the unquoted `010` as that",
            "write the name in quotes: \"010\"",
        ),
        (
            "no string equals this enum value, which is a boolean",
            "kubectl reads the unquoted `on` as a boolean: write \"on\"",
        ),
        (
            "no string equals this enum value, which is a number",
            "kubectl reads the unquoted `1.10` as a number: write \"1.10\"",
        ),
    ];
    assert_eq!(messages, expected);

    let (_, diagnostics) =
        find(&[("a.yaml", &changed("properties: {replicas", "required: [on], properties: {replicas"))]);
    assert_eq!(diagnostics[0].message, "must be a string, but is a boolean");
    assert_eq!(diagnostics[0].help.as_deref(), Some("kubectl reads the unquoted `on` as a boolean: write \"on\""));
}

#[test]
fn a_required_key_that_is_pruned_makes_every_value_invalid() {
    let warned = |properties: &str| {
        let text = changed("{replicas: {type: integer}, phase: {type: string}}", properties);
        let (found, diagnostics) = find(&[("a.yaml", &text)]);
        assert_eq!(found.crds.len(), 1, "{diagnostics:?}");
        said(&diagnostics).iter().map(|(code, path, _)| format!("{code} {path}")).collect::<Vec<_>>()
    };
    let schema = "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a";
    let plain = format!("schema::required {schema}.required");
    assert_eq!(warned("{a: {type: object, required: [b], properties: {c: {type: string}}}}"), [plain.as_str()]);
    assert_eq!(warned("{a: {type: object, required: [b]}}"), [plain.as_str()]);
    assert_eq!(
        warned("{a: {type: array, items: {type: object, required: [b]}}}"),
        [format!("schema::required {schema}.items.required")]
    );
    for kept in [
        "{a: {type: object, required: [b], additionalProperties: {type: string}}}",
        "{a: {type: object, required: [b], x-kubernetes-preserve-unknown-fields: true}}",
        "{a: {type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object, required: [b]}}}",
        "{a: {type: object, required: [kind, apiVersion, metadata], x-kubernetes-embedded-resource: true, \
         properties: {spec: {type: object}}}}",
    ] {
        assert_eq!(warned(kept), [""; 0], "{kept}");
    }
}

#[test]
fn crds_of_a_typed_list_need_no_kind() {
    let (kind, rest) = CRD.split_at(CRD.find("metadata").expect("it has metadata"));
    let item = format!("- {}\n", rest.trim_end().replace('\n', "\n  "));
    for list in [kind.replace("Definition\n", "DefinitionList\n"), "apiVersion: v1\nkind: List\n".to_owned()] {
        let item = if list.contains("v1\nkind: List") {
            item.replacen("- ", &format!("- {}", kind.replace('\n', "\n  ")), 1)
        } else {
            item.clone()
        };
        let (found, diagnostics) = find(&[("a.yaml", &format!("{list}items:\n{item}"))]);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(found.crds.len(), 1);
    }
}

#[test]
fn every_error_of_a_crd_is_said_and_the_other_crds_are_kept() {
    let broken = CRD
        .replace("widgets", "gadgets")
        .replace("scope: Namespaced", "scope: Global")
        .replace("storage: true", "storage: false");
    let (found, diagnostics) = find(&[("a.yaml", &format!("{broken}---\n{CRD}"))]);
    assert_eq!(said(&diagnostics).iter().map(|(code, ..)| *code).collect::<Vec<_>>(), ["crd::scope", "crd::storage"]);
    assert_eq!((found.crds.len(), found.refused), (1, 1));
    assert_eq!(diagnostics[0].path.as_deref(), Some("gadgets.example.com: spec.scope"));
}

#[test]
fn a_flood_of_errors_is_cut() {
    let versions: String = (0..60).map(|_| "  - {name: 1}\n").collect();
    let text = CRD.split("  - name: v1").next().expect("it has versions").to_owned() + &versions;
    let (found, diagnostics) = find(&[("a.yaml", &text)]);
    assert_eq!(found.refused, 1);
    assert_eq!(diagnostics.len(), 101);
    assert_eq!(diagnostics[100].code, "crd::too-many");
}

#[test]
fn v1beta1_and_unknown_versions_are_refused() {
    for (version, code) in [("v1beta1", "crd::v1beta1"), ("v2", "crd::api-version")] {
        let text = CRD.replace("k8s.io/v1", &format!("k8s.io/{version}"));
        let (found, diagnostics) = find(&[("a.yaml", &text)]);
        assert_eq!(said(&diagnostics), [(code, "", 1)]);
        assert_eq!(found.refused, 1);
        assert!(diagnostics[0].help.is_some() && diagnostics[0].message.contains("widgets.example.com"));
    }
    let (found, diagnostics) = find(&[("a.yaml", "kind: CustomResourceDefinition\n")]);
    assert_eq!((said(&diagnostics), found.refused), (vec![("crd::api-version", "", 1)], 1));
    let (found, diagnostics) = find(&[("a.yaml", "kind: CustomResourceDefinition\napiVersion: other.io/v1\n")]);
    assert_eq!((said(&diagnostics), found.skipped), (vec![], 1), "someone else's kind");
}

#[test]
fn a_kustomize_patch_is_no_crd() {
    let text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.example.com\nspec:\n  conversion: {strategy: Webhook}\n";
    let (found, diagnostics) = find(&[("patch.yaml", text), ("a.yaml", CRD)]);
    assert_eq!(said(&diagnostics), [("crd::patch", "", 1)]);
    assert_eq!(diagnostics[0].severity, Severity::Warning);
    assert_eq!((found.crds.len(), found.skipped, found.refused), (1, 1, 0));
}

#[test]
fn equal_crds_are_one_wherever_they_stand() {
    let reordered = changed("  group: example.com\n", "")
        .replace("  scope: Namespaced\n", "  scope: Namespaced\n  group: example.com\n");
    let (found, diagnostics) = find(&[("b.yaml", CRD), ("a.yaml", &reordered), ("c.yaml", CRD)]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!((found.crds.len(), found.refused), (1, 0));
    assert_eq!(found.crds[0].source.name, "a.yaml", "whatever the order of the files");
}

#[test]
fn crds_that_contradict_each_other_are_all_refused() {
    let other = changed("phase: {type: string}", "phase: {type: integer}");
    let unrelated = CRD.replace("widgets", "gadgets");
    let (found, diagnostics) = find(&[("b.yaml", CRD), ("c.yaml", &unrelated), ("a.yaml", &other)]);
    assert_eq!(said(&diagnostics), [("crd::duplicate", "", 1)]);
    assert!(diagnostics[0].message.contains("a.yaml:1:1"), "{}", diagnostics[0].message);
    assert_eq!(diagnostics[0].place.as_ref().map(|place| place.source.name.as_str()), Some("b.yaml"));
    assert_eq!((found.crds.len(), found.refused), (1, 2));
}

fn collected(texts: &[(&str, &str)], named: &[&str]) -> Collected {
    let source = |(name, text): &(&str, &str)| Arc::new(Source { name: (*name).into(), text: (*text).into() });
    Collected {
        sources: texts.iter().map(source).collect(),
        named: named.iter().map(|name| (*name).into()).collect(),
        ..crdgen_schema::collect(&[], empty())
    }
}

#[test]
fn a_named_file_without_a_crd_is_worth_a_warning_and_none_at_all_is_an_error() {
    let pod = "apiVersion: v1\nkind: Pod\n";
    let load = |texts: &[(&str, &str)], named: &[&str]| {
        let mut diagnostics = Vec::new();
        let found = load(collected(texts, named), &mut diagnostics);
        let said: Vec<_> = diagnostics.iter().map(|found| (found.code, found.severity)).collect();
        (found.crds.len(), said)
    };
    let both = [("a.yaml", CRD), ("pod.yaml", pod)];
    assert_eq!(load(&both, &["a.yaml", "pod.yaml"]), (1, vec![("source::no-crd", Severity::Warning)]));
    assert_eq!(load(&both, &[]), (1, vec![]), "found in a folder");
    assert_eq!(load(&both[1..], &[]), (0, vec![("source::no-crd", Severity::Error)]));
    assert_eq!(load(&[("a.yaml", "a: [")], &["a.yaml"]), (0, vec![("source::yaml", Severity::Error)]), "said already");
    assert_eq!(load(&[], &[]), (0, vec![]), "nothing was asked for");
}

/// Returns a CRD with this schema for `spec`, in a number of versions.
fn crd_of(spec: &Json, versions: usize) -> String {
    let version = |number: usize| {
        json!({"name": format!("v{number}"), "served": true, "storage": number == 1, "schema": {"openAPIV3Schema": {
            "type": "object", "properties": {"spec": spec}
        }}})
    };
    let versions: Vec<_> = (1..=versions).map(version).collect();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "scope": "Cluster", "names": {"kind": "Widget", "plural": "widgets"},
            "versions": versions},
    })
    .to_string()
}

fn properties(count: usize, property: impl Fn(usize) -> Json) -> Json {
    let properties: serde_json::Map<_, _> = (0..count).map(|number| (format!("p{number}"), property(number))).collect();
    json!({"type": "object", "properties": properties})
}

#[test]
fn what_no_api_server_keeps_or_nobody_can_generate_is_refused_where_it_is_too_much() {
    let text = json!({"type": "string"});
    let lines = "x\n".repeat(610_000);
    let long = serde_json::Map::from_iter([("n".repeat(257), text.clone())]);
    for (name, spec, versions, path) in [
        ("bytes", json!({"type": "object", "description": "x".repeat(3 << 20)}), 1, "spec"),
        ("versions", properties(1, |_| text.clone()), 65, "spec.versions"),
        ("properties", properties(80_000, |_| text.clone()), 1, ".properties.spec.properties.p59948"),
        ("properties of versions", properties(20_000, |_| text.clone()), 2, ".properties.spec.properties.p15231"),
        (
            "enums",
            properties(20_000, |n| json!({"type": "string", "enum": [format!("a{n}")]})),
            1,
            ".properties.p18166",
        ),
        ("values", json!({"type": "integer", "enum": (0..200_000).collect::<Vec<_>>()}), 1, ".properties.spec"),
        ("branches", json!({"type": "object", "oneOf": vec![json!({"required": ["a"]}); 80_000]}), 1, ".oneOf[59948]"),
        (
            "rules",
            json!({"type": "object", "x-kubernetes-validations": vec![json!({"rule": "true"}); 110_000]}),
            1,
            ".properties.spec",
        ),
        ("lines", json!({"type": "object", "description": lines}), 1, ".properties.spec"),
        (
            "defaults",
            json!({"type": "array", "items": {"type": "integer"}, "default": vec![1; 700_000]}),
            1,
            ".properties.spec",
        ),
        ("a long name", json!({"type": "object", "properties": long}), 1, ".properties.spec.properties"),
    ] {
        let (found, diagnostics) = find(&[("a.json", &crd_of(&spec, versions))]);
        assert_eq!((found.crds.len(), found.refused), (0, 1), "{name}");
        let said: Vec<_> =
            diagnostics.iter().map(|found| (found.code, found.path.clone().unwrap_or_default())).collect();
        let [("crd::too-large", found)] = &said[..] else { panic!("{name}: {said:?}") };
        assert!(found.ends_with(path), "{name}: {found}");
        assert!(diagnostics[0].place.is_some() && diagnostics[0].help.is_some(), "{name}");
    }
}

#[test]
fn what_is_within_the_limits_is_read() {
    let text = json!({"type": "string"});
    for (spec, versions) in [
        (properties(59_000, |_| text.clone()), 1),
        (properties(100, |_| text.clone()), 64),
        (json!({"type": "string", "enum": (0..190_000).map(|n| n.to_string()).collect::<Vec<_>>()}), 1),
    ] {
        let (found, diagnostics) = find(&[("a.json", &crd_of(&spec, versions))]);
        assert!(found.crds.len() == 1 && diagnostics.is_empty(), "{diagnostics:?}");
    }
}

#[test]
fn patterns_that_are_too_heavy_are_left_to_the_api_server() {
    let heavy =
        |number: usize| json!({"type": "string", "default": "x", "pattern": format!("^([^a]{{1,1000}}|{number})$")});
    let (found, diagnostics) = find(&[("a.json", &crd_of(&properties(1000, heavy), 1))]);
    assert_eq!(found.crds.len(), 1);
    assert!(diagnostics.iter().all(|found| found.severity == Severity::Warning), "{diagnostics:?}");
    assert_eq!(diagnostics.iter().filter(|found| found.code == "schema::heavy-pattern").count(), 100);
    assert_eq!(diagnostics.last().map(|found| found.code), Some("crd::too-many"));
}
