//! The GitLab jobs.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value as Json;

use crate::repository::{CRD, Ran, Repository};
use crate::yaml;

/// Runs a job: its variables with the defaults of the inputs, `before_script`, and `script`.
fn job(repository: &Repository, name: &str, more: &[(&str, &str)]) -> Ran {
    let documents = yaml::read("ci/gitlab.yml");
    let [header, jobs] = &documents[..] else { panic!("a header and the jobs") };
    let base = &jobs[".crdgen"];
    assert_eq!(jobs[name]["extends"], ".crdgen");
    let value = |text: &Json| {
        let text = text.as_str().expect("text");
        let input = text.strip_prefix("$[[ inputs.").and_then(|text| text.strip_suffix(" ]]"));
        match input {
            Some(input) => header["spec"]["inputs"][input]["default"].as_str().expect("a default").to_owned(),
            None => text.to_owned(),
        }
    };
    let variables = base["variables"].as_object().expect("variables").iter();
    let mut variables: BTreeMap<_, _> = variables.map(|(name, text)| (name.clone(), value(text))).collect();
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let lines = [&base["before_script"], &jobs[name]["script"]].into_iter().flat_map(|lines| lines.as_array().unwrap());
    let script: Vec<_> = lines.map(|line| line.as_str().expect("a command")).collect();
    repository.run(&script.join("\n"), &variables)
}

fn report(repository: &Repository, name: &str) -> String {
    fs::read_to_string(repository.root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn inputs_reach_scripts_as_variables() {
    let documents = yaml::read("ci/gitlab.yml");
    let jobs = documents[1].as_object().expect("jobs");
    for script in jobs.values().flat_map(|job| [&job["script"], &job["before_script"]]) {
        assert!(!script.to_string().contains("$[["), "{script}");
    }
    assert_eq!(documents[0]["spec"]["inputs"]["version"]["default"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_jobs_pass_or_fail_and_write_reports() {
    let repository = Repository::new();
    job(&repository, "crdgen:generate", &[]).exits(0);
    job(&repository, "crdgen:lint", &[]).exits(0);
    assert_eq!(report(&repository, "crdgen-generate.codequality.json"), "[]\n");
    repository.write("crds/boats.yaml", &CRD.replace("colour", "color"));
    job(&repository, "crdgen:generate", &[]).exits(100);
    assert!(report(&repository, "crdgen-generate.codequality.json").contains("check::differs"));
    assert!(report(&repository, "crdgen-generate.junit.xml").contains("<failure type=\"check::differs\""));
}

#[test]
fn a_merge_request_is_compared_with_its_base() {
    let repository = Repository::new();
    let base = repository.shell("git rev-parse HEAD").exits(0).stdout;
    repository.write("crds/boats.yaml", &CRD.replace("              colour: {type: string}\n", ""));
    repository.commit();
    job(&repository, "crdgen:diff", &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim())]).exits(100);
    assert!(report(&repository, "crdgen-diff.codequality.json").contains("colour"));
}

#[test]
fn objects_are_validated() {
    let repository = Repository::new();
    repository
        .write("objects/a.yaml", "apiVersion: example.org/v1\nkind: Boat\nmetadata: {name: a}\nspec: {length: 3}\n");
    job(&repository, "crdgen:validate", &[("CRDGEN_OBJECTS", "objects")]).exits(0);
}
