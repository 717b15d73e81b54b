use serde_json::Value;

/// A place in the document, with the pointer that leads to it.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    root: &'a Value,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// The place that a pointer in a fragment leads to.
    pub(super) fn at(root: &'a Value, pointer: &str) -> Option<Self> {
        Some(Self {
            root,
            pointer: pointer.to_owned(),
            value: root.pointer(pointer.strip_prefix('#')?)?,
        })
    }

    /// What stands under a key, or what the reference there leads to.
    pub(super) fn child(&self, key: &str) -> Option<Self> {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        let child = Self {
            root: self.root,
            pointer: format!("{}/{escaped}", self.pointer),
            value: self.value.get(key)?,
        };
        match child.value.get("$ref").and_then(Value::as_str) {
            Some(pointer) => Self::at(self.root, pointer),
            None => Some(child),
        }
    }

    /// All that stands here, by its key.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + '_ {
        let object = self.value.as_object().into_iter().flatten();
        object.filter_map(|(key, _)| Some((key.as_str(), self.child(key)?)))
    }
}
