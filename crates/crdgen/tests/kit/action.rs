//! The GitHub Action.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::comments::Server;
use crate::repository::{CRD, Ran, Repository, path};
use crate::yaml;

/// Inputs of a run, and values of expressions such as `github.base_ref`.
struct Run<'r> {
    repository: &'r Repository,
    values: BTreeMap<String, String>,
}

impl<'r> Run<'r> {
    /// Creates a run with the defaults of all inputs, and with the program of this build.
    fn new(repository: &'r Repository, inputs: &[(&str, &str)]) -> Self {
        let action = action();
        let defaults = action["inputs"].as_object().expect("inputs").iter();
        let mut values: BTreeMap<_, _> = defaults
            .map(|(name, input)| (format!("inputs.{name}"), input["default"].as_str().expect("a default").to_owned()))
            .collect();
        values.insert("inputs.program".into(), env!("CARGO_BIN_EXE_crdgen").into());
        values.insert("inputs.token".into(), "secret".into());
        values.insert("github.base_ref".into(), String::new());
        values.extend(inputs.iter().map(|(name, value)| (format!("inputs.{name}"), (*value).to_owned())));
        for folder in ["temp", "temp/crdgen/reports"] {
            fs::create_dir_all(repository.beside(folder)).unwrap();
        }
        let reports = repository.beside("temp/crdgen/reports").display().to_string();
        values.insert("steps.install.outputs.reports".into(), reports);
        Self { repository, values }
    }

    fn with(mut self, expression: &str, value: &str) -> Self {
        self.values.insert(expression.to_owned(), value.to_owned());
        self
    }

    /// Returns the value of `${{ a || b }}`, or the text itself if it is no expression.
    fn value(&self, text: &str) -> String {
        let Some(expression) = text.strip_prefix("${{ ").and_then(|text| text.strip_suffix(" }}")) else {
            return text.to_owned();
        };
        let mut values = expression.split(" || ").filter_map(|name| self.values.get(name));
        values.find(|value| !value.is_empty()).cloned().unwrap_or_default()
    }

    fn step(&self, name: &str) -> Ran {
        self.step_with(name, &[])
    }

    /// Runs a step with further variables, as a runner sets them.
    fn step_with(&self, name: &str, more: &[(&str, &str)]) -> Ran {
        let step = step(name);
        let beside = |name: &str| self.repository.beside(name).display().to_string();
        let mut variables = BTreeMap::from([
            ("RUNNER_TEMP".to_owned(), beside("temp")),
            ("RUNNER_OS".to_owned(), "Linux".to_owned()),
            ("RUNNER_ARCH".to_owned(), "X64".to_owned()),
            ("GITHUB_OUTPUT".to_owned(), beside("output")),
            ("GITHUB_PATH".to_owned(), beside("path")),
            ("GITHUB_STEP_SUMMARY".to_owned(), beside("summary")),
        ]);
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            variables.insert(name.clone(), self.value(value.as_str().expect("text")));
        }
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.repository.run(step["run"].as_str().expect("a script"), &variables)
    }

    /// Runs the checks, and returns the exit code of the action.
    fn check(&self) -> (Ran, i32) {
        fs::write(self.repository.beside("output"), "").unwrap();
        let ran = self.step("Check").exits(0);
        let output = fs::read_to_string(self.repository.beside("output")).unwrap();
        let code = output.lines().find_map(|line| line.strip_prefix("code=")).expect("an output").to_owned();
        let result = self.step_with("Result", &[("CODE", &code)]);
        (ran, result.code)
    }

    fn report(&self, name: &str) -> String {
        let file = self.repository.beside("temp/crdgen/reports").join(name);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn action() -> Json {
    yaml::read("action.yml").remove(0)
}

fn steps() -> Vec<Json> {
    action()["runs"]["steps"].as_array().expect("steps").clone()
}

fn step(name: &str) -> Json {
    steps().into_iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name}"))
}

#[test]
fn no_input_becomes_a_part_of_a_script() {
    for step in steps().iter().filter(|step| step["run"].is_string()) {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{}", step["name"]);
        assert_eq!(step["shell"], "bash");
    }
}

