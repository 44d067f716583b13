//! Names that no type of a CRD gets.

/// Kubernetes' own types that every HTTP API of custom resources speaks, and the runtime's. Emitters define them beside
/// the model's types, so that they are called the same whatever the CRDs hold.
pub const RESERVED: [&str; 17] = [
    "IntOrString",
    "IntOrStringOrNull",
    "ListMeta",
    "ObjectMeta",
    "ObjectMetaInput",
    "OwnerReference",
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
