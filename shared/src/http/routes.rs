//! What a method and a path lead to.

use super::dialects::{DIALECTS, Dialect, Route};
use super::operation::FunctionName;
use crate::domain::{LinkToken, PageUrls, WireFormat};

/// Every route of the service.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    DIALECTS.iter().flat_map(|(_, routes)| *routes)
}

/// What a method and a path lead to.
#[derive(Clone)]
pub(super) enum Matched {
    Route(&'static Route),
    /// The path exists, with other methods; this is one of its routes.
    OtherMethod(&'static Route),
    /// A page's link, with something in the place of the token that cannot be one.
    BrokenLink(&'static Route),
    /// The page that was meant is at this path.
    Page(String),
    /// The path is not routed; this dialect answers there.
    Nothing(&'static dyn Dialect),
}

/// Those whose answers people see in a browser.
fn pages() -> impl Iterator<Item = &'static Route> {
    routes().filter(|route| route.dialect.format() == WireFormat::Parakeet)
}

/// The route for a request that reached `function`. HEAD is GET without the body (RFC 9110,
/// section 9.3.2).
pub(super) fn find(function: FunctionName, method: &str, path: &str) -> Matched {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut here = routes().filter(|route| route.covers(path)).peekable();
    let Some(some) = here.peek().copied() else {
        return unrouted(method, path);
    };
    match here.find(|route| route.method == method) {
        Some(route) if route.function == function => Matched::Route(route),
        Some(_) => Matched::Nothing(DIALECTS[0].0),
        // A person who reloads the page behind a code has to enter it again.
        None if method == "GET" && path == PageUrls::PASSWORD_BY_CODE => {
            Matched::Page(PageUrls::CODE.to_owned())
        }
        None => Matched::OtherMethod(some),
    }
}

/// What a path that is not routed was meant to be.
fn unrouted(method: &str, path: &str) -> Matched {
    let is_page = |page: &str| pages().any(|route| route.method == "GET" && route.covers(page));
    let meant = match path {
        "/" => Some(PageUrls::REQUEST),
        _ => Some(path.trim_end_matches(|c: char| !c.is_alphanumeric()))
            .filter(|link| LinkToken::parse(link).is_some())
            .or_else(|| path.strip_suffix('/')),
    };
    if method == "GET"
        && let Some(page) = meant.filter(|page| is_page(page) && is_plain(page))
    {
        return Matched::Page(page.to_owned());
    }
    let is_broken = |route: &&Route| {
        let before = route.path.strip_suffix("{token}");
        route.method == method && before.is_some_and(|before| path.starts_with(before))
    };
    if let Some(link) = pages().find(is_broken) {
        return Matched::BrokenLink(link);
    }
    let is_below = |dialect: &&dyn Dialect| {
        let mut starts = dialect.paths_below().iter();
        starts.any(|start| path.starts_with(start))
    };
    let below = DIALECTS.iter().map(|(dialect, _)| *dialect).find(is_below);
    Matched::Nothing(below.unwrap_or(DIALECTS[0].0))
}

/// Whether a path may stand in a header and in a URL as it is (RFC 3986, section 2.3).
fn is_plain(path: &str) -> bool {
    path.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b))
}

/// The methods of a path, as an `Allow` header lists them.
pub(super) fn allowed_methods(path: &str) -> String {
    let here = routes().filter(|route| route.covers(path));
    let mut methods: Vec<_> = here.map(|route| route.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_route_is_there_twice() {
        let keys: BTreeSet<_> = routes().map(|it| (it.method, it.path)).collect();
        assert_eq!(keys.len(), routes().count());
    }

    #[test]
    fn methods_and_functions_are_told_apart() {
        let find = |method, path| find(FunctionName::VerifyToken, method, path);
        assert!(matches!(
            find("POST", "/v1/verify-token"),
            Matched::Route(_)
        ));
        assert!(matches!(find("HEAD", "/v1/settings"), Matched::Route(_)));
        let other = find("PUT", "/v1/verify-token");
        assert!(matches!(other, Matched::OtherMethod(_)));
        for elsewhere in ["/v1/confirm-reset", "/v1/nothing"] {
            assert!(matches!(find("POST", elsewhere), Matched::Nothing(_)));
        }
        assert_eq!(allowed_methods("/v1/settings"), "GET, HEAD");
        assert_eq!(allowed_methods("/auth/forgot-password"), "GET, POST, HEAD");
    }
}
