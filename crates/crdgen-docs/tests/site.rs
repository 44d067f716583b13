//! The files of a site of small CRDs.

use std::io;
use std::sync::Arc;

use crdgen_docs::{Files, Opaque, Subject, emit};
use crdgen_schema::{Admission, Crd, Source, crd, crds, documents, source};

fn crd(schema: &str) -> Crd {
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: boats.example.com}}\n\
         spec:\n  group: example.com\n  names: {{kind: Boat, plural: boats}}\n  scope: Namespaced\n  versions:\n\
         \x20 - name: v1\n    served: true\n    storage: true\n    schema: {{openAPIV3Schema: {schema}}}\n\
         \x20   additionalPrinterColumns: [{{name: Crew, type: string, jsonPath: .spec.crew}}]\n"
    );
    let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
    let mut diagnostics = Vec::new();
    let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
    assert!(found.crds.len() == 1, "{diagnostics:?}");
    found.crds.into_iter().next().expect("there is one")
}

fn page(schema: &str) -> String {
    let crd = crd(schema);
    let mut files = emit(&[Subject::new(&crd, &crd.versions[0])]);
    files.remove("example.com/boats/v1.html").expect("the page is there")
}

#[test]
fn a_field_has_its_type_its_facts_and_an_address() {
    let page = page(
        "{type: object, properties: {spec: {type: object, required: [crew], properties: {crew: {type: array, maxItems: 5, \
         items: {type: object, properties: {name: {type: string, default: x, description: 'The *name*.'}}}}}}}}",
    );
    for part in [
        "<li id=\"spec.crew\">",
        "<span class=t>list of object</span>",
        "<span class=r>required</span>",
        "Items: at most 5 items",
        "<li id=\"spec.crew.name\">",
        "Default: <code>&#34;x&#34;</code>",
        "<p>The <em>name</em>.</p>",
        "<a href=\"#spec.crew\"><code>.spec.crew</code></a>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn text_of_a_crd_is_escaped_everywhere() {
    let hostile = "\"</script><script>alert(1)</script><img src=x onerror=alert(1)>\\\"\"";
    let page = page(&format!(
        "{{type: object, description: {hostile}, properties: {{spec: {{type: object, properties: {{{hostile}: {{type: string, \
         description: {hostile}, default: {hostile}, enum: [{hostile}]}}}}, x-kubernetes-validations: [{{rule: 'self == self', \
         message: {hostile}}}]}}}}}}"
    ));
    assert!(page.contains("&lt;script&gt;") || page.contains("&#60;script&#62;"));
    for harmful in ["<script>alert", "<img", "</script><script>"] {
        assert!(!page.contains(harmful), "{harmful} in {page}");
    }
    assert!(page.contains("default-src 'none'; style-src 'self'; script-src 'self'"));
}

#[test]
fn alternatives_of_required_fields_are_one_line() {
    let fields = "properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]";
    let page = page(&format!("{{type: object, properties: {{spec: {{type: object, {fields}}}}}}}"));
    assert!(page.contains("Exactly one of: <code>a</code>; <code>b</code>"), "{page}");
}

#[test]
fn the_fields_of_the_first_level_are_open_and_deeper_ones_are_closed() {
    let nested = "{type: object, properties: {deep: {type: object, properties: {a: {type: string}}}}}";
    let page = page(&format!("{{type: object, properties: {{spec: {nested}, data: {nested}}}}}"));
    assert_eq!(page.matches("<details open><summary>1 field</summary>").count(), 2, "spec and data in {page}");
    assert_eq!(page.matches("<details><summary>1 field</summary>").count(), 2, "deep and deep in {page}");
}

#[test]
fn the_full_example_is_there_if_it_differs_from_the_minimal_one() {
    let of = |spec: &str| page(&format!("{{type: object, properties: {{spec: {{type: object, {spec}}}}}}}"));
    let optional = of("properties: {a: {type: string}}");
    assert!(optional.contains("id=\"minimal\"") && optional.contains("id=\"full\""), "{optional}");
    // Only a full object has a namespace.
    let cluster =
        crd("{type: object, properties: {spec: {type: object, required: [a], properties: {a: {type: string}}}}}");
    let cluster = Crd { scope: crdgen_schema::crd::Scope::Cluster, ..cluster };
    let page = &emit(&[Subject::new(&cluster, &cluster.versions[0])])["example.com/boats/v1.html"];
    assert!(page.contains("id=\"minimal\"") && !page.contains("id=\"full\""), "{page}");
}

#[test]
fn a_page_begins_with_the_properties_of_the_resource() {
    let mut crd = crd("{type: object, properties: {spec: {type: object}}}");
    let details = |crd: &Crd| {
        let mut files = emit(&[Subject::new(crd, &crd.versions[0])]);
        let page = files.remove("example.com/boats/v1.html").expect("the page is there");
        let start = page.find("<dl").expect("there are details");
        let end = page.find("</dl>").expect("they end");
        let rows = page[start..end].split("<div><dt>").skip(1);
        rows.map(|row| row.trim().trim_end_matches("</dd></div>").replace("</dt><dd>", ": ")).collect::<Vec<_>>()
    };
    let always = ["apiVersion: example.com/v1", "Resource: boats.example.com", "Scope: Namespaced"];
    assert_eq!(details(&crd), always);
    crd.names.short_names = vec!["bo".to_owned(), "bt".to_owned()];
    crd.versions[0].status = true;
    crd.versions.push(crd.versions[0].clone());
    let more = ["Short names: bo, bt", "Subresources: status", "Conversion: none: undeclared fields are dropped"];
    assert_eq!(details(&crd), [&always[..], &more].concat());
}

#[test]
fn metadata_below_the_root_is_a_field_like_others() {
    let template = "{type: object, properties: {metadata: {type: object}, kind: {type: string}}}";
    let page = page(&format!(
        "{{type: object, properties: {{kind: {{type: string}}, metadata: {{type: object}}, template: {template}}}}}"
    ));
    assert!(page.contains("3 of 3 fields have an exact type."), "{page}");
}

#[test]
fn the_search_finds_the_fields_of_lists() {
    let crd = crd(
        "{type: object, properties: {crew: {type: array, items: {type: object, properties: {name: {type: string}}}}}}",
    );
    let index = &emit(&[Subject::new(&crd, &crd.versions[0])])["search-index.js"];
    assert!(
        index.contains(r#"["Boat","example.com","v1","example.com/boats/v1.html",["crew","crew.name"]]"#),
        "{index}"
    );
}

#[test]
fn generated_names_and_gaps_are_shown_where_they_are_given() {
    let crd = crd("{type: object, properties: {spec: {type: object, properties: {any: {type: object}}}}}");
    let mut subject = Subject::new(&crd, &crd.versions[0]);
    subject.names.insert("Boat.spec".to_owned(), "BoatSpec".to_owned());
    subject.opaque.push(Opaque { path: "Boat.spec.any".to_owned(), reason: "object without properties".to_owned() });
    let page = &emit(&[subject])["example.com/boats/v1.html"];
    assert!(page.contains("<code class=g>BoatSpec</code>"));
    assert!(page.contains("1 of 2 fields have an exact type."), "{page}");
    assert!(page.contains("<a href=\"#spec.any\"><code>spec.any</code></a>: object without properties"));
}

/// Returns the CRDs of the fixtures.
fn fixtures() -> Vec<Crd> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/accepted");
    let collected = source::collect(&[format!("{folder}/*/*.yaml")], io::empty());
    crd::load(collected, &mut Vec::new()).crds
}

fn site(crds: &[Crd]) -> Files {
    let versions = crds.iter().flat_map(|crd| crd.versions.iter().map(move |version| (crd, version)));
    let subjects: Vec<_> = versions.map(|(crd, version)| Subject::new(crd, version)).collect();
    emit(&subjects)
}

#[test]
fn every_link_leads_to_a_page_or_a_field() {
    let files = site(&fixtures());
    let mut links = 0;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split("href=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap_or(0)]) {
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file.strip_prefix("../../") {
                Some(from_root) => from_root.to_owned(),
                None if file.is_empty() => path.clone(),
                None if folder.is_empty() => file.to_owned(),
                None => format!("{folder}/{file}"),
            };
            let target = files.get(&target).unwrap_or_else(|| panic!("{path}: {link}"));
            assert!(anchor.is_empty() || target.contains(&format!("id=\"{anchor}\"")), "{path}: {link}");
            links += 1;
        }
    }
    assert!(links > 500, "{links}");
}

