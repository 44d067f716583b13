//! The operation that tells callers their permissions. It belongs to no kind.

use super::Api;

/// Operation id. No operation of a kind begins with `read`.
pub const ID: &str = "readPermissions";
/// Path of the operation, without a slash.
pub const PATH: &str = "permissions";
/// First sentence of the docs.
pub const SUMMARY: &str = "Read the permissions of the caller";
/// Further docs, in Markdown.
pub const DETAILS: &str = "The answer has the verbs that the caller may run on each kind, in one namespace or, without \
                           `namespace`, in all namespaces. User interfaces hide the actions that a caller may not run.";

impl Api<'_> {
    /// Returns whether the API has the operation.
    pub fn has_permissions(&self) -> bool {
        self.model.permissions && !self.operations.is_empty()
    }

    /// Returns the resources of the API as roles name them, each once and in the order of the operations, for example
    /// `boats` and `boats/status`.
    pub fn permission_resources(&self) -> Vec<String> {
        let mut resources = Vec::new();
        for operation in &self.operations {
            let plural = &self.resource(operation.resource).plural;
            let resource = match operation.target {
                super::Target::Status => format!("{plural}/status"),
                super::Target::Scale => format!("{plural}/scale"),
                _ => plural.clone(),
            };
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        resources
    }
}
