//! JSON Schema of the rows of `crdgen diff --format json`.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use super::json::Row;

/// A finding of `crdgen diff`.
#[derive(JsonSchema)]
#[schemars(rename = "Finding")]
#[expect(dead_code, reason = "only the schema is made")]
struct DiffRow {
    #[serde(flatten)]
    row: Row<'static>,
    /// Name of the CRD. Absent for findings about objects, approvals, generated code and files.
    crd: Option<String>,
    /// Version of the CRD; null for a change of the CRD as a whole.
    version: Option<String>,
    /// Side that writes the field.
    direction: Option<Direction>,
    /// Keyword that changed, for example `maxLength`.
    keyword: Option<String>,
    /// Value of the keyword before the change; null if it was absent.
    #[serde(default)]
    old: Json,
    /// Value of the keyword after the change; null if it is absent.
    #[serde(default)]
    new: Json,
    /// Verdicts on the change.
    verdicts: Option<Verdicts>,
    /// Reason why the verdicts differ from those of the rule; null if they do not.
    reason: Option<String>,
    /// Object that shows that the change breaks objects.
    witness: Option<Witness>,
    /// Reason why no object was found that the change breaks.
    unproven: Option<String>,
    /// Change of the version of generated code that the finding `diff::generated` requires.
    bump: Option<Bump>,
    /// Changes of generated code, in the finding `diff::generated`.
    changes: Option<Vec<Change>>,
    /// Reasons for refusing every update of an object, in the finding `diff::object`.
    unchanged: Option<Vec<String>>,
    /// Reasons for refusing an update that changes an invalid value, in the finding `diff::object`.
    changed: Option<Vec<String>>,
    /// Places of fields that an object loses, in the finding `diff::object`.
    lost: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is made")]
enum Direction {
    /// Users write the field.
    Spec,
    /// A controller writes the field through the status subresource.
    Status,
}

/// Verdicts on a change, for four parties.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is made")]
struct Verdicts {
    /// Programs and people who write objects.
    writer: Verdict,
    /// Clients with types of the old schema.
    reader: Verdict,
    /// Stored objects.
    stored: Verdict,
    /// Programs with generated code.
    source: Verdict,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is made")]
enum Verdict {
    /// Nothing breaks.
    Safe,
    /// Nothing is refused or lost, but the behaviour changes.
    Notice,
    /// A stored value that is no longer valid stays until somebody changes it.
    Ratcheted,
    /// Something is refused or lost, or does not compile.
    Breaks,
}

/// Object that the old CRD accepts and the new one does not.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is made")]
struct Witness {
    /// Object that the old CRD accepts.
    object: serde_json::Map<String, Json>,
    /// Stored object that `object` replaces; null for a new object.
    before: Option<serde_json::Map<String, Json>>,
    /// Consequence under the new CRD.
    outcome: Outcome,
    /// Causes of the refusal, places of the lost fields, or the reason why requests fail.
    details: Vec<String>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is made")]
enum Outcome {
    /// A server refuses the object.
    Refused,
    /// A server drops or changes fields of the object.
    Loses,
    /// Requests for the object fail, whatever the object is.
    Gone,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is made")]
enum Bump {
    Major,
    Minor,
    Patch,
}

/// Change of a generated type or of a member of one.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is made")]
struct Change {
    /// Name, for example `BoatSpec.color`.
    name: String,
    /// Types before the change; null for an addition.
    old: Option<Written>,
    /// Types after the change; null for a removal.
    new: Option<Written>,
    /// Change of the version that is required.
    bump: Bump,
}

/// Type in generated code.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is made")]
struct Written {
    /// Type in Rust.
    rust: String,
    /// Type in TypeScript.
    typescript: String,
}

/// Returns the JSON Schema of a report of `crdgen diff`, in draft 2020-12.
pub fn diff_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Vec<DiffRow>>();
    let mut schema = Json::from(schema);
    schema["title"] = "Report of crdgen diff".into();
    schema["description"] = "Findings of `crdgen diff` with `--format json`.".into();
    format!("{schema:#}\n")
}
