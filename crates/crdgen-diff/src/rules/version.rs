//! Rules about the versions of a CRD.

use super::page;
use crate::rule::{Rule, rule};

pub(super) const RULES: [Rule; 10] = [
    rule("version-added", b"----", page::VERSIONS, "A version was added", "Clients can choose one more version."),
    rule(
        "version-removed",
        b"BBnB",
        page::VERSIONS,
        "A served version was removed",
        "Requests for the version are answered with 404, and manifests with its apiVersion are refused.",
    ),
    rule(
        "version-unserved",
        b"BBnB",
        page::VERSIONS,
        "A version is no longer served",
        "Requests for the version are answered with 404, and manifests with its apiVersion are refused.",
    ),
    rule(
        "version-re-served",
        b"----",
        page::VERSIONS,
        "A version is served again",
        "Clients can choose one more version.",
    ),
    rule(
        "stored-version-removed",
        b"--B-",
        page::STORED,
        "The version in which objects are stored was removed",
        "An API server refuses to remove a version that `status.storedVersions` lists. Objects must be rewritten in another version first.",
    ),
    rule(
        "storage-version-changed",
        b"--n-",
        page::STORED,
        "Objects are stored as another version",
        "Stored objects are converted when they are read. Without a conversion webhook, fields that the new storage version does not declare are lost.",
    ),
    rule(
        "version-deprecated",
        b"nn-n",
        page::VERSIONS,
        "A version was deprecated",
        "Every response for the version has a `Warning` header. The version is likely to be removed.",
    ),
    rule(
        "version-undeprecated",
        b"----",
        page::VERSIONS,
        "A version is no longer deprecated",
        "Responses for the version have no `Warning` header.",
    ),
    rule(
        "deprecation-warning-changed",
        b"----",
        page::VERSIONS,
        "The warning of a deprecated version changed",
        "Clients print another text.",
    ),
    rule(
        "served-versions-diverge",
        b"B-B-",
        page::VERSIONS,
        "A served version and the storage version have different schemas",
        "Without a conversion webhook, a field that only the served version declares is dropped when an object is \
         stored, and a stored value that only the storage version accepts cannot be written through the served version.",
    ),
];
