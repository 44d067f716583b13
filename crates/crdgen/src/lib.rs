//! The pipeline behind the command line: read, lower, emit, write.

pub mod pipeline;
