//! Terraform.
pub mod hcl;
