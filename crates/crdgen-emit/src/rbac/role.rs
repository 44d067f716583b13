//! A role as `rbac.authorization.k8s.io/v1` has it.

use serde::Serialize;

use super::Reach;
use crate::Error;

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

/// What may be done to which resources of a group.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    verbs: Vec<&'static str>,
}

/// Verbs in the order in which people write them.
const ORDER: [&str; 9] =
    ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate"];

impl Rule {
    /// Of one resource.
    pub fn new(group: &str, resource: &str, verbs: impl IntoIterator<Item = &'static str>) -> Self {
        let mut verbs: Vec<_> = verbs.into_iter().collect();
        verbs.sort_by_key(|verb| ORDER.iter().position(|known| known == verb));
        Self { api_groups: vec![group.to_owned()], resources: vec![resource.to_owned()], verbs }
    }

    /// Takes another one's resources in, if what may be done is the same.
    fn join(&mut self, other: &Self) -> bool {
        let same = self.api_groups == other.api_groups && self.verbs == other.verbs;
        if same {
            self.resources.extend(other.resources.iter().cloned());
        }
        same
    }
}

impl Role {
    /// With as few rules as say the same.
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

    /// The manifest.
    pub fn yaml(&self) -> Result<String, Error> {
        serde_yaml::to_string(self).map_err(|error| Error { target: "rbac", message: error.to_string() })
    }
}
