//! `.env.example`: every variable with what it is and where its value is found. Secrets stay empty.

use crate::target::Input;

use super::words::Variable;

/// The text of the file, under the sentences of a key.
pub(super) fn text(input: &Input, key: &str, variables: &[Variable]) -> String {
    let mut out = String::new();
    for line in input.messages.say(key, &[]).lines() {
        comment(line, &mut out);
    }
    for variable in variables {
        out.push('\n');
        for text in &variable.about {
            text.lines().for_each(|line| comment(line, &mut out));
        }
        let value = variable.default.as_deref().unwrap_or_default();
        out.push_str(&format!("{}={value}\n", variable.name));
    }
    out
}

fn comment(line: &str, out: &mut String) {
    out.push_str("# ");
    out.push_str(line.trim_end());
    out.push('\n');
}
