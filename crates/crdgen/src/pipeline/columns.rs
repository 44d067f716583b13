//! Warnings of printer columns that generated TypeScript does not have.

use crdgen_emit::typescript;
use crdgen_model::{Model, Resource};
use crdgen_schema::{Crd, Diagnostic};

const HELP: &str = "use fields and `[0]`; in lists that the schema declares, also `[*]` and `[?(@.field==\"value\")]`";

/// Returns a warning for each column whose JSON path generated TypeScript cannot follow.
pub fn left_out(crds: &[Crd], model: &Model) -> Vec<Diagnostic> {
    let left_out = typescript::columns_left_out(model).into_iter();
    left_out.filter_map(|(id, index)| warning(crds, model.resource(id), index)).collect()
}

fn warning(crds: &[Crd], resource: &Resource, index: usize) -> Option<Diagnostic> {
    let crd = crds.iter().find(|crd| crd.group == resource.group && crd.names.kind == resource.kind)?;
    let place = crd.versions.iter().position(|version| version.name == resource.version)?;
    let column = crd.versions[place].columns.get(index)?;
    let message = format!(
        "the column `{}` is left out of `columns.ts`: its path `{}` is not supported there",
        column.name, column.json_path
    );
    let path = format!("{}: spec.versions[{place}].additionalPrinterColumns[{index}].jsonPath", crd.name);
    Some(Diagnostic::warning("typescript::column", message).at(&crd.source, column.span).path(path).help(HELP))
}
