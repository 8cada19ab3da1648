//! Which files a run is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::artifact::Artifact;

/// What a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// The target that made it.
    pub(super) target: String,
    /// Its environment, when it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) environment: Option<String>,
    /// The view that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) view: Option<String>,
    /// The format of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<String>,
}

impl From<&Artifact> for Origin {
    fn from(artifact: &Artifact) -> Self {
        Origin {
            target: artifact.target.to_string(),
            environment: artifact.environment.clone(),
            view: artifact.view.clone(),
            format: artifact.format.map(String::from),
        }
    }
}

/// Which files a run is about: `None` does not narrow. What is left out is neither written nor removed, and stays
/// in the lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// `--env`: files of these environments; what belongs to the whole system is left out.
    pub environments: Option<BTreeSet<String>>,
    /// `--only`: files of these targets.
    pub targets: Option<BTreeSet<String>>,
    /// `--view`: pictures of these views and nothing else.
    pub views: Option<BTreeSet<String>>,
    /// `--format`: pictures of these formats, and all that is no picture.
    pub formats: Option<BTreeSet<String>>,
}

impl Scope {
    /// Whether the run is about an artifact, so that a caller need not make what is left out.
    pub fn includes(&self, artifact: &Artifact) -> bool {
        self.covers(&Origin::from(artifact))
    }

    /// Whether the run is about a file.
    pub(super) fn covers(&self, origin: &Origin) -> bool {
        let among = |wanted: &Option<BTreeSet<String>>, value: Option<&String>, without: bool| match (
            wanted, value,
        ) {
            (None, _) => true,
            (Some(_), None) => without,
            (Some(wanted), Some(value)) => wanted.contains(value),
        };
        among(&self.targets, Some(&origin.target), false)
            && among(&self.environments, origin.environment.as_ref(), false)
            && among(&self.views, origin.view.as_ref(), false)
            && among(&self.formats, origin.format.as_ref(), true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_leaves_out_what_it_does_not_name() {
        let origin = |environment: Option<&str>, format: Option<&str>| Origin {
            target: "diagram".into(),
            environment: environment.map(String::from),
            view: None,
            format: format.map(String::from),
        };
        let only = |name: &str| Some(BTreeSet::from([name.to_string()]));
        let of_prod = Scope { environments: only("prod"), ..Scope::default() };
        assert!(of_prod.covers(&origin(Some("prod"), None)));
        assert!(!of_prod.covers(&origin(Some("dev"), None)));
        assert!(!of_prod.covers(&origin(None, None)));
        let svg = Scope { formats: only("svg"), ..Scope::default() };
        assert!(svg.covers(&origin(None, Some("svg"))) && svg.covers(&origin(None, None)));
        assert!(!svg.covers(&origin(None, Some("png"))));
        assert!(!Scope { targets: only("compose"), ..Scope::default() }.covers(&origin(None, None)));
        assert!(!Scope { views: only("overview"), ..Scope::default() }.covers(&origin(None, None)));
        assert!(Scope::default().covers(&origin(None, None)));
    }
}
