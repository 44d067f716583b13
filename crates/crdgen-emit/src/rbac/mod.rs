//! RBAC: roles with exactly the verbs that the API uses.
//!
//! A service uses its own rights, or those of its callers. With its own rights there is one role, for the
//! service. With the rights of callers the service gets the right to act for them, and the verbs of the API
//! are a role to bind to callers. A service that asks the API server who its callers are gets the right to ask.

mod options;
mod role;

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, Scope};

pub use self::options::{Callers, Options, Reach};
use self::role::{Role, Rule};
use crate::api::{Api, Operation, Target, Verb};
use crate::{Error, Files, HEADER};

/// Writes `rbac.yaml`.
///
/// # Errors
///
/// Returns an error if a role cannot be serialized, which is a defect of crdgen.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let used = used(&Api::new(model), options.reach);
    let of_callers = || Role::new(options.reach, &format!("{}-caller", options.name), used.clone());
    let cluster = |name: &str, rules: Vec<Rule>| Role::new(Reach::Cluster, name, rules);
    let authenticate = || Rule::new("authentication.k8s.io", "tokenreviews", ["create"]);
    let roles = match options.callers {
        Callers::Service => vec![Role::new(options.reach, &options.name, used)],
        Callers::Reviewed => {
            let authorize = Rule::new("authorization.k8s.io", "subjectaccessreviews", ["create"]);
            let reviews = vec![authenticate(), authorize];
            // Reviews are cluster-scoped, even if the reviewed kinds are not.
            let name = format!("{}-reviews", options.name);
            vec![Role::new(options.reach, &options.name, used), cluster(&name, reviews)]
        }
        Callers::Impersonated => {
            let impersonate = ["groups", "users"].map(|who| Rule::new("", who, ["impersonate"]));
            let own = impersonate.into_iter().chain([authenticate()]).collect();
            vec![cluster(&options.name, own), of_callers()]
        }
        Callers::PassedThrough => vec![of_callers()],
    };
    let mut text = format!("# {HEADER}\n");
    for role in roles {
        text.push_str("---\n");
        text.push_str(&role.yaml()?);
    }
    Ok(Files::from([("rbac.yaml".to_owned(), text)]))
}

/// Returns the verbs that the operations use, by group and resource.
fn used(api: &Api<'_>, reach: Reach) -> Vec<Rule> {
    let mut verbs: BTreeMap<(&str, String), BTreeSet<&'static str>> = BTreeMap::new();
    for operation in &api.operations {
        let resource = api.resource(operation.resource);
        if reach == Reach::Namespace && (resource.scope == Scope::Cluster || operation.target == Target::AllNamespaces)
        {
            continue;
        }
        let (below, verb) = access(operation);
        let used = verbs.entry((&resource.group, format!("{}{below}", resource.plural))).or_default();
        used.insert(verb);
        // An apply that may not create first reads the object, to see whether it exists.
        if operation.verb == Verb::Patch && operation.target == Target::Object {
            used.insert("get");
        }
    }
    verbs.into_iter().map(|((group, resource), verbs)| Rule::new(group, &resource, verbs)).collect()
}

/// Returns the subresource and the verb of an operation. A status is read with its object.
fn access(operation: &Operation) -> (&'static str, &'static str) {
    let verb = match operation.verb {
        Verb::Replace => "update",
        Verb::DeleteCollection => "deletecollection",
        verb => verb.word(),
    };
    let below = match operation.target {
        Target::Status if operation.verb != Verb::Get => "/status",
        Target::Scale => "/scale",
        Target::Status | Target::Collection | Target::AllNamespaces | Target::Object => "",
    };
    (below, verb)
}

#[cfg(test)]
mod tests;
