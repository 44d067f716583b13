//! Ranges of sizes. Sums and products that are too large are the largest number.

/// Smallest and largest possible size of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: u64,
    pub(super) max: u64,
}

impl Range {
    pub(super) const UNKNOWN: Self = Self { min: 0, max: u64::MAX };

    pub(super) fn exactly(size: u64) -> Self {
        Self { min: size, max: size }
    }

    /// Returns the range of the sizes of a literal's elements, before any element is known.
    pub(super) fn of_elements(count: usize) -> Self {
        Self { min: if count == 0 { 0 } else { u64::MAX }, max: 0 }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    pub(super) fn add(self, other: Self) -> Self {
        Self { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    pub(super) fn multiply(self, other: Self) -> Self {
        Self { min: self.min.saturating_mul(other.min), max: self.max.saturating_mul(other.max) }
    }
}

/// Multiplies a size by a factor and rounds up.
pub(super) fn scaled(size: u64, factor: f64) -> u64 {
    // A conversion of a float to an integer saturates.
    (size as f64 * factor).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_saturate() {
        assert_eq!(scaled(u64::MAX, 2.0), u64::MAX);
        assert_eq!(scaled(11, 0.1), 2);
        assert_eq!(Range::UNKNOWN.multiply(Range::exactly(2)), Range::UNKNOWN);
    }
}
