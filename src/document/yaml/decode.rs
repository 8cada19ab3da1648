//! Bytes of a file to text.

use crate::diag::{Diagnostic, Severity};

/// The text that UTF-8 bytes hold, without a byte order mark at the start.
///
/// # Errors
/// A diagnostic without a place (there is no text a place could lie in) that names the byte and the line.
pub fn decode(bytes: &[u8]) -> Result<String, Box<Diagnostic>> {
    let wide = match bytes {
        [0xFF, 0xFE, ..] => Some("UTF-16 (little endian)"),
        [0xFE, 0xFF, ..] => Some("UTF-16 (big endian)"),
        [0, 0, 0, _, ..] => Some("UTF-32"),
        [0, first, 0, _, ..] if *first != 0 => Some("UTF-16 (big endian)"),
        [first, 0, _, 0, ..] if *first != 0 => Some("UTF-16 (little endian)"),
        _ => None,
    };
    if let Some(wide) = wide {
        return Err(Box::new(
            Diagnostic::new(Severity::Error, "encoding", None, format!("the file is {wide}, not UTF-8"))
                .hint("save it as UTF-8 in your editor, or convert it with `iconv -f UTF-16 -t UTF-8`"),
        ));
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).map_or((bytes, 0), |rest| (rest, 3));
    let (bytes, skipped) = bytes;
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = format!(
                "the file is not UTF-8: byte {} (0x{:02X}), on line {line}, is part of no character",
                at + skipped + 1,
                bytes.get(at).copied().unwrap_or_default(),
            );
            Err(Box::new(Diagnostic::new(Severity::Error, "encoding", None, message).hint(
                "save it as UTF-8 in your editor, or convert it with `iconv -f WINDOWS-1252 -t UTF-8`",
            )))
        }
    }
}
