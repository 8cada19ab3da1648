//! Targets: each turns a model and its facts into artifacts, and says what it could not express.

pub mod attributes;
pub mod compose;
pub mod delivery;
pub mod diagram;
pub mod dockerfile;
pub mod export;
pub mod host;
pub mod index;
pub mod inject;
pub mod later;
mod markdown;
mod parts;
pub mod pipeline;
pub mod registry;
pub mod runbook;
mod secrets;
mod shell;
pub mod terraform;

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::catalog::Catalog;
use crate::diag::Diagnostics;
use crate::model::derive::Facts;
use crate::model::{Loss, Model};
use crate::template::messages::Messages;

/// What a target may read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The system in one environment.
    pub model: &'a Model,
    /// What follows from it.
    pub facts: &'a Facts,
    /// Kinds and forms.
    pub catalog: &'a Catalog,
    /// Sentences in the system's language.
    pub messages: &'a Messages,
    /// The author's own text templates by path (`runbook/environment.md`), which replace built-in ones.
    pub templates: &'a BTreeMap<String, String>,
    /// Long prose of the author by element id (`archgen.d/<id>.md`).
    pub prose: &'a BTreeMap<String, String>,
    /// Path from an environment's output folder back to the folder of `archgen.yaml`, such as `../..`.
    pub to_description: &'a str,
    /// The output folder as seen from the folder of `archgen.yaml`, such as `generated`.
    pub output_dir: &'a str,
    /// The format in which pages show pictures: `svg` where it is made, else `png`; `None` without pictures.
    pub picture_format: Option<&'a str>,
}

/// What a target made.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What the files cannot express, and why.
    pub losses: Vec<Loss>,
    /// What is wrong with the description or a template, as far as only this target can see it.
    pub diagnostics: Diagnostics,
}

/// Makes artifacts of one environment.
pub trait Target: Sync {
    /// The word for it in `--only` and in the lock.
    fn name(&self) -> &'static str;

    /// Makes all files of one environment; nothing, when the environment does not ask for this target.
    fn generate(&self, input: &Input) -> Output;
}