#[test]
fn every_example_is_accepted_by_an_api_server() {
    let crds = fixtures();
    let files = site(&crds);
    let mut examples = 0;
    for crd in &crds {
        for version in &crd.versions {
            let page = &files[&format!("{}/{}/{}.html", crd.group, crd.names.plural, version.name)];
            let admission = Admission::for_version(crd, version);
            for example in page.split("<pre class=\"example\"").skip(1) {
                let text = &example[example.find("<code>").unwrap() + 6..example.find("</code>").unwrap()];
                let text =
                    text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">");
                let source = Arc::new(Source { name: "example".to_owned(), text: text.replace("&#38;", "&") });
                let documents = documents(&source, &mut Vec::new());
                let verdict = admission.validate(&documents[0].root.to_json(), None);
                assert!(verdict.is_accepted() && verdict.is_decided(), "{}: {verdict:?}\n{}", crd.name, source.text);
                examples += 1;
            }
        }
    }
    assert!(examples > 60, "{examples}");
}

#[test]
fn a_page_lists_the_changes_since_the_version_before() {
    let version = |name: &str, storage: bool, spec: &str| {
        format!(
            "\x20 - name: {name}\n    served: true\n    storage: {storage}\n    schema: {{openAPIV3Schema: {{type: object, \
             properties: {{spec: {{type: object, properties: {spec}}}}}}}}}\n"
        )
    };
    let holds =
        "holds: {type: object, additionalProperties: {type: object, properties: {tons: {type: integer, maximum: 9}}}}";
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: boats.example.com}}\n\
         spec:\n  group: example.com\n  names: {{kind: Boat, plural: boats}}\n  scope: Namespaced\n  versions:\n{}{}{}",
        version("v1alpha1", false, &format!("{{name: {{type: string}}, old: {{type: string}}, {holds}}}")),
        version("v1beta1", false, &format!("{{name: {{type: string}}, old: {{type: string}}, {holds}}}")),
        version(
            "v1",
            true,
            &format!("{{name: {{type: string, maxLength: 5, description: New.}}, {}}}", holds.replace("9", "5")),
        ),
    );
    let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
    let found = crds(documents(&source, &mut Vec::new()), &mut Vec::new());
    let files = site(&found.crds);
    let page = &files["example.com/boats/v1.html"];
    for part in [
        "Changes since <a href=\"v1beta1.html\">v1beta1</a>",
        "3 changes, 3 breaking",
        "<a href=\"#spec.holds.tons\"><code>spec.holds{}.tons</code></a>",
        "<a href=\"#spec.name\"><code>spec.name</code></a> <span class=\"r\">breaking</span>: ",
        "<li><code>spec.old</code> <span class=\"r\">breaking</span>: ",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(page.contains("<a href=\"v1.html\" aria-current=\"page\">v1 <small>stored</small></a>"), "{page}");
    assert!(page.contains("<a href=\"v1beta1.html\">v1beta1</a>"), "{page}");
    assert!(files["example.com/boats/v1beta1.html"].contains("The versions are equal."));
    assert!(!files["example.com/boats/v1alpha1.html"].contains("Changes since"));
}
