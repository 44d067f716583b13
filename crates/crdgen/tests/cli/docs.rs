//! `crdgen docs`: pages, the check, files in the way, and the config.

use crate::harness::{Folder, RUNS, WIDGETS};

#[test]
fn pages_are_written_checked_and_brought_up_to_date() {
    let folder = Folder::new(&[("crds/runs.yaml", RUNS)]);
    folder.run("docs crds --out site").exits(0).says("written, 0 unchanged");
    for file in ["index.html", "style.css", "search.js", "search-index.js", "crdgen.lock"] {
        assert!(folder.has(&format!("site/{file}")), "{file}");
    }
    folder.run("docs crds --out site --check").exits(0).says("up to date");
    folder.write("crds/widgets.yaml", WIDGETS);
    folder.run("docs crds --out site --check").exits(100).says("run `crdgen docs`");
    folder.run("docs crds --out site").exits(0);
    folder.remove("crds/widgets.yaml");
    folder.run("docs crds --out site").exits(0).says("removed");
    folder.run("docs crds --out site --check").exits(0);
}

#[test]
fn a_page_that_somebody_wrote_is_not_replaced() {
    let folder = Folder::new(&[("crds/runs.yaml", RUNS), ("site/index.html", "<p>mine</p>\n")]);
    folder.run("docs crds --out site").exits(1).says("index.html");
    assert!(!folder.has("site/style.css"));
    folder.run("docs crds --out site --force").exits(0);
}

#[test]
fn the_config_names_the_folder_and_other_targets_stay() {
    let folder = Folder::new(&[("crds/runs.yaml", RUNS)]);
    folder.run("docs crds").exits(2).says("--out DIR");
    let config = "version = 1\ninputs = ['crds']\n[openapi]\npath = 'openapi.json'\n[docs]\ndir = 'site'\n";
    folder.write("crdgen.toml", config);
    folder.run("generate").exits(0);
    assert!(folder.has("site/index.html") && folder.has("openapi.json"));
    folder.run("docs").exits(0).says("0 files written");
    assert!(folder.has("openapi.json"));
    folder.run("generate --check").exits(0);
}

#[test]
fn json_schemas_can_have_the_layout_of_a_catalogue() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    folder.run("generate crds --json-schema schemas --json-schema-layout catalog").exits(0);
    let files = folder.files("schemas");
    assert!(files.keys().any(|file| file.ends_with("/widget_v1.json")), "{:?}", files.keys());
    folder.run("generate crds --json-schema schemas --json-schema-layout catalog --check").exits(0);
    // The files of the other layout take the place of these.
    folder.run("generate crds --json-schema schemas").exits(0).says("1 removed");
}
