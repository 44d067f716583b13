//! Names that no type of a CRD gets.

/// Names of Kubernetes' types that every HTTP API of custom resources uses, and of the runtime's types. Emitters define
/// these types beside the model's types, so their names must not depend on the CRDs.
pub const RESERVED: [&str; 20] = [
    "IntOrString",
    "IntOrStringOrNull",
    "ListMeta",
    "ObjectMeta",
    "ObjectMetaInput",
    "OwnerReference",
    "Permission",
    "PermissionVerb",
    "Permissions",
    "Problem",
    "ProblemCause",
    "ProblemReason",
    "Scale",
    "ScaleInput",
    "ScaleSpec",
    "ScaleStatus",
    "Status",
    "StatusDetails",
    "WatchEventType",
    "WatchedObject",
];
