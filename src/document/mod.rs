//! `archgen.yaml` as written: text in, [`Document`] out.

pub mod format;
pub mod tree;
pub mod yaml;
