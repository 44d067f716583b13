//! Behaviour of whole texts; scalars have their own tests.
