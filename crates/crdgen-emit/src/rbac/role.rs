//! A role in the format of `rbac.authorization.k8s.io/v1`.

use serde::Serialize;

use super::Reach;
use crate::{Error, Step};

/// A ClusterRole or a Role.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
}

/// Verbs that are allowed on resources of a group.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    verbs: Vec<&'static str>,
}

/// Verbs in their usual order.
const ORDER: [&str; 9] =
    ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate"];

impl Rule {
    /// Returns a rule for one resource.
    pub fn new(group: &str, resource: &str, verbs: impl IntoIterator<Item = &'static str>) -> Self {
        let mut verbs: Vec<_> = verbs.into_iter().collect();
        verbs.sort_by_key(|verb| ORDER.iter().position(|known| known == verb));
        Self { api_groups: vec![group.to_owned()], resources: vec![resource.to_owned()], verbs }
    }

    /// Adds the resources of another rule if group and verbs are equal. Returns whether they are.
    fn join(&mut self, other: &Self) -> bool {
        let same = self.api_groups == other.api_groups && self.verbs == other.verbs;
        if same {
            self.resources.extend(other.resources.iter().cloned());
        }
        same
    }
}

impl Role {
    /// Returns a role in which rules with equal groups and verbs are joined.
    pub fn new(reach: Reach, name: &str, rules: Vec<Rule>) -> Self {
        let mut fewer: Vec<Rule> = Vec::new();
        for rule in rules {
            if !fewer.iter_mut().any(|known| known.join(&rule)) {
                fewer.push(rule);
            }
        }
        let kind = match reach {
            Reach::Cluster => "ClusterRole",
            Reach::Namespace => "Role",
        };
        Self {
            api_version: "rbac.authorization.k8s.io/v1",
            kind,
            metadata: Metadata { name: name.to_owned() },
            rules: fewer,
        }
    }

    /// Returns the manifest as YAML.
    pub fn yaml(&self) -> Result<String, Error> {
        serde_yaml::to_string(self).map_err(|error| Error { target: Step::Rbac, message: error.to_string() })
    }
}
