//! The names of what generates artifacts.

/// What generates artifacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetName {
    /// Pictures and runbooks only; nothing is deployed.
    Diagram,
    /// A compose file for each machine.
    Compose,
    /// A stack file for each swarm.
    Swarm,
    /// Terraform for the provider.
    Terraform,
    /// Kubernetes manifests.
    Kubernetes,
}

impl TargetName {
    /// All, in the order of the documentation.
    pub const ALL: [TargetName; 5] =
        [Self::Diagram, Self::Compose, Self::Swarm, Self::Terraform, Self::Kubernetes];

    /// The word in the description.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diagram => "diagram",
            Self::Compose => "compose",
            Self::Swarm => "swarm",
            Self::Terraform => "terraform",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The target with this word.
    pub fn parse(word: &str) -> Option<TargetName> {
        Self::ALL.into_iter().find(|target| target.name() == word)
    }
}
