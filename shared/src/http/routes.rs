//! Every route of the service: the one place that knows them.

use super::dialects::{BACKSTACK, Dialect, FLOWFUSE, NATIVE, NOVEL, PARAKEET, RAZI};
use super::operation::{FunctionName, Operation};
use crate::domain::{LinkToken, PageUrls, WireFormat};

/// One method on one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path; a segment in braces is a parameter.
    pub path: &'static str,
    pub function: FunctionName,
    pub operation: Operation,
    pub(super) dialect: &'static dyn Dialect,
}

impl Route {
    const fn get(path: &'static str, operation: Operation, dialect: &'static dyn Dialect) -> Self {
        Self::new("GET", path, operation, dialect)
    }

    const fn post(path: &'static str, operation: Operation, dialect: &'static dyn Dialect) -> Self {
        Self::new("POST", path, operation, dialect)
    }

    /// Whether people see what it answers, in a browser.
    fn is_page(&self) -> bool {
        self.dialect.format() == WireFormat::Parakeet
    }

    const fn new(
        method: &'static str,
        path: &'static str,
        operation: Operation,
        dialect: &'static dyn Dialect,
    ) -> Self {
        Self {
            method,
            path,
            function: operation.function(),
            operation,
            dialect,
        }
    }
}

pub const ROUTES: &[Route] = &[
    Route::post("/v1/request-reset", Operation::Request, &NATIVE),
    Route::post("/v1/verify-token", Operation::Verify, &NATIVE),
    Route::post("/v1/confirm-reset", Operation::Confirm, &NATIVE),
    Route::post("/v1/cancel-reset", Operation::Cancel, &NATIVE),
    Route::get("/v1/settings", Operation::Settings, &NATIVE),
    // Parakeet, and the pages around it
    Route::get(PageUrls::REQUEST, Operation::RequestPage, &PARAKEET),
    Route::post(PageUrls::REQUEST, Operation::Request, &PARAKEET),
    Route::get(
        "/auth/forgot-password/{token}",
        Operation::Verify,
        &PARAKEET,
    ),
    Route::post(
        "/auth/forgot-password/{token}",
        Operation::Confirm,
        &PARAKEET,
    ),
    Route::get(PageUrls::CODE, Operation::CodePage, &PARAKEET),
    Route::post(PageUrls::CODE, Operation::Verify, &PARAKEET),
    Route::post(PageUrls::PASSWORD_BY_CODE, Operation::Confirm, &PARAKEET),
    Route::get(
        "/auth/cancel-reset/{token}",
        Operation::CancelPage,
        &PARAKEET,
    ),
    Route::post("/auth/cancel-reset/{token}", Operation::Cancel, &PARAKEET),
    Route::get(
        "/.well-known/change-password",
        Operation::ChangePasswordUrl,
        &PARAKEET,
    ),
    // Novel
    Route::post("/auth/forgot", Operation::Request, &NOVEL),
    Route::post("/auth/reset", Operation::Confirm, &NOVEL),
    // Razi
    Route::post(
        "/v1/authentication/users/password/reset-request/email",
        Operation::Request,
        &RAZI,
    ),
    Route::new(
        "PUT",
        "/v1/authentication/users/password",
        Operation::Confirm,
        &RAZI,
    ),
    // Backstack
    Route::post("/app/forgot-password", Operation::Request, &BACKSTACK),
    Route::get("/app/reset-password/{token}", Operation::Verify, &BACKSTACK),
    Route::post("/app/reset-password", Operation::Confirm, &BACKSTACK),
    // FlowFuse
    Route::post("/account/forgot_password", Operation::Request, &FLOWFUSE),
    Route::post(
        "/account/reset_password/{token}",
        Operation::Confirm,
        &FLOWFUSE,
    ),
    Route::get("/api/v1/settings", Operation::Settings, &FLOWFUSE),
];

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

