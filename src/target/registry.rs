//! The targets, in the order in which they write.

use super::Target;

/// All targets that work on one environment.
pub static TARGETS: &[&dyn Target] = &[
    &super::runbook::Runbook,
    &super::compose::Compose,
    &super::compose::Swarm,
    &super::compose::Kubernetes,
    &super::host::Hosts,
    &super::terraform::Terraform,
];
