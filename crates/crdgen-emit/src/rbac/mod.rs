//! RBAC: roles with exactly the verbs that the API uses.
//!
//! A service uses its own rights, or those of its callers. With its own rights there is one role, for the
//! service. With the rights of callers the service gets the right to act for them, and the verbs of the API
//! are a role to bind to callers. A service that asks the API server who its callers are gets the right to ask.

mod role;

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, Scope};
use serde::{Deserialize, Serialize};

use self::role::{Role, Rule};
use crate::api::{Api, Operation, Target, Verb};
use crate::switch::switch;
use crate::{Error, Files, HEADER};

/// Options of the RBAC emitter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Name of the role. The names of further roles begin with it.
    pub name: String,
    /// Scope of the role.
    pub reach: Reach,
    /// Identity whose rights are used.
    pub callers: Callers,
}

/// Scope of a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Reach {
    /// The whole cluster: a ClusterRole.
    #[default]
    Cluster,
    /// A single namespace: a Role, without rules for cluster-scoped kinds and for lists over all namespaces.
    Namespace,
}

switch!(Reach, Cluster, Namespace);

/// Value of `rbac.callers`: identity whose rights are used on the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Callers {
    /// The service acts with its own rights.
    #[default]
    Service,
    /// The service acts with its own rights, after an access review of the caller.
    #[serde(rename = "review")]
    Reviewed,
    /// The service impersonates its callers.
    #[serde(rename = "impersonate")]
    Impersonated,
    /// The service passes on the tokens of its callers.
    #[serde(rename = "pass-through")]
    PassedThrough,
}

impl Default for Options {
    fn default() -> Self {
        Self { name: "crdgen-api".to_owned(), reach: Reach::default(), callers: Callers::default() }
    }
}

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