/// The dialects that answer below paths, also where nothing is routed.
const BELOW: [(&str, &dyn Dialect); 4] = [
    ("/app/", &BACKSTACK),
    (PageUrls::REQUEST, &PARAKEET),
    (PageUrls::CODE, &PARAKEET),
    (PageUrls::CANCEL, &PARAKEET),
];

/// The route for a request that reached `function`. HEAD is GET without the body (RFC 9110,
/// section 9.3.2).
pub(super) fn find(function: FunctionName, method: &str, path: &str) -> Matched {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut here = ROUTES
        .iter()
        .filter(|route| covers(route.path, path))
        .peekable();
    let Some(some) = here.peek().copied() else {
        return unrouted(method, path);
    };
    match here.find(|route| route.method == method) {
        Some(route) if route.function == function => Matched::Route(route),
        Some(_) => Matched::Nothing(&NATIVE),
        // A person who reloads the page behind a code has to enter it again.
        None if method == "GET" && path == PageUrls::PASSWORD_BY_CODE => {
            Matched::Page(PageUrls::CODE.to_owned())
        }
        None => Matched::OtherMethod(some),
    }
}

/// What a path that is not routed was meant to be.
fn unrouted(method: &str, path: &str) -> Matched {
    let is_page = |page: &str| {
        let mut pages = ROUTES.iter().filter(|route| route.is_page());
        pages.any(|route| route.method == "GET" && covers(route.path, page))
    };
    let meant = match path {
        "/" => Some(PageUrls::REQUEST),
        _ => Some(path.trim_end_matches(|c: char| !c.is_alphanumeric()))
            .filter(|link| LinkToken::parse(link).is_ok())
            .or_else(|| path.strip_suffix('/')),
    };
    if method == "GET"
        && let Some(page) = meant.filter(|page| is_page(page) && is_plain(page))
    {
        return Matched::Page(page.to_owned());
    }
    let broken = |route: &&Route| {
        let before = route.path.strip_suffix("{token}");
        route.is_page() && before.is_some_and(|before| path.starts_with(before))
    };
    let mut links = ROUTES.iter().filter(broken);
    if let Some(route) = links.find(|route| route.method == method) {
        return Matched::BrokenLink(route);
    }
    let below = BELOW.iter().find(|(start, _)| path.starts_with(start));
    Matched::Nothing(below.map_or(&NATIVE, |(_, dialect)| *dialect))
}

/// Whether a path may stand in a header and in a URL as it is (RFC 3986, section 2.3).
fn is_plain(path: &str) -> bool {
    path.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b))
}

/// The methods of a path, as an `Allow` header lists them.
pub(super) fn allowed_methods(path: &str) -> String {
    let mut methods: Vec<_> = ROUTES
        .iter()
        .filter(|route| covers(route.path, path))
        .map(|route| route.method)
        .collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.join(", ")
}

/// What stands for `{token}` in a path that `pattern` covers.
pub(super) fn path_token<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let mut pairs = pattern.split('/').zip(path.split('/'));
    pairs
        .find(|(pattern, _)| *pattern == "{token}")
        .map(|(_, segment)| segment)
}

fn covers(pattern: &str, path: &str) -> bool {
    let fits = |(pattern, segment): (&str, &str)| {
        pattern == segment || (pattern.starts_with('{') && !segment.is_empty())
    };
    pattern.split('/').count() == path.split('/').count()
        && pattern.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_route_is_there_twice() {
        let keys: BTreeSet<_> = ROUTES
            .iter()
            .map(|route| (route.method, route.path))
            .collect();
        assert_eq!(keys.len(), ROUTES.len());
    }

    #[test]
    fn parameters_match_one_segment_that_is_not_empty() {
        assert!(covers("/a/{token}", "/a/b"));
        assert!(!covers("/a/{token}", "/a/"));
        assert!(!covers("/a/{token}", "/a/b/c"));
        assert!(!covers("/a", "/a/"));
        assert_eq!(path_token("/a/{token}", "/a/b"), Some("b"));
        assert_eq!(path_token("/a/b", "/a/b"), None);
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
