//! Certificates as in a busy cluster: nearly two thirds of each are `managedFields` and the annotation of `kubectl
//! apply`. They are equal in every run.

use serde_json::{Map, Value, json};

/// Annotation of `kubectl apply`.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Returns the name of a certificate.
pub fn name(index: usize) -> String {
    format!("app-{index:05}-tls")
}

/// Returns a certificate, with its keys in the order that an API server writes.
pub fn certificate(index: usize) -> Value {
    let (spec, status) = (spec(index), status(index));
    let team = format!("team-{}", index % 40);
    let mut metadata = json!({
        "annotations": {
            "argocd.argoproj.io/tracking-id": format!("{team}:cert-manager.io/Certificate:{}", name(index)),
            "meta.helm.sh/release-name": format!("app-{index}"),
        },
        "labels": {
            "app.kubernetes.io/instance": format!("app-{index}"), "app.kubernetes.io/managed-by": "Helm",
            "app.kubernetes.io/name": format!("app-{index}"), "helm.sh/chart": "app-1.24.3", "team": team,
        },
        "name": name(index),
        "namespace": team,
    });
    let head =
        |metadata: &Value| json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": metadata});
    let mut applied = head(&metadata);
    applied["spec"] = spec.clone();
    metadata["annotations"][LAST_APPLIED] = format!("{applied}\n").into();
    metadata["creationTimestamp"] = time(index).into();
    metadata["generation"] = (1 + index % 4).into();
    metadata["managedFields"] = managed_fields(&metadata, &spec, &status, index);
    metadata["resourceVersion"] = (1_000_000 + index * 13).to_string().into();
    metadata["uid"] = uid(index).into();
    metadata.sort_all_objects();
    let mut object = head(&metadata);
    object["spec"] = spec;
    object["status"] = status;
    object
}

fn spec(index: usize) -> Value {
    let (name, team) = (name(index), format!("team-{}", index % 40));
    let hosts = ["www", "api", "admin", "static", "grafana", "metrics"];
    let names: Vec<String> =
        hosts[..2 + index % 5].iter().map(|host| format!("{host}.{team}.svc-{index}.example.com")).collect();
    json!({
        "additionalOutputFormats": [{"type": "CombinedPEM"}],
        "commonName": names[0],
        "dnsNames": names,
        "duration": "2160h0m0s",
        "ipAddresses": [format!("10.{}.{}.1", index % 250, index / 250)],
        "isCA": false,
        "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": "letsencrypt-prod"},
        "keystores": {"pkcs12": {
            "create": true, "passwordSecretRef": {"key": "password", "name": format!("{name}-pw")}, "profile": "Modern2023"}},
        "privateKey": {"algorithm": "ECDSA", "encoding": "PKCS8", "rotationPolicy": "Always", "size": 256},
        "renewBefore": "360h0m0s",
        "revisionHistoryLimit": 3,
        "secretName": name,
        "secretTemplate": {
            "annotations": {
                "reflector.v1.k8s.emberstack.com/reflection-allowed": "true",
                "reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces": format!("{team},ingress-nginx")},
            "labels": {"team": team}},
        "subject": {
            "countries": ["JP"], "localities": ["Tokyo"], "organizationalUnits": [format!("Team {}", index % 40)],
            "organizations": ["Example Corp"]},
        "usages": ["digital signature", "key encipherment", "server auth", "client auth"],
    })
}

fn status(index: usize) -> Value {
    let is_ready = !index.is_multiple_of(20);
    let (status, reason) = if is_ready { ("True", "Ready") } else { ("False", "Pending") };
    let mut conditions = vec![json!({
        "lastTransitionTime": time(index), "message": "Certificate is up to date and has not expired",
        "observedGeneration": 1 + index % 4, "reason": reason, "status": status, "type": "Ready"})];
    if !is_ready {
        conditions.push(json!({
            "lastTransitionTime": time(index + 3), "message": "Issuing certificate as Secret does not exist",
            "observedGeneration": 1, "reason": "DoesNotExist", "status": "True", "type": "Issuing"}));
    }
    json!({
        "conditions": conditions, "notAfter": time(index + 3), "notBefore": time(index), "renewalTime": time(index + 2),
        "revision": 1 + index % 9})
}

/// Returns three entries of `managedFields`: by kubectl, by a controller, and by the writer of the status.
fn managed_fields(metadata: &Value, spec: &Value, status: &Value, index: usize) -> Value {
    let entry = |manager: &str, operation: &str, later: usize, fields: Value| {
        json!({
            "apiVersion": "cert-manager.io/v1", "fieldsType": "FieldsV1", "fieldsV1": fields, "manager": manager,
            "operation": operation, "time": time(index + later)})
    };
    let applied = json!({
        "f:metadata": {"f:annotations": owned(&metadata["annotations"]), "f:labels": owned(&metadata["labels"])},
        "f:spec": fields(spec)});
    let owners = json!({"f:metadata": {
        "f:finalizers": {".": {}, "v:\"chains.tekton.dev/pipelinerun\"": {}},
        "f:ownerReferences": {".": {}, format!("k:{{\"uid\":\"{}\"}}", uid(index + 1)): {}}}});
    let mut written = entry("cert-manager-certificates-issuing", "Update", 2, json!({"f:status": owned(status)}));
    written["subresource"] = "status".into();
    let by_kubectl = entry("kubectl-client-side-apply", "Update", 0, applied);
    json!([by_kubectl, entry("argocd-controller", "Apply", 1, owners), written])
}

/// Returns `fieldsV1` of a value that has an owner itself.
fn owned(value: &Value) -> Value {
    let mut owned = fields(value);
    owned["."] = json!({});
    owned.sort_all_objects();
    owned
}

/// Returns `fieldsV1` of the members of an object. Lists are atomic except conditions, which have the key `type`.
fn fields(value: &Value) -> Value {
    let Some(members) = value.as_object() else { return json!({}) };
    let field = |(key, value): (&String, &Value)| {
        let below = match value.as_array().filter(|_| key == "conditions") {
            Some(conditions) => {
                conditions.iter().map(|one| (format!("k:{}", json!({"type": one["type"]})), owned(one))).collect()
            }
            None => fields(value),
        };
        (format!("f:{key}"), below)
    };
    Value::Object(members.iter().map(field).collect::<Map<_, _>>())
}

fn time(index: usize) -> String {
    let (month, day) = (1 + index % 12, 1 + index % 28);
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", index % 24, index % 60, index * 7 % 60)
}

/// Returns a text in the form of a uid, different for each index.
fn uid(index: usize) -> String {
    let mixed = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (high, low) = (mixed >> 32, mixed & 0xFFFF_FFFF);
    format!("{high:08x}-{:04x}-4{:03x}-a{:03x}-{low:08x}{:04x}", low >> 16, low & 0xFFF, high & 0xFFF, index & 0xFFFF)
}
