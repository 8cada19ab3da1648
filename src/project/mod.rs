//! Everything between generated artifacts and the disk.
//!
//! Nothing is lost: a file that archgen did not write, or that was edited since, is neither overwritten nor removed
//! unless the caller says so; [`plan`] finds all of them before [`apply()`] writes the first byte. Nothing is half
//! written: see [`apply`](mod@apply). [`check()`] says the same without writing, and [`read`] finds what a user wrote.
//!
//! The rest of the compiler works in memory. Only this module knows that there is a disk, and only [`disk`] asks it.

pub mod apply;
pub mod check;
pub mod disk;
pub mod failure;
mod inspect;
mod keep;
mod lines;
mod lock;
mod names;
mod place;
mod plan;
pub mod read;
mod scope;
mod single;
mod stamp;
mod texts;

pub use apply::apply;
pub use check::{Difference, Drift, State, check};
pub use disk::{Disk, Entry, RealDisk};
pub use failure::{DiskFailure, Failure, Trouble};
pub use keep::KeepFault;
pub use lines::difference;
pub use lock::LockFault;
pub use place::{LOCK_NAME, Place};
pub use plan::{Action, Plan, Settings, Step, plan};
pub use scope::Scope;
pub use single::{create, replace};
pub use stamp::{NOTICE, hex as digest, stamp};
pub use texts::read_texts;

/// What a run is about to write, in the output folder; it outlives only a run that failed or was killed.
pub const PENDING_NAME: &str = "archgen.lock.pending";

/// Held by the run that writes to the output folder.
pub const BUSY_NAME: &str = "archgen.lock.busy";
