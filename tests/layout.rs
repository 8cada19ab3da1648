//! The layout's promises, on systems of many shapes.

#[path = "layout/edits.rs"]
mod edits;
#[path = "layout/fuzz.rs"]
mod fuzz;
#[path = "layout/graphs.rs"]
mod graphs;
#[path = "layout/hints.rs"]
mod hints;
#[path = "layout/nasty.rs"]
mod nasty;
#[path = "layout/promises.rs"]
mod promises;
#[path = "layout/random.rs"]
mod random;
#[path = "layout/seeded.rs"]
mod seeded;
#[path = "layout/sketch.rs"]
mod sketch;
#[path = "layout/stability.rs"]
mod stability;
#[path = "layout/table.rs"]
mod table;
#[path = "layout/verifier.rs"]
mod verifier;
