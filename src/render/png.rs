//! Rasterises our own SVG, with the embedded fonts only.

use crate::view::font::{FAMILY, Weight, bytes};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::io::Write;
use std::sync::{Arc, OnceLock};

/// Why there is no PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PngError {
    /// The text is no SVG that can be drawn.
    Svg(String),
    /// Width and height in px are more than a picture may have, or nothing.
    Size(u32, u32),
    /// The picture could not be written.
    Encode(String),
}

impl std::fmt::Display for PngError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PngError::Svg(why) => write!(f, "the picture is no SVG that can be drawn: {why}"),
            PngError::Size(w, h) => write!(
                f,
                "a PNG of {w} x {h} px is too large (at most {LARGEST} px a side): \
                 choose a smaller scale, or split the view with `show` and `hide`"
            ),
            PngError::Encode(why) => write!(f, "the PNG could not be written: {why}"),
        }
    }
}

impl std::error::Error for PngError {}

/// No side of a PNG is longer.
const LARGEST: u32 = 16_384;

/// An SVG of [`super::svg()`] as PNG, `scale` px for each px of the SVG. Where colours are custom properties,
/// the light ones are taken. The same text gives the same bytes.
///
/// # Errors
/// When the text is no SVG or the picture gets too large.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let svg = without_properties(svg);
    let tree = Tree::from_str(&svg, options()).map_err(|error| PngError::Svg(error.to_string()))?;
    let side = |length: f32| (length * scale).ceil().clamp(0.0, 1e9) as u32;
    let (w, h) = (side(tree.size().width()), side(tree.size().height()));
    let too_large = w > LARGEST || h > LARGEST;
    let mut pixmap = Pixmap::new(w, h).filter(|_| !too_large).ok_or(PngError::Size(w, h))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    encode(&pixmap).map_err(|error| PngError::Encode(error.to_string()))
}

/// How many bytes of pixels are compressed at a time.
const BLOCK: usize = 1 << 17;

/// How many bytes a chunk of a file holds.
const CHUNK: usize = 1 << 16;

/// Pixels as a PNG. In a drawing with large areas of one colour a filter only hides the repetition: without one the file
/// is smaller, and takes a quarter of the time. Rows are compressed many at a time, since each call of the compressor
/// costs as much as some rows.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::new();
    // The page covers everything, so that no pixel is translucent; where one is all the same, its cover is kept.
    let opaque = pixmap.pixels().iter().all(|pixel| pixel.is_opaque());
    let mut encoder = png::Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(if opaque { png::ColorType::Rgb } else { png::ColorType::Rgba });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(4));
    let width = pixmap.width() as usize;
    let mut block: Vec<u8> = Vec::with_capacity(BLOCK + 1 + 4 * width);
    for pixels in pixmap.pixels().chunks(width) {
        // No filter.
        block.push(0);
        let start = block.len();
        block.resize(start + width * if opaque { 3 } else { 4 }, 0);
        if opaque {
            for (to, pixel) in block[start..].as_chunks_mut().0.iter_mut().zip(pixels) {
                *to = [pixel.red(), pixel.green(), pixel.blue()];
            }
        } else {
            for (to, pixel) in block[start..].as_chunks_mut().0.iter_mut().zip(pixels) {
                let colour = pixel.demultiply();
                *to = [colour.red(), colour.green(), colour.blue(), colour.alpha()];
            }
        }
        if block.len() >= BLOCK {
            packed.write_all(&block)?;
            block.clear();
        }
    }
    packed.write_all(&block)?;
    for chunk in packed.finish()?.chunks(CHUNK) {
        writer.write_chunk(png::chunk::IDAT, chunk)?;
    }
    writer.finish()?;
    Ok(out)
}

