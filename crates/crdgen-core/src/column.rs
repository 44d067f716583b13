//! Printer columns of a kind.

/// Printer column (`additionalPrinterColumns` in the CRD). `kubectl get` shows it beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading of the column.
    pub name: &'static str,
    /// Type of the value: `integer`, `number`, `string`, `boolean` or `date`.
    pub type_: &'static str,
    /// Format in which to show the value, for example `byte` or `password`.
    pub format: Option<&'static str>,
    /// Description of the column.
    pub description: Option<&'static str>,
    /// JSON path of the value in the object.
    pub json_path: &'static str,
    /// Priority. Columns with a priority above 0 are shown only in wide output (`kubectl get -o wide`).
    pub priority: i64,
}
