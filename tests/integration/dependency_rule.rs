//! The dependency rule of `shared`: which room may use which, read from the modules' own paths.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use integration_tests::app::project;

/// Which rooms each room may use. `functions` puts all of them together.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("ports", &["domain"]),
    ("use_cases", &["domain", "ports"]),
    ("worker", &["domain", "ports"]),
    ("json", &[]),
    ("i18n", &["domain"]),
    ("mail", &["domain", "i18n", "ports"]),
    ("telemetry", &["domain", "ports"]),
    ("adapters", &["domain", "ports"]),
    ("http", &["domain", "i18n", "json", "ports", "use_cases"]),
    (
        "settings",
        &["adapters", "domain", "i18n", "json", "telemetry"],
    ),
    (
        "config",
        &[
            "adapters",
            "domain",
            "http",
            "i18n",
            "settings",
            "telemetry",
        ],
    ),
    (
        "functions",
        &[
            "adapters",
            "config",
            "domain",
            "http",
            "mail",
            "ports",
            "telemetry",
            "use_cases",
            "worker",
        ],
    ),
];

/// Rooms that know neither AWS nor HTTP, and what crates of these begin with.
const CORE: [&str; 4] = ["domain", "ports", "use_cases", "worker"];
const OUTSIDE: [&str; 6] = [
    "aws_",
    "lambda_",
    "http::",
    "hyper",
    "serde_dynamo",
    "tracing_subscriber",
];

/// Folders with crates of their own.
const CRATES: [&str; 4] = ["shared", "functions", "infra", "tests"];

/// A module: its path below `shared/src`, and what it is without its tests.
struct Module {
    path: Vec<String>,
    text: String,
}

