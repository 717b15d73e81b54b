use std::fmt::Write as _;

use shared::http::{Route, routes};

/// The line below which the template has a function's routes, down to the next empty line.
const MARK: &str = "        # Made of shared/src/http/dialects by `make settings-documents`.";

pub(crate) fn with_routes(template: &str) -> String {
    let mut text = String::new();
    let mut function = "";
    let mut is_old = false;
    for line in template.lines() {
        is_old = is_old && !line.is_empty();
        if is_old {
            continue;
        }
        let _ = writeln!(text, "{line}");
        if let Some(name) = line.trim().strip_prefix("CodeUri: functions/") {
            function = name;
        }
        if line == MARK {
            is_old = true;
            let its = routes().filter(|route| <&str>::from(route.function) == function);
            text.extend(its.map(event));
        }
    }
    text
}

/// An event of a function. Its name is part of the name of the permission that SAM makes of it.
fn event(route: &Route) -> String {
    let Route { method, path, .. } = route;
    let words = path.split(|c: char| !c.is_alphanumeric());
    let name: String = [method.to_lowercase().as_str()]
        .into_iter()
        .chain(words)
        .map(capitalised)
        .collect();
    // The template's lines are short enough to be read side by side.
    let end = if path.len() > 50 {
        "\n            "
    } else {
        " "
    };
    format!(
        "        {name}:\n          Type: HttpApi\n          \
         Properties:{end}{{ApiId: !Ref HttpApi, Method: {method}, Path: \"{path}\"}}\n"
    )
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
