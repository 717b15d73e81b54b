use serde_json::Value;

use super::Document;
use super::node::Node;

impl Document {
    /// Checks every example against the schema beside it; gives the number of examples.
    ///
    /// # Errors
    ///
    /// What is wrong, and which content has no example.
    pub fn check_examples(&self) -> Result<usize, Vec<String>> {
        let mut found = Found::default();
        let root = Node::at(&self.root, "#").expect("the document itself");
        self.visit(&root, &mut found);
        if found.problems.is_empty() {
            Ok(found.examples)
        } else {
            Err(found.problems)
        }
    }

    fn visit(&self, node: &Node<'_>, found: &mut Found) {
        if node.value.get("schema").is_some() {
            self.check_examples_of(node, found);
            return;
        }
        let own = |key: &str| node.value[key].get("$ref").is_none();
        for (_, child) in node.entries().filter(|(key, _)| own(key)) {
            self.visit(&child, found);
        }
    }

    /// Checks the examples of a media type, parameter or header.
    fn check_examples_of(&self, owner: &Node<'_>, found: &mut Found) {
        let examples = examples(owner);
        if examples.is_empty() && owner.pointer.contains("/content/") {
            found
                .problems
                .push(format!("{} has no example", owner.pointer));
        }
        for example in examples {
            found.examples += 1;
            if let Err(problem) = self.validate(owner, example) {
                found.problems.push(format!("{}: {problem}", owner.pointer));
            }
        }
    }
}

#[derive(Default)]
struct Found {
    examples: usize,
    problems: Vec<String>,
}

fn examples<'a>(owner: &Node<'a>) -> Vec<&'a Value> {
    let named = owner.child("examples");
    let named = named.iter().flat_map(Node::entries);
    let named = named.filter_map(|(_, example)| example.value.get("value"));
    owner
        .value
        .get("example")
        .into_iter()
        .chain(named)
        .collect()
}
