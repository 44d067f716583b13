//! From CRDs to files: inputs, selection, and output that depends on nothing but the input.

use crate::harness::{Folder, GADGETS, WIDGETS};

const ALL: &str = "--rust src/generated --axum --openapi openapi.json --typescript web/src/api";

#[test]
fn every_target_is_written_by_one_command_without_a_config_file() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    folder.run(&format!("generate crds {ALL}")).exits(0).says("1 CRD, ").says(" written, 0 unchanged, 0 removed");
    for file in ["src/generated/mod.rs", "src/generated/api/mod.rs", "openapi.json", "web/src/api/types.ts"] {
        assert!(folder.has(file), "{file}");
    }
    assert!(folder.has("crdgen.lock"), "the lock lies in the folder that all outputs share");
}

#[test]
fn standard_input_is_read() {
    let folder = Folder::new(&[]);
    folder.pipe("generate - --rust out", WIDGETS).exits(0);
    assert!(folder.has("out/mod.rs"));
    assert!(folder.read("out/crdgen.lock").contains("\n- = \""), "the lock lies in the only output");
    folder.pipe("generate - --rust out --check", WIDGETS).exits(0);
}

#[test]
fn the_bytes_depend_on_nothing_but_the_input() {
    let crds = [("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS), ("elsewhere/x", "")];
    let generated = |place: &str, args: &str| {
        let folder = Folder::new(&crds);
        folder.run_in(place, &args.split_whitespace().collect::<Vec<_>>()).exits(0);
        folder.files("")
    };
    let first = generated("", &format!("generate crds/widgets.yaml crds/gadgets.yaml {ALL}"));
    assert!(first.len() > 10, "{:?}", first.keys());
    let again = generated("", &format!("generate crds/widgets.yaml crds/gadgets.yaml {ALL}"));
    assert_eq!(first, again, "a second run");
    let shuffled = generated("", &format!("generate crds/gadgets.yaml crds/widgets.yaml {ALL}"));
    assert_eq!(first, shuffled, "another order");
    let from_elsewhere = "generate ../crds --rust ../src/generated --axum --openapi ../openapi.json \
                          --typescript ../web/src/api";
    assert_eq!(first, generated("elsewhere", from_elsewhere), "another working directory, and a folder");
    let glob = generated("", &format!("generate crds/*.yaml {ALL}"));
    assert_eq!(first, glob, "a pattern");
}

#[test]
fn the_bytes_depend_on_neither_the_number_of_threads_nor_the_order_of_the_files() {
    let crds: Vec<(String, String)> = (0..12)
        .map(|number| (format!("crds/{number}.yaml"), GADGETS.replace("adget", &format!("adget{number}x"))))
        .collect();
    let crds: Vec<(&str, &str)> = crds.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let targets = format!("{ALL} --json-schema schemas --rbac rbac.yaml");
    let generated = |jobs: usize, order: &mut dyn Iterator<Item = usize>| {
        let folder = Folder::new(&crds);
        let inputs: Vec<&str> = order.map(|index| crds[index].0).collect();
        folder.run(&format!("generate --jobs {jobs} {} {targets}", inputs.join(" "))).exits(0);
        folder.files("")
    };
    let first = generated(1, &mut (0..crds.len()));
    assert!(first.len() > 60, "{:?}", first.keys());
    for jobs in [1, 2, 8] {
        assert!(first == generated(jobs, &mut (0..crds.len())), "{jobs} threads");
        assert!(
            first == generated(jobs, &mut (0..crds.len()).map(|index| index * 5 % 12)),
            "{jobs} threads, another order"
        );
    }
}

#[test]
fn several_crds_in_one_stream_are_all_read() {
    let folder = Folder::new(&[]);
    let stream = format!("{WIDGETS}---\n{GADGETS}---\napiVersion: v1\nkind: ConfigMap\n");
    folder.pipe("generate - --typescript out", &stream).exits(0).says("2 CRDs (1 other object skipped), ");
}

#[test]
fn a_file_that_gives_no_crd_is_not_in_the_lock() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/other.yaml", "kind: ConfigMap\n")]);
    folder.run("generate . --openapi openapi.json").exits(0);
    let lock = folder.read("crdgen.lock");
    assert!(lock.contains("\"crds/widgets.yaml\"") && !lock.contains("other.yaml"), "{lock}");
    // The document is among the inputs now, and must not count as one.
    folder.run("generate . --openapi openapi.json --check").exits(0);
}

#[test]
fn versions_are_chosen() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    let document = |versions: &str| {
        folder.run(&format!("generate widgets.yaml --openapi out.json --versions {versions}")).exits(0);
        folder.read("out.json")
    };
    let has = |document: &str, version: &str| document.contains(&format!("/apis/shop.example.com/{version}/"));
    let served = document("served");
    assert!(has(&served, "v1") && !has(&served, "v1alpha1"));
    assert_eq!(served, document("storage"));
    let all = document("all");
    assert!(has(&all, "v1") && has(&all, "v1alpha1"));
    assert_eq!(all, document("v1,v1alpha1"));
    let named = document("v1alpha1");
    assert!(!has(&named, "v1") && has(&named, "v1alpha1"));
}

#[test]
fn kinds_are_chosen() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS)]);
    folder.run("generate crds --openapi out.json --kinds Gadget.shop.example.com").exits(0);
    let document = folder.read("out.json");
    assert!(document.contains("gadgets") && !document.contains("widgets"));
}

#[test]
fn a_kind_or_a_version_that_does_not_exist_is_an_error() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS)]);
    folder
        .run("generate crds --openapi out.json --kinds Gizmo")
        .exits(1)
        .says("error[select::kind]: no CRD has the kind `Gizmo`")
        .says("Gadget, Widget");
    folder
        .run("generate crds --openapi out.json --versions v2")
        .exits(1)
        .says("error[select::version]: no CRD has the version `v2`")
        .says("v1, v1alpha1");
    assert!(!folder.has("out.json"));
}

#[test]
fn a_name_survives_the_run_that_could_rename_it() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    folder.run("generate crds --typescript out").exits(0);
    let lock = folder.read("out/crdgen.lock");
    assert!(lock.contains("\"shop.example.com/v1/Widget\" = \"Widget\""), "{lock}");
    // A kind of that name in another group gets a longer name and does not take this one.
    let other = WIDGETS.replace("shop.example.com", "a.example.com");
    folder.write("crds/other.yaml", &other);
    folder.run("generate crds --typescript out").exits(0);
    let lock = folder.read("out/crdgen.lock");
    assert!(lock.contains("\"shop.example.com/v1/Widget\" = \"Widget\""), "{lock}");
}
