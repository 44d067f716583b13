use std::path::{Path, PathBuf};
use std::process::Command;

use crdgen_model::{Model, Resource, Scale, Scope};

use super::*;
use crate::api::fixture::{Builder, resource};

/// A namespaced kind with everything and a bare cluster-scoped one: together they need every form of an operation.
fn sample() -> Model {
    let mut builder = Builder::default();
    let scale = Scale {
        spec_replicas_path: ".spec.replicas".to_owned(),
        status_replicas_path: ".status.replicas".to_owned(),
        label_selector_path: Some(".status.selector".to_owned()),
    };
    let widget = Resource { status: true, scale: Some(scale), ..resource("Widget", "widgets") };
    builder.kind(widget, Vec::new());
    builder.kind(Resource { scope: Scope::Cluster, ..resource("Runner", "runners") }, Vec::new());
    builder.model
}

fn emitted(model: &Model) -> Files {
    emit(model, &Options { openapi: "{}\n".to_owned() }).expect("the model is well-formed")
}

/// What is emitted for the sample is compiled, and its behaviour tested, by the runtime's tests.
#[test]
fn the_sample_is_what_the_runtime_compiles() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crdgen-runtime/tests/sample");
    for (path, text) in emitted(&sample()) {
        let path: PathBuf = golden.join(path);
        if std::env::var_os("CRDGEN_UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().expect("a file")).expect("a writable tree");
            std::fs::write(&path, &text).expect("a writable tree");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, text, "{} (CRDGEN_UPDATE_GOLDEN=1 updates it)", path.display());
    }
}
