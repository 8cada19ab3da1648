//! `archgen.yaml` as written: text in, [`Document`] out.

pub mod tree;
pub mod yaml;
