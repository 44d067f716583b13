//! A generated client takes the place of this file.
