//! `crdgen explain`: codes, kinds and fields.

use crate::harness::{Folder, RUNS};

#[test]
fn a_field_is_explained_with_its_facts_and_the_fields_below() {
    let folder = Folder::new(&[("crds/runs.yaml", RUNS)]);
    let ran = folder.run("explain run crds").exits(0);
    assert!(ran.stdout.starts_with("Run ("), "{}", ran.stdout);
    let ran = folder.run("explain RUN.spec crds").exits(0);
    assert!(ran.stdout.starts_with("Run.spec ("), "{}", ran.stdout);
    ran.prints("Fields:");
    folder.run("explain run.spek crds").exits(1).says("Run has no field `spek`").says("similar: spec");
    folder.run("explain ran crds").exits(1).says("there is no kind `ran`");
}

#[test]
fn without_crds_the_topic_is_a_code() {
    let folder = Folder::new(&[]);
    folder.run("explain schema::no-type").exits(0).prints("schema::no-type: ");
    folder.run("explain schema::no-typo").exits(2).says("no diagnostic has the code");
}