/// The scale at which an SVG of [`super::svg()`] is `width` pixels wide; 1 when it does not say its width.
pub fn scale_to(svg: &str, width: u32) -> f32 {
    let own = svg
        .split_once(" width=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .and_then(|(text, _)| text.parse::<f32>().ok());
    own.filter(|own| *own > 0.0).map_or(1.0, |own| width as f32 / own)
}

/// Fonts are read once in a process.
fn options() -> &'static Options<'static> {
    static OPTIONS: OnceLock<Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(bytes(Weight::Regular).to_vec());
        fonts.load_font_data(bytes(Weight::Bold).to_vec());
        fonts.set_sans_serif_family(FAMILY);
        Options { font_family: FAMILY.to_owned(), fontdb: Arc::new(fonts), ..Options::default() }
    })
}

/// Puts the light colours where the SVG refers to custom properties, which the rasteriser does not know.
fn without_properties(svg: &str) -> String {
    let Some((head, style)) = svg.split_once("<style>\n") else { return svg.to_owned() };
    let Some((style, body)) = style.split_once("</style>\n") else { return svg.to_owned() };
    let property = |line: &str| {
        let (name, value) = line.strip_prefix("--")?.strip_suffix(';')?.split_once(": ")?;
        Some((name.to_owned(), value.to_owned()))
    };
    let light = style.lines().take_while(|line| !line.starts_with("@media"));
    let light: std::collections::BTreeMap<String, String> = light.filter_map(property).collect();
    let mut out = head.to_owned();
    let mut parts = body.split("var(--");
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        match part.split_once(')') {
            Some((name, rest)) if light.contains_key(name) => {
                out.push_str(&light[name]);
                out.push_str(rest);
            }
            _ => {
                out.push_str("var(--");
                out.push_str(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::font::width;

    /// The box of a text as the rasteriser lays it out: advances, not ink.
    fn drawn(text: &str, size: i32, bold: bool) -> f64 {
        let weight = if bold { " font-weight=\"700\"" } else { "" };
        // Marks on both sides make the ink as wide as the advances between them.
        let ink = |inner: &str| {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"99\">\
                 <text y=\"50\" font-size=\"{size}\" font-family=\"'Noto Sans'\"{weight}>|{inner}|</text></svg>"
            );
            let tree = Tree::from_str(&svg, options()).unwrap();
            f64::from(tree.root().bounding_box().width())
        };
        ink(text) - ink("")
    }

    #[test]
    fn measured_is_drawn() {
        for text in [
            "Backend",
            "Fargate 0.5 vCPU",
            "ECS · 2–6 tasks",
            "AVATAR To We",
            "Añadir señal",
            "×12",
            "fi ffl",
        ] {
            for (size, bold) in [(12, false), (14, true), (22, true)] {
                let weight = if bold { Weight::Bold } else { Weight::Regular };
                let measured = f64::from(width(text, size, weight).0) / 64.0;
                let drawn = drawn(text, size, bold);
                assert!((measured - drawn).abs() < 1.0, "{text} {size}: measured {measured}, drawn {drawn}");
            }
        }
    }

    #[test]
    fn light_colours_replace_properties() {
        let svg = "<svg>\n<style>\n#a {\n--ink: #111111;\n}\n@media (prefers-color-scheme: dark) {\n#a {\n--ink: #eeeeee;\n}\n}\n</style>\n<rect fill=\"var(--ink)\" stroke=\"var(--x)\"/>";
        assert_eq!(without_properties(svg), "<svg>\n<rect fill=\"#111111\" stroke=\"var(--x)\"/>");
    }

    #[test]
    fn pixels_are_kept_translucent_or_not() {
        for fill in ["#336699", "#33669980"] {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"7\">\
                 <rect width=\"9\" height=\"7\" fill=\"{fill}\"/></svg>"
            );
            let tree = Tree::from_str(&svg, options()).unwrap();
            let mut pixmap = Pixmap::new(18, 14).unwrap();
            resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut pixmap.as_mut());
            let read = Pixmap::decode_png(&png(&svg, 2.0).unwrap()).unwrap();
            assert!(read.pixels() == pixmap.pixels(), "{fill}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        assert!(matches!(png("<html/>", 1.0), Err(PngError::Svg(_))));
        let wide = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90000\" height=\"9\"/>";
        assert_eq!(png(wide, 1.0), Err(PngError::Size(90000, 9)));
        assert!(matches!(png(wide, 0.0), Err(PngError::Size(..))));
    }
}