#[test]
fn every_arrow_between_rooms_points_inward() {
    let allowed = BTreeMap::from(ALLOWED);
    let mut wrong = Vec::new();
    for module in modules() {
        let room = module.path.first().cloned().unwrap_or_default();
        let Some(may) = allowed.get(room.as_str()) else {
            // The crate's root names the rooms.
            assert!(room.is_empty(), "no rule for {room}");
            continue;
        };
        for used in module.uses() {
            let to = used.first().cloned().unwrap_or_default();
            if to != room && !may.contains(&to.as_str()) {
                wrong.push(format!(
                    "{} uses {}",
                    module.path.join("::"),
                    used.join("::")
                ));
            }
        }
        let outside = OUTSIDE.iter().find(|it| module.names(it));
        if let Some(outside) = outside.filter(|_| CORE.contains(&room.as_str())) {
            wrong.push(format!("{} uses {outside}", module.path.join("::")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_modules_of_http_use_each_other_in_a_circle() {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in modules() {
        let [http, from, ..] = module.path.as_slice() else {
            continue;
        };
        if http != "http" {
            continue;
        }
        let uses = module.uses().into_iter().filter(|used| used[0] == *http);
        let to = uses
            .filter_map(|used| used.get(1).cloned())
            .filter(|to| to != from);
        arrows.entry(from.clone()).or_default().extend(to);
    }
    let modules: BTreeSet<_> = arrows.keys().cloned().collect();
    let used: BTreeSet<_> = arrows.values().flatten().cloned().collect();
    assert!(
        used.is_subset(&modules),
        "a name of http's own that is no module hides an arrow"
    );
    // What uses nothing that is left is in no circle.
    while let Some(inner) = arrows
        .iter()
        .find(|(_, to)| to.is_empty())
        .map(|(it, _)| it.clone())
    {
        arrows.remove(&inner);
        for to in arrows.values_mut() {
            to.remove(&inner);
        }
    }
    assert!(arrows.is_empty(), "a circle is among these: {arrows:#?}");
}

#[test]
fn mod_rs_holds_lists_and_re_exports_alone() {
    // What is declared in a file beside its folder would be read by nobody here.
    for file in sources(&project().join("shared/src")) {
        let folder = file.trim_end_matches(".rs");
        let is_beside = Path::new(folder).is_dir() && !folder.ends_with("/tests");
        assert!(!is_beside, "{file} is to be {folder}/mod.rs");
    }
    let is_list = |statement: &str| {
        let item = statement.trim_start().trim_start_matches("pub");
        // Behind the parentheses of a visibility, if it has them.
        let item = item.rsplit_once(") ").map_or(item, |(_, item)| item);
        let item = item.trim_start();
        let is_table = item.starts_with("const ") && item.contains("= &[");
        item.is_empty() || item.starts_with("mod ") || item.starts_with("use ") || is_table
    };
    let crates = CRATES.map(|it| sources(&project().join(it)));
    let lists = crates.iter().flatten().filter(|it| it.ends_with("/mod.rs"));
    let lists: Vec<_> = lists.collect();
    assert!(lists.len() > 20, "the sources are somewhere else");
    for path in lists {
        let text = fs::read_to_string(path).expect("a source file");
        let code = text
            .lines()
            .filter(|line| !line.starts_with("//") && !line.starts_with("#["));
        let code = code.collect::<Vec<_>>().join("\n");
        assert!(code.split(';').all(is_list), "{path} holds more than lists");
    }
}

impl Module {
    /// The paths within the crate that it names, from the crate's root on.
    fn uses(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for (start, root) in [("crate::", Vec::new()), ("super::", self.path.clone())] {
            for (at, _) in self.text.match_indices(start) {
                let before = self.text[..at].chars().next_back();
                let is_part = before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c));
                if is_part {
                    continue;
                }
                let mut root = root.clone();
                let mut rest = &self.text[at..];
                while let Some(above) = rest.strip_prefix("super::") {
                    root.pop();
                    rest = above;
                }
                let rest = rest.strip_prefix("crate::").unwrap_or(rest);
                found.extend(
                    branches(rest)
                        .into_iter()
                        .map(|path| [root.clone(), path].concat()),
                );
            }
        }
        found
    }

    /// Whether a path begins with this.
    fn names(&self, start: &str) -> bool {
        self.text.match_indices(start).any(|(at, _)| {
            let before = self.text[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    }
}

/// A source file without the items at its margin that are for tests alone. Such an item ends where
/// rustfmt puts its end: at the next line that begins with a brace, or at once with a semicolon.
fn without_tests(source: &str) -> String {
    let mut lines = source.lines();
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let mut item = lines.by_ref().skip_while(|line| line.starts_with("#["));
            if item.next().is_some_and(|line| !line.ends_with(';')) {
                item.find(|line| line.starts_with('}'));
            }
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The paths that a text begins with: one, or those of a group in braces.
fn branches(text: &str) -> Vec<Vec<String>> {
    let Some(group) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
        let path = &text[..end.unwrap_or(text.len())];
        return vec![
            path.split("::")
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
        ];
    };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.extend(branches(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Every module of `shared` that is not a test.
fn modules() -> Vec<Module> {
    let root = project().join("shared/src");
    let files = sources(&root);
    let root = root.display().to_string();
    let module = |file: String| {
        let path = file.strip_prefix(&root)?.strip_suffix(".rs")?;
        let mut path: Vec<_> = path
            .split('/')
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        if path.iter().any(|it| it == "tests") {
            return None;
        }
        path.retain(|it| it != "mod" && it != "lib");
        let text = fs::read_to_string(&file).expect("a source file");
        Some(Module {
            path,
            text: without_tests(&text),
        })
    };
    let modules: Vec<_> = files.into_iter().filter_map(module).collect();
    assert!(modules.len() > 100, "the sources are somewhere else");
    modules
}

/// The Rust files in a folder, without what builds and tools leave there.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "target" && name != "node_modules" {
                sources(&path)
            } else if path.extension().is_some_and(|it| it == "rs") {
                vec![path.display().to_string()]
            } else {
                Vec::new()
            }
        })
        .collect()
}
