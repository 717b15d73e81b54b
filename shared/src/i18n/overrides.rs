//! The texts that an app has in place of the compiled-in ones.

use std::collections::BTreeMap;

use super::bundle::source;
use super::language::Language;
use super::variables::{Variables, messages};

/// Most opening braces in one text.
const MAX_BRACES: usize = 50;

/// The catalogue of an app's own texts, and what is wrong with them, each beginning with the id of
/// its message.
pub(super) fn read_overrides(texts: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let known = messages(source(Language::ENGLISH)).unwrap_or_default();
    let mut catalogue = String::new();
    let mut problems = Vec::new();
    for (id, text) in texts {
        // A line belongs to the message above when it is indented.
        let message = format!("{id} = {}\n", text.replace('\n', "\n    "));
        match check(&message, id, known.get(id.as_str())) {
            Ok(()) => catalogue += &message,
            Err(problem) => problems.push(format!("{id}: {problem}")),
        }
    }
    (catalogue, problems)
}

fn check(message: &str, id: &str, known: Option<&Variables<'_>>) -> Result<(), String> {
    let known = known.ok_or("no such message")?;
    if message.chars().any(|c| c.is_control() && c != '\n') {
        return Err("must not hold control characters".to_owned());
    }
    // Fluent reads braces within braces by recursion, and stops after a hundred values.
    if message.matches('{').count() > MAX_BRACES {
        return Err(format!("must not hold more than {MAX_BRACES} braces"));
    }
    let messages = messages(message).ok_or("not a pattern of Fluent's")?;
    let asked = messages.get(id).filter(|_| messages.len() == 1);
    let asked = asked.ok_or("not one pattern of Fluent's")?;
    match asked.iter().find(|value| !known.contains(value)) {
        None => Ok(()),
        Some(None) => Err("may refer to values only".to_owned()),
        Some(Some(value)) => Err(format!("there is no value ${value} here")),
    }
}
