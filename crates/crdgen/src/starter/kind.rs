//! Kinds of a new project, with their names in each layer.

use crdgen_emit::rust;
use crdgen_model::{Model, Resource};
use crdgen_objects::Objects;
use crdgen_schema::Crd;
use crdgen_schema::crd::Scope;
use serde_json::Value as Json;

use super::layout::WIDTH;
use crate::pipeline::{Input, Output};

/// Version of a kind that the project serves.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Kind, for example `Boat`.
    pub kind: String,
    /// Name of the root type, which is the kind unless that name is taken.
    pub root: String,
    /// Plural of the root type's name, for example `Boats`.
    pub many: String,
    /// Group and version, for example `example.com/v1`.
    pub api_version: String,
    /// Path of the objects, in the namespace `default` if they have one.
    pub collection: String,
    /// Whether objects have a namespace.
    pub is_namespaced: bool,
    /// Whether the TypeScript files have columns for the kind.
    pub has_columns: bool,
    /// TypeScript function that lists the objects of all namespaces.
    pub list: String,
    /// Valid object, as JSON.
    pub sample: Option<String>,
    /// Rust path of the root type.
    path: String,
}

impl Kind {
    /// Returns every kind in `output`, in the model's order.
    pub fn all(input: &Input, output: &Output) -> Vec<Self> {
        let document =
            output.openapi.values().next().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Json::Null);
        let modules = rust::module_paths(&output.model);
        let resources = output.model.resources.iter().zip(&modules);
        resources.map(|(resource, modules)| Self::new(resource, modules, input, output, &document)).collect()
    }

    fn new(resource: &Resource, modules: &[String; 3], input: &Input, output: &Output, document: &Json) -> Self {
        let root = root(&output.model, resource);
        let Resource { group, version, plural, .. } = resource;
        let everywhere = format!("/apis/{group}/{version}/{plural}");
        let [group_module, version_module, _] = modules;
        let columns = output.typescript.get("columns.ts").map_or("", String::as_str);
        Self {
            kind: resource.kind.clone(),
            many: resource.plural_name.clone(),
            api_version: format!("{group}/{version}"),
            collection: match resource.scope {
                Scope::Namespaced => format!("/apis/{group}/{version}/namespaces/default/{plural}"),
                Scope::Cluster => everywhere.clone(),
            },
            is_namespaced: resource.scope == Scope::Namespaced,
            has_columns: columns.contains(&format!("export const {root}Columns = ")),
            list: document["paths"][&everywhere]["get"]["operationId"].as_str().unwrap_or_default().to_owned(),
            sample: input.crds.iter().find_map(|crd| sample_of(crd, resource)),
            path: format!("generated::{group_module}::{version_module}::{}", ident(&output.model, resource)),
            root,
        }
    }

    /// Returns the file of the sample, if there is one.
    pub fn sample_file(&self) -> Option<String> {
        self.sample.is_some().then(|| format!("objects/{}.json", self.root.to_lowercase()))
    }

    /// Returns the first line of the impl of `Serve`, as rustfmt writes it.
    pub fn impl_header(&self) -> String {
        let line = format!("impl Serve<{}> for Service {{", self.path);
        if line.len() > WIDTH { format!("impl Serve<{}>\n    for Service\n{{", self.path) } else { line }
    }

    /// Returns the signature of `Serve::backend`, as rustfmt writes it.
    pub fn backend_header(&self) -> String {
        let line = format!("    fn backend(&self, _: &()) -> impl Backend<{}> {{", self.path);
        if line.len() <= WIDTH {
            return line;
        }
        let end = format!("    ) -> impl Backend<{}>", self.path);
        // rustfmt leaves room for one more level of indentation.
        let brace = if end.len() + " {".len() + INDENT > WIDTH { "\n    {" } else { " {" };
        format!("    fn backend(\n        &self,\n        _: &(),\n{end}{brace}")
    }
}

/// Spaces of one level of indentation.
const INDENT: usize = 4;

fn root(model: &Model, resource: &Resource) -> String {
    model.get(resource.root).name.clone()
}

fn ident(model: &Model, resource: &Resource) -> String {
    rust::type_ident(model.get(resource.root)).to_string()
}

fn sample_of(crd: &Crd, resource: &Resource) -> Option<String> {
    let is_it = crd.group == resource.group && crd.names.kind == resource.kind;
    let version = crd.versions.iter().find(|version| is_it && version.name == resource.version)?;
    Some(format!("{:#}\n", Objects::for_version(crd, version).minimal().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backend_header(length: usize) -> String {
        let kind = Kind {
            kind: String::new(),
            root: String::new(),
            many: String::new(),
            api_version: String::new(),
            collection: String::new(),
            is_namespaced: true,
            has_columns: false,
            list: String::new(),
            sample: None,
            path: "K".repeat(length),
        };
        kind.backend_header()
    }

    #[test]
    fn long_signatures_are_broken_as_rustfmt_breaks_them() {
        assert_eq!(backend_header(51).lines().count(), 1);
        assert!(backend_header(52).ends_with("> {") && backend_header(52).lines().count() == 4);
        assert!(backend_header(71).ends_with("> {"));
        assert!(backend_header(72).ends_with(">\n    {"));
    }
}
