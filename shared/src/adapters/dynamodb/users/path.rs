use aws_sdk_dynamodb::types::AttributeValue;

use crate::adapters::dynamodb::items::Item;

/// Where an attribute stands in an item: its name, or the names from the outermost map inwards,
/// written with dots between them (`profile.email`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePath {
    names: Vec<String>,
}

impl AttributePath {
    /// The path with this text; `None` when a name in it is empty.
    pub fn parse(text: &str) -> Option<Self> {
        let names: Vec<_> = text.split('.').map(str::to_owned).collect();
        let complete = names.iter().all(|name| !name.trim().is_empty());
        complete.then_some(Self { names })
    }

    /// The names, from the outermost inwards; never none.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether one of the two is the other, or stands inside it.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.names
            .iter()
            .zip(&other.names)
            .all(|(one, other)| one == other)
    }

    /// What stands there in an item.
    pub fn of<'a>(&self, item: &'a Item) -> Option<&'a AttributeValue> {
        let (first, inner) = self.names.split_first()?;
        inner
            .iter()
            .try_fold(item.get(first)?, |value, name| value.as_m().ok()?.get(name))
    }

    /// The string that stands there.
    pub fn text(&self, item: &Item) -> Option<String> {
        self.of(item)?.as_s().ok().cloned()
    }

    /// The part of the path that has to be written for a value to stand at its end: the whole path
    /// where every map around it is there, else the path of the first map that is not.
    #[must_use]
    pub fn missing_in(&self, item: &Item) -> Self {
        let depth = (1..self.names.len())
            .find(|depth| {
                let outer = self.upto(*depth);
                matches!(outer.of(item), None | Some(AttributeValue::Null(_)))
            })
            .unwrap_or(self.names.len());
        self.upto(depth)
    }

    /// The outermost place around this one where something stands that is no map.
    pub fn blocked_in(&self, item: &Item) -> Option<Self> {
        let around = (1..self.names.len()).map(|depth| self.upto(depth));
        let mut around = around.filter(|outer| {
            let stored = outer.of(item);
            stored.is_some_and(|it| !it.is_m() && !it.is_null())
        });
        around.next()
    }

    /// The first `depth` names.
    fn upto(&self, depth: usize) -> Self {
        Self {
            names: self.names.iter().take(depth).cloned().collect(),
        }
    }

    /// `value` within the maps that this path has beyond `outer`.
    pub fn wrapped_beyond(&self, outer: &Self, value: AttributeValue) -> AttributeValue {
        self.names
            .iter()
            .skip(outer.names.len())
            .rev()
            .fold(value, |value, name| {
                AttributeValue::M(Item::from([(name.clone(), value)]))
            })
    }

    /// The path in an expression, with placeholders that begin with `alias`.
    pub(in crate::adapters::dynamodb) fn expression(&self, alias: &str) -> String {
        let aliases: Vec<_> = self.aliases(alias).map(|(alias, _)| alias).collect();
        format!("#{}", aliases.join(".#"))
    }

    /// Each placeholder of [`Self::expression`], without its `#`, and the name that it stands for.
    pub(in crate::adapters::dynamodb) fn aliases<'a>(
        &'a self,
        alias: &'a str,
    ) -> impl Iterator<Item = (String, &'a String)> {
        self.names
            .iter()
            .enumerate()
            .map(move |(depth, name)| (format!("{alias}_{depth}"), name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> AttributePath {
        AttributePath::parse(text).expect("a good path")
    }

    fn text(value: &str) -> AttributeValue {
        AttributeValue::S(value.to_owned())
    }

    fn item() -> Item {
        let profile = Item::from([("email".to_owned(), text("demo@example.com"))]);
        Item::from([
            ("id".to_owned(), text("1")),
            ("profile".to_owned(), AttributeValue::M(profile)),
        ])
    }

    #[test]
    fn what_stands_inside_is_found() {
        assert_eq!(path("id").text(&item()).as_deref(), Some("1"));
        let email = path("profile.email").text(&item());
        assert_eq!(email.as_deref(), Some("demo@example.com"));
        for nothing in [
            "profile",
            "profile.name",
            "id.email",
            "x.y",
            "profile.email.z",
        ] {
            assert_eq!(path(nothing).text(&item()), None, "{nothing}");
        }
    }

    #[test]
    fn a_path_has_no_empty_name() {
        for bad in ["", ".", "a.", ".a", "a..b", "a. .b"] {
            assert_eq!(AttributePath::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_first_map_that_is_missing_is_written_as_a_whole() {
        let whole = path("profile.secrets.password.hash");
        let missing = whole.missing_in(&item());
        assert_eq!(missing, path("profile.secrets"));
        let wrapped = whole.wrapped_beyond(&missing, text("x"));
        let inner = wrapped.as_m().expect("a map")["password"].as_m();
        assert_eq!(inner.expect("a map")["hash"], text("x"));
        let mut item = item();
        assert_eq!(path("profile.hash").missing_in(&item), path("profile.hash"));
        item.insert("profile".to_owned(), AttributeValue::Null(true));
        assert_eq!(path("profile.hash").missing_in(&item), path("profile"));
        assert_eq!(
            path("hash").wrapped_beyond(&path("hash"), text("x")),
            text("x")
        );
    }

    #[test]
    fn nothing_can_stand_in_what_is_no_map() {
        let mut item = item();
        assert_eq!(
            path("profile.email.x").blocked_in(&item),
            Some(path("profile.email"))
        );
        assert_eq!(path("id.x.y").blocked_in(&item), Some(path("id")));
        item.insert("none".to_owned(), AttributeValue::Null(true));
        for free in ["id", "profile.email", "profile.x.y", "x.y", "none.x"] {
            assert_eq!(path(free).blocked_in(&item), None, "{free}");
        }
    }

    #[test]
    fn paths_overlap_when_one_is_inside_the_other() {
        assert!(path("a.b").overlaps(&path("a")) && path("a").overlaps(&path("a.b.c")));
        assert!(!path("a.b").overlaps(&path("a.c")) && !path("b").overlaps(&path("a.b")));
    }

    #[test]
    fn an_expression_has_placeholders_only() {
        assert_eq!(path("profile.e#m").expression("email"), "#email_0.#email_1");
    }
}