#[test]
fn every_input_is_described_and_used() {
    let text = fs::read_to_string(yaml::root().join("action.yml")).unwrap();
    let action = action();
    let declared: BTreeSet<_> = action["inputs"].as_object().unwrap().keys().cloned().collect();
    let used = text.match_indices("inputs.").map(|(at, _)| &text[at + "inputs.".len()..]);
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    let used: BTreeSet<_> =
        used.map(|rest| rest.chars().take_while(|letter| is_name(*letter)).collect::<String>()).collect();
    assert_eq!(declared, used);
    assert!(action["inputs"].as_object().unwrap().values().all(|input| input["description"].is_string()));
}

#[test]
fn the_default_version_is_this_one() {
    assert_eq!(action()["inputs"]["version"]["default"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn an_unchanged_project_passes() {
    let repository = Repository::new();
    let (ran, code) = Run::new(&repository, &[]).check();
    assert_eq!(code, 0);
    ran.prints("::group::crdgen generate\nup to date: ");
}

#[test]
fn a_crd_that_was_changed_without_generating_fails_with_annotations() {
    let repository = Repository::new();
    repository.write("crds/boats.yaml", &CRD.replace("colour", "color"));
    let run = Run::new(&repository, &[("lint", "false")]);
    let (ran, code) = run.check();
    assert_eq!(code, 100);
    ran.prints("::error file=openapi.json,line=").prints("check%3A%3Adiffers");
    assert!(run.report("generate.md").starts_with("<!-- crdgen generate --check -->\n"));
    assert!(run.report("generate.txt").contains("openapi.json:"));
    let sarif: Json = serde_json::from_str(&run.report("generate.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "check::differs");
    assert!(fs::read_to_string(repository.beside("summary")).unwrap().contains("crdgen generate --check"));
}

#[test]
fn a_pull_request_shows_whom_a_change_breaks() {
    let repository = Repository::new();
    repository.shell("git switch --quiet --create change").exits(0);
    repository.write("crds/boats.yaml", &CRD.replace("              colour: {type: string}\n", ""));
    repository.commit();
    let run = Run::new(&repository, &[("lint", "false"), ("generate", "off")]).with("github.base_ref", "main");
    let (_, code) = run.check();
    assert_eq!(code, 100);
    let comment = run.report("diff.md");
    assert!(comment.starts_with("<!-- crdgen diff -->\n### crdgen diff: ") && comment.contains("colour"), "{comment}");
    let tolerant = [("lint", "false"), ("generate", "off"), ("fail-on", "none")];
    let (_, code) = Run::new(&repository, &tolerant).with("github.base_ref", "main").check();
    assert_eq!(code, 0);
}

#[test]
fn a_shallow_clone_is_told_what_to_do() {
    let repository = Repository::new();
    let run = Run::new(&repository, &[("generate", "off"), ("lint", "false")]).with("github.base_ref", "unknown");
    let (ran, code) = run.check();
    assert_eq!(code, 1);
    ran.prints("::error::origin/unknown and HEAD have no common commit here: set `fetch-depth: 0`");
}

#[test]
fn objects_are_validated_one_input_a_line() {
    let repository = Repository::new();
    let boat = "apiVersion: example.org/v1\nkind: Boat\nmetadata: {name: a}\nspec: {length: long}\n";
    repository.write("my objects/a.yaml", boat);
    repository.write("other/a.yaml", &boat.replace("long", "3"));
    let inputs = [("lint", "false"), ("generate", "off"), ("objects", "my objects\nother\n")];
    let (ran, code) = Run::new(&repository, &inputs).check();
    assert_eq!(code, 100);
    ran.prints("::error file=my objects/a.yaml,line=4,").prints("2 objects checked, 1 refused");
}

#[test]
fn hostile_inputs_are_arguments_and_no_commands() {
    let repository = Repository::new();
    let evil = "$(touch evil); `touch evil`; touch evil";
    let inputs = [("config", evil), ("objects", evil), ("base", evil), ("fail-on", evil), ("program", evil)];
    let run = Run::new(&repository, &inputs);
    assert_ne!(run.step("Install crdgen").code, 0);
    let (_, code) = run.check();
    assert_ne!(code, 0);
    let run = Run::new(&repository, &[("generate", "commit"), ("version", evil), ("program", "")]);
    assert_ne!(run.step("Install crdgen").code, 0);
    let run = Run::new(&repository, &[]).with("github.ref_name", evil);
    assert_eq!(run.step("Generate").code, 0, "nothing to push");
    assert!(!repository.root().join("evil").exists() && !repository.beside("temp/crdgen/evil").exists());
}

#[test]
fn generated_code_is_committed_to_the_branch() {
    let repository = Repository::new();
    let run = Run::new(&repository, &[("generate", "commit")]).with("github.head_ref", "change");
    run.step("Generate").exits(0).prints("generated code is up to date");
    repository.shell("git switch --quiet --create change").exits(0);
    repository.write("crds/boats.yaml", &CRD.replace("colour", "color"));
    repository.commit();
    run.step("Generate").exits(0);
    let pushed = repository.shell("git --git-dir ../origin.git show change:openapi.json").exits(0);
    pushed.prints("\"color\"");
    repository.shell("git log -1 --format=%an:%s").exits(0).prints("github-actions[bot]:Generate code from CRDs");
    assert_eq!(run.check().1, 0);
}

/// Makes a release whose program prints its arguments, and returns its URL.
fn release(repository: &Repository, version: &str) -> String {
    let script = format!(
        "name=crdgen-{version}-x86_64-unknown-linux-musl
        mkdir -p ../releases/v{version}/$name && cd ../releases/v{version}
        printf '#!/bin/sh\\necho released\\n' > $name/crdgen && chmod +x $name/crdgen
        tar -czf $name.tar.gz $name && sha256sum $name.tar.gz > SHA256SUMS && rm -r $name"
    );
    repository.shell(&script).exits(0);
    format!("file://{}", repository.beside("releases").display())
}

#[test]
fn a_release_is_installed_and_its_checksum_verified() {
    let repository = Repository::new();
    let releases = release(&repository, "1.2.3");
    let run = Run::new(&repository, &[("program", ""), ("version", "1.2.3")]);
    run.step_with("Install crdgen", &[("RELEASES", &releases)]).exits(0);
    let folder = fs::read_to_string(repository.beside("path")).unwrap();
    let path = path(&[Path::new(folder.trim())]);
    repository.run("crdgen", &BTreeMap::from([("PATH".to_owned(), path)])).exits(0).prints("released");
    repository.shell("sed -i s/^./0/ ../releases/v1.2.3/SHA256SUMS").exits(0);
    assert_ne!(run.step_with("Install crdgen", &[("RELEASES", &releases)]).code, 0);
}

#[test]
fn a_comment_is_written_once_and_updated_from_then_on() {
    let repository = Repository::new();
    let server = Server::start();
    let run = Run::new(&repository, &[]).with("github.event.pull_request.number", "7");
    let variables = [("GITHUB_API_URL", server.url()), ("GITHUB_REPOSITORY", "me/boats".to_owned())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let report = |text: &str| fs::write(repository.beside("temp/crdgen/reports/diff.md"), text).unwrap();

    report("<!-- crdgen diff -->\n### crdgen diff: no findings\n");
    run.step_with("Comment", &variables).exits(0);
    assert_eq!(server.comments(), Vec::<String>::new(), "a pull request without findings gets no comment");

    report("<!-- crdgen diff -->\n### crdgen diff: 1 error\n\n\"quoted\" `$(touch evil)`\n");
    run.step_with("Comment", &variables).exits(0);
    assert_eq!(server.comments(), ["<!-- crdgen diff -->\n### crdgen diff: 1 error\n\n\"quoted\" `$(touch evil)`\n"]);

    report("<!-- crdgen diff -->\n### crdgen diff: no findings\n");
    run.step_with("Comment", &variables).exits(0);
    assert_eq!(server.comments(), ["<!-- crdgen diff -->\n### crdgen diff: no findings\n"]);
    assert!(server.tokens().iter().all(|token| token == "Bearer secret"));

    let nowhere = [("GITHUB_API_URL", "http://127.0.0.1:1"), ("GITHUB_REPOSITORY", "me/boats")];
    run.step_with("Comment", &nowhere).exits(0).prints("::warning::the comment could not be written");
}
