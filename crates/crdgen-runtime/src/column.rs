//! Columns of a table of objects.

/// One of `additionalPrinterColumns`: what `kubectl get` shows beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub name: &'static str,
    /// `integer`, `number`, `string`, `boolean` or `date`.
    pub type_: &'static str,
    /// How to show it, for example `byte` or `password`.
    pub format: Option<&'static str>,
    /// What it shows.
    pub description: Option<&'static str>,
    /// The JSON path of the value in the object.
    pub json_path: &'static str,
    /// Columns above 0 are for wide tables.
    pub priority: i64,
}
