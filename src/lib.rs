//! archgen compiles one system description into diagrams, runbooks, compose files and Terraform.

pub mod artifact;
pub mod diag;
pub mod document;
pub mod layout;
pub mod project;
pub mod source;
