//! A scene as SVG, and that SVG as PNG.

mod pattern;
mod png;
mod subset;
mod svg;

pub use png::{PngError, png, scale_to};
pub use subset::base64;
pub use svg::{digest, svg, svg_without_fonts};
