//! Conversions of values of one type into another.

/// A conversion of a value into another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// No conversion: the types are the same.
    Same,
    /// By `From`.
    Into,
    /// By `TryFrom`, whose error names the fields that have no place.
    TryInto,
    /// An enum as its text.
    Text,
    /// Each item of a list or value of a map.
    Each(Container, Box<Element>),
    /// By JSON, which succeeds if the JSON is a value of both types.
    Json,
}

/// A type that contains values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    List,
    Map,
}

/// Conversion of the items of a list or the values of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Conversion of a value.
    pub conversion: Conversion,
    /// Whether null is allowed, before and after the conversion.
    pub nullable: [bool; 2],
}

impl Conversion {
    /// Returns whether the conversion of a value may fail.
    pub fn may_fail(&self) -> bool {
        match self {
            Self::Same | Self::Into | Self::Text => false,
            Self::TryInto | Self::Json => true,
            Self::Each(_, element) => element.may_fail(),
        }
    }

    /// Returns whether the conversion uses an `impl` of its own.
    pub fn is_conversion(&self) -> bool {
        match self {
            Self::Into | Self::TryInto => true,
            Self::Same | Self::Text | Self::Json => false,
            Self::Each(_, element) => element.conversion.is_conversion(),
        }
    }
}

impl Element {
    /// Returns whether the conversion of an element may fail.
    pub fn may_fail(&self) -> bool {
        self.conversion.may_fail() || self.nullable == [true, false]
    }
}
