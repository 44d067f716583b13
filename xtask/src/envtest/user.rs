//! Users of the API server, and their kubeconfig.

use std::path::Path;

use serde_json::json;

/// A user with a token.
pub struct User {
    pub name: &'static str,
    pub group: &'static str,
    /// Token of the user. It is not secret, because the API server listens only on 127.0.0.1 and ends with the tests.
    pub token: &'static str,
}

/// User with all permissions.
pub const ADMIN: User = User { name: "admin", group: "system:masters", token: "admin-token" };
/// User that may read everything and write nothing.
pub const VIEWER: User = User { name: "viewer", group: "viewers", token: "viewer-token" };
/// User without permissions.
pub const NOBODY: User = User { name: "nobody", group: "nobodies", token: "nobody-token" };

const ALL: [User; 3] = [ADMIN, VIEWER, NOBODY];

/// Returns the contents of `--token-auth-file`.
pub fn token_file() -> String {
    ALL.iter().map(|user| format!("{},{1},{1},{2}\n", user.token, user.name, user.group)).collect()
}

/// Returns a kubeconfig with a context for each user, named after the user. The first user's context is the current
/// one.
pub fn kubeconfig(server: &str, certificate: &Path) -> String {
    let cluster = json!({ "server": server, "certificate-authority": certificate });
    let users: Vec<_> = ALL.iter().map(|user| json!({ "name": user.name, "user": { "token": user.token } })).collect();
    let contexts: Vec<_> = ALL
        .iter()
        .map(|user| json!({ "name": user.name, "context": { "cluster": "envtest", "user": user.name } }))
        .collect();
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": "envtest", "cluster": cluster }],
        "users": users,
        "contexts": contexts,
        "current-context": ADMIN.name,
    });
    format!("{config:#}\n")
}

/// Returns the objects that let the viewer read, with the paths to post them to.
pub fn grants() -> [(&'static str, serde_json::Value); 2] {
    const RBAC: &str = "rbac.authorization.k8s.io";
    let api_version = format!("{RBAC}/v1");
    [
        (
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            json!({
                "apiVersion": api_version,
                "kind": "ClusterRole",
                "metadata": { "name": "envtest-viewer" },
                "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"] }],
            }),
        ),
        (
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            json!({
                "apiVersion": api_version,
                "kind": "ClusterRoleBinding",
                "metadata": { "name": "envtest-viewer" },
                "roleRef": { "apiGroup": RBAC, "kind": "ClusterRole", "name": "envtest-viewer" },
                "subjects": [{ "apiGroup": RBAC, "kind": "User", "name": VIEWER.name }],
            }),
        ),
    ]
}
