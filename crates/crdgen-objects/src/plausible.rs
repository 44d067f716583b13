//! Plausible values by the name of a field, so that an example reads like documentation.

/// Texts for any string, the most telling first.
pub(crate) const TEXTS: [&str; 31] = [
    "example",
    "Example",
    "a",
    "1",
    "example.com",
    "example.com/example",
    "https://example.com",
    "2026-01-01T00:00:00Z",
    "2026-01-01",
    "1h",
    "10Gi",
    "100m",
    "1.0.0",
    "v1.0.0",
    "v1",
    "10.0.0.1",
    "10.0.0.0/24",
    "fd00::1",
    "fd00::/64",
    "user@example.com",
    "0 0 * * *",
    "5f0c1a3e-4d6b-4c8e-9a7f-2b1d3c5e7f90",
    "/example",
    "50%",
    "00:00:5e:00:53:01",
    "true",
    "TCP",
    "ZXhhbXBsZQ==",
    "{}",
    "8080",
    "*",
];

/// Returns a text with a format that servers check.
pub(crate) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format.replace('-', "").as_str() {
        "bsonobjectid" => "507f1f77bcf86cd799439011",
        "uri" => "https://example.com",
        "email" => "user@example.com",
        "hostname" => "example.com",
        "ipv4" | "ip" => "10.0.0.1",
        "ipv6" => "fd00::1",
        "cidr" => "10.0.0.0/24",
        "mac" => "00:00:5e:00:53:01",
        "uuid" | "uuid4" => "5f0c1a3e-4d6b-4c8e-9a7f-2b1d3c5e7f90",
        "uuid3" => "5f0c1a3e-4d6b-3c8e-9a7f-2b1d3c5e7f90",
        "uuid5" => "5f0c1a3e-4d6b-5c8e-9a7f-2b1d3c5e7f90",
        "isbn" | "isbn13" => "978-3-16-148410-0",
        "isbn10" => "3-16-148410-X",
        "creditcard" => "4111111111111111",
        "ssn" => "111-11-1111",
        "hexcolor" => "#336699",
        "rgbcolor" => "rgb(51,102,153)",
        "byte" => "ZXhhbXBsZQ==",
        "date" => "2026-01-01",
        "duration" => "30s",
        "datetime" => "2026-01-01T00:00:00Z",
        _ => return None,
    })
}

/// Endings of names in lower case, with a text for such a field. The first match counts.
const TEXTS_BY_ENDING: [(&[&str], &str); 26] = [
    (&["namespace", "namespaces"], "default"),
    (&["image"], "registry.example.com/app:1.0.0"),
    (&["imagepullpolicy", "pullpolicy"], "IfNotPresent"),
    (&["apiversion"], "v1"),
    (&["kind"], "ConfigMap"),
    (&["url", "uri", "endpoint", "issuer", "server"], "https://example.com"),
    (&["host", "hostname", "hosts", "hostnames", "domain", "fqdn", "dnsnames", "address"], "app.example.com"),
    (&["path", "mountpath", "dir", "directory"], "/var/lib/example"),
    (&["email"], "user@example.com"),
    (&["cidr", "cidrs", "subnet"], "10.0.0.0/24"),
    (&["clusterip", "podip", "loadbalancerip", "ips"], "10.0.0.1"),
    (&["cron", "schedule"], "0 3 * * *"),
    (&["timezone"], "Etc/UTC"),
    (&["timestamp", "time"], "2026-01-01T00:00:00Z"),
    (&["timeout", "interval", "duration", "period", "ttl", "delay", "retention"], "30s"),
    (&["cpu"], "500m"),
    (&["memory", "storage", "size", "capacity"], "1Gi"),
    (&["region"], "eu-central-1"),
    (&["protocol"], "TCP"),
    (&["version", "tag"], "1.0.0"),
    (&["uid"], "5f0c1a3e-4d6b-4c8e-9a7f-2b1d3c5e7f90"),
    (&["serviceaccountname", "serviceaccount"], "default"),
    (&["secretname", "secret"], "example-secret"),
    (&["configmapname", "configmap"], "example-config"),
    (&["command", "args"], "--help"),
    (&["message", "description"], "An example."),
];

/// Returns a text that fits the name of a field, if the name is a common one.
pub(crate) fn text(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let found = TEXTS_BY_ENDING.iter().find(|(endings, _)| endings.iter().any(|ending| name.ends_with(ending)));
    found.map(|(_, text)| *text)
}

/// Returns a number that fits the name of a field, if the name is a common one.
pub(crate) fn number(name: &str) -> Option<i64> {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    Some(match () {
        () if ends(&["port", "ports"]) => 8080,
        () if ends(&["replicas"]) => 3,
        () if ends(&["seconds"]) => 30,
        () if ends(&["minutes"]) => 5,
        () if ends(&["weight", "percent", "percentage"]) => 50,
        () if ends(&["mode"]) => 420,
        () if ends(&["user", "group"]) && name.starts_with("runas") => 1000,
        () if ends(&["limit"]) => 10,
        () => return None,
    })
}

/// Returns a key of the map that a field has.
pub(crate) fn key(name: &str) -> &'static str {
    match name.to_lowercase().as_str() {
        name if name.ends_with("labels") => "app.kubernetes.io/name",
        name if name.ends_with("annotations") => "example.com/note",
        name if name.ends_with("nodeselector") => "kubernetes.io/os",
        "limits" | "requests" | "capacity" | "allocatable" => "memory",
        _ => "example",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_format_has_the_format() {
        for format in [
            "bsonobjectid",
            "uri",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "cidr",
            "mac",
            "uuid",
            "uuid3",
            "uuid4",
            "uuid5",
            "isbn",
            "isbn10",
            "isbn13",
            "creditcard",
            "ssn",
            "hexcolor",
            "rgbcolor",
            "byte",
            "date",
            "duration",
            "date-time",
        ] {
            let text = of_format(format).expect(format);
            assert!(crdgen_cel::format::check(format).expect(format)(text), "{format}: {text}");
        }
    }

    #[test]
    fn the_end_of_a_name_counts() {
        assert_eq!(text("serviceNamespace"), Some("default"));
        assert_eq!(number("containerPort"), Some(8080));
        assert!(number("cpuPercentage").is_some_and(|percentage| (1..=100).contains(&percentage)));
        assert_eq!((text("flavour"), number("flavour")), (None, None));
    }
}
