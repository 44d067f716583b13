//! `crdgen.toml`: its place, its precedence, and its errors.

use crate::harness::{Folder, GADGETS, WIDGETS};

const CONFIG: &str = "\
version = 1
inputs = ['crds']

[rust]
dir = 'src/generated'

[typescript]
dir = 'web'
";

fn project() -> Folder {
    Folder::new(&[("p/crdgen.toml", CONFIG), ("p/crds/widgets.yaml", WIDGETS), ("p/deep/down/x", "")])
}

#[test]
fn it_is_found_in_the_working_directory_or_above_or_where_it_is_said_to_be() {
    let generated = |folder: &str, args: &[&str]| {
        let project = project();
        project.run_in(folder, args).exits(0);
        project.files("p")
    };
    let here = generated("p", &["generate"]);
    assert!(here.contains_key("src/generated/mod.rs") && here.contains_key("web/types.ts"), "{:?}", here.keys());
    assert!(here.contains_key("crdgen.lock"), "the lock lies beside the config");
    assert_eq!(here, generated("p/deep/down", &["generate"]));
    assert_eq!(here, generated("", &["generate", "-c", "p/crdgen.toml"]));
}

#[test]
fn flags_win_over_it() {
    let project = project();
    project.write("other/gadgets.yaml", GADGETS);
    project.run("generate -c p/crdgen.toml other --typescript ts").exits(0);
    assert!(project.has("p/src/generated/shop_example_com/v1/gadget.rs"), "the rest comes from the config");
    assert!(project.has("ts/types.ts") && !project.has("p/web/types.ts"));
    assert!(project.read("p/crdgen.lock").contains("\"../other/gadgets.yaml\""));
}

#[test]
fn it_is_not_read_when_that_is_asked_for() {
    let project = project();
    project.run_in("p", &["generate", "--no-config", "crds", "--typescript", "ts"]).exits(0);
    assert!(project.has("p/ts/crdgen.lock") && !project.has("p/src"));
}

#[test]
fn a_target_that_it_drops_is_removed() {
    let project = project();
    project.run_in("p", &["generate"]).exits(0);
    let written = project.files("p/web").len();
    project.write("p/web/mine.ts", "mine");
    project.write("p/crdgen.toml", CONFIG.split("[typescript]").next().unwrap());
    project.run_in("p", &["generate"]).exits(0).says(&format!(" {written} removed"));
    assert_eq!(project.files("p/web").into_keys().collect::<Vec<_>>(), ["mine.ts"]);
}

#[test]
fn what_is_wrong_in_it_has_a_place() {
    let project = project();
    project.write("p/crdgen.toml", &CONFIG.replace("[typescript]\n", "[typescript]\ndirectory = 'web'\n"));
    project
        .run_in("p/deep", &["generate"])
        .exits(1)
        .says("../crdgen.toml:8:1: error[config::invalid]: unknown field `directory`");
    project.write("p/crdgen.toml", &CONFIG.replace("inputs", "input"));
    project.run_in("p", &["generate"]).exits(1).says("unknown field `input`").says("help: did you mean `inputs`?");
    project.write("p/crdgen.toml", "version = 1\ninputs = [\n");
    project.run_in("p", &["generate"]).exits(1).says("crdgen.toml:").says("error[config::invalid]");
}

#[test]
fn it_sends_no_target_out_of_its_folder_but_a_flag_does() {
    let absolute = project().path("elsewhere").to_str().unwrap().to_owned();
    for dir in ["../web", "web/../../web", &absolute] {
        let project = project();
        project.write("p/crdgen.toml", &CONFIG.replace("dir = 'web'", &format!("dir = '{dir}'")));
        project
            .run_in("p", &["generate", "--force"])
            .exits(1)
            .says("crdgen.toml:8:7: error[config::outside]: ")
            .says("--typescript ");
        assert!(!project.has("p/crdgen.lock"));
        project.run_in("p", &["generate", "--typescript", "../web"]).exits(0);
        assert!(project.has("web/types.ts"));
    }
}

#[test]
fn a_config_that_is_not_there_is_an_error() {
    let project = project();
    project.run("generate -c nowhere.toml").exits(1).says("error[config::unreadable]: cannot read nowhere.toml");
}

#[test]
fn a_folder_whose_name_looks_like_a_pattern_is_none() {
    let config = CONFIG.replace("['crds']", "['crds/*.yaml']");
    let project = Folder::new(&[("[a]/crdgen.toml", &config), ("[a]/crds/widgets.yaml", WIDGETS), ("[a]/b/x", "")]);
    project.run_in("[a]/b", &["generate"]).exits(0);
    project.run("generate -c [a]/crdgen.toml --check").exits(0);
}
