//! What a message asks for.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};

/// The names of a message's values; `None` in it when it refers to anything but values, such as
/// another message, a function or an escaped character.
pub(super) type Variables<'a> = BTreeSet<Option<&'a str>>;

/// The messages of a catalogue, with the values that each asks for. `None` when something in it
/// cannot be read, or a message stands there twice.
pub(super) fn messages(source: &str) -> Option<BTreeMap<&str, Variables<'_>>> {
    let resource = fluent_syntax::parser::parse(source).ok()?;
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let twice = messages.insert(message.id.name, variables(message));
                if twice.is_some() {
                    return None;
                }
            }
            Entry::Term(_) | Entry::Junk { .. } => return None,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    Some(messages)
}

fn variables<'a>(message: &Message<&'a str>) -> Variables<'a> {
    let mut found = Variables::new();
    if !message.attributes.is_empty() {
        found.insert(None);
    }
    if let Some(pattern) = &message.value {
        in_pattern(pattern, &mut found);
    }
    found
}

fn in_pattern<'a>(pattern: &Pattern<&'a str>, found: &mut Variables<'a>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression<'a>(expression: &Expression<&'a str>, found: &mut Variables<'a>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, found),
        Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline<'a>(inline: &InlineExpression<&'a str>, found: &mut Variables<'a>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(Some(id.name));
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        // An escape could stand for any character.
        InlineExpression::StringLiteral { value } if value.contains('\\') => {
            found.insert(None);
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => {
            found.insert(None);
        }
    }
}
