//! A scene as SVG, and that SVG as PNG.

mod png;
mod svg;

pub use png::{PngError, png, scale_to};
pub use svg::svg;
