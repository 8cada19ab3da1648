//! archgen compiles one system description into diagrams, runbooks, compose files and Terraform.

pub mod diag;
pub mod document;
pub mod layout;
pub mod render;
pub mod scene;
pub mod source;
pub mod view;
