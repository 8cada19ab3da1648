//! archgen compiles one system description into diagrams, runbooks, compose files and Terraform.

pub mod artifact;
pub mod catalog;
pub mod cli;
pub mod compile;
pub mod diag;
pub mod document;
pub mod layout;
pub mod mdbook;
pub mod model;
pub mod plan;
pub mod project;
pub mod render;
pub mod scene;
pub mod source;
pub mod target;
pub mod template;
pub mod view;
