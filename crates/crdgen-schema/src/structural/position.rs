//! Positions of schema nodes, on which the checks depend.

/// Position of a schema node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Schema of the whole object.
    Root,
    /// Schema of `items`.
    Item,
    /// Schema in `properties` or `additionalProperties`.
    Field,
}

/// Region of a schema: less is allowed in the metadata of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// Below `metadata`, `apiVersion` or `kind` of the root.
    RootMeta,
    /// Below `metadata`, `apiVersion` or `kind` of an embedded object.
    EmbeddedMeta,
    /// Any other node.
    Ordinary,
}
