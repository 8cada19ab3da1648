//! How diagnostics are printed: human, short, json.
