//! CRDs that cannot be generated because of a defect of crdgen. They must not stop the other CRDs.

use crdgen_model::Names;
use crdgen_schema::{Crd, Diagnostic};

use super::isolate::{DEFECT, code};
use super::{Error, Selection, Targets, generate};

/// Removes the CRDs that cannot be generated even alone, and returns a diagnostic for each. Call it after
/// [`generate`] has failed for all CRDs together.
pub fn take_culprits(crds: &mut Vec<Crd>, selection: &Selection, targets: &Targets) -> Vec<Diagnostic> {
    // The project's changes were already checked for all CRDs together.
    let selection = Selection { versions: selection.versions.clone(), ..Selection::default() };
    let mut culprits = Vec::new();
    crds.retain(|crd| {
        let alone = generate(std::slice::from_ref(crd), &selection, targets, &Names::default());
        let Err(Error::Emit(error)) = alone else { return true };
        culprits.push(
            Diagnostic::error(code(error.target), error.message)
                .at(&crd.source, crd.span)
                .path(crd.name.clone())
                .help(DEFECT),
        );
        false
    });
    culprits
}
