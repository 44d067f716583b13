//! Obstacles to a verdict.

/// Kind of obstacle to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Evaluation costs more than a write may cost. A server with the same budget refuses the object. The cost counted
    /// here is slightly higher than a server's.
    BudgetSpent,
    /// Evaluation needs something that only the server has, such as a function that is not known here.
    Unsupported,
}
