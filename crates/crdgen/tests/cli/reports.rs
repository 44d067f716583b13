//! Report formats of commands: on standard output, and in files.

use serde_json::Value as Json;

use crate::harness::{Folder, WIDGETS};

const BAD: &str = "apiVersion: shop.example.com/v1\nkind: Widget\nmetadata: {name: bad}\nspec: {size: medium}\n";

fn widgets() -> Folder {
    Folder::new(&[("crds/widgets.yaml", WIDGETS), ("objects/bad.yaml", BAD)])
}

#[test]
fn a_report_goes_to_standard_output_and_files_get_others() {
    let folder = widgets();
    let args = "validate objects --crds crds --format github --report sarif=a.sarif --report text=a.txt";
    let ran = folder.run(args).exits(100).says("1 object checked, 1 refused");
    assert_eq!(ran.stderr, "1 object checked, 1 refused\n", "the findings are on standard output");
    ran.prints(
        "::error file=objects/bad.yaml,line=4,col=14,title=shop.example.com/v1 Widget bad%3A object%3A%3Ainvalid::",
    );
    let log: Json = serde_json::from_str(&folder.read("a.sarif")).expect("JSON");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "object::invalid");
    assert!(folder.read("a.txt").starts_with("objects/bad.yaml:4:14: error[object::invalid]: spec.size: "));
}

#[test]
fn a_file_that_cannot_be_read_is_in_the_report() {
    let folder = widgets();
    folder.write("objects/broken.yaml", "a: [");
    let ran = folder.run("validate objects --crds crds --format json --quiet").exits(1);
    let rows: Json = serde_json::from_str(&ran.stdout).expect("JSON");
    let codes: Vec<_> = rows.as_array().expect("a list").iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, ["source::yaml", "object::invalid"]);
}

#[test]
fn a_check_reports_files_with_their_diffs() {
    let folder = widgets();
    let generate = "generate crds --openapi openapi.json";
    folder.run(generate).exits(0);
    let clean = folder.run(&format!("{generate} --check --format json")).exits(0);
    assert_eq!(clean.stdout, "[]\n");
    folder.write("crds/widgets.yaml", &WIDGETS.replace("size:", "sizes:"));
    let ran = folder.run(&format!("{generate} --check --format json --report markdown=a.md")).exits(100);
    let rows: Json = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((&rows[0]["code"], &rows[0]["file"]), (&"check::differs".into(), &"openapi.json".into()));
    assert!(rows[0]["line"].as_u64().is_some_and(|line| line > 1), "the first line that differs");
    assert!(rows[0]["notes"][0]["text"].as_str().is_some_and(|diff| diff.contains("\n+          \"sizes\": {")));
    assert!(folder.read("a.md").contains("### crdgen generate --check: 2 errors\n"));
    let ran = folder.run(&format!("{generate} --check --report json=a.json")).exits(100);
    ran.prints("differs: openapi.json\n--- openapi.json");
    assert!(folder.has("a.json"));
}

#[test]
fn a_wrong_format_is_a_usage_error() {
    let folder = widgets();
    folder
        .run("validate objects --crds crds --report xml=a")
        .exits(2)
        .says("`xml` is no format; the formats are text, ");
    folder.run("validate objects --crds crds --report sarif").exits(2).says("a format and a file are needed");
    folder.run("generate crds --rust gen --format json").exits(2).says("need `--check`");
    folder.run("validate objects --crds crds --report sarif=none/a").exits(1).says("error[output::write]");
}
