//! Change of a part of a CRD that is not in a schema.

use crdgen_schema::Crd;
use serde_json::Value as Json;

use crate::change::{Change, Context, Keyword, Sides};
use crate::path::FieldPath;

/// Surroundings of a part that is not in a schema.
const NOWHERE: Context<'static> =
    Context { is_correlated: true, parents: Sides { old: None, new: None }, is_kept: false, needs_value: false };

/// Creates a change without versions.
pub(super) fn part<'a>(crds: Sides<&'a Crd>, keyword: Keyword, values: Sides<Option<Json>>) -> Change<'a> {
    Change {
        crds,
        versions: Sides::default(),
        path: FieldPath::default(),
        schemas: Sides::default(),
        context: NOWHERE,
        keyword,
        values,
    }
}
