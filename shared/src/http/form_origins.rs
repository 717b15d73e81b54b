use lambda_http::http::HeaderMap;

/// The origins of the pages whose forms are taken.
///
/// A form of another site would be sent by a visitor's browser, and could use up what the visitor may
/// ask for, or kill links of theirs (ASVS 3.5.1). The `Host` header is not asked: anybody writes it.
#[derive(Debug, Clone, Default)]
pub struct FormOrigins {
    allowed: Vec<String>,
}

impl FormOrigins {
    /// The origins in a text, with commas between them: those that may call the API, and that of its
    /// public host name.
    pub fn parse(text: &str) -> Self {
        let origins = text.split(',').map(str::trim);
        let origins = origins.filter(|origin| !origin.is_empty());
        Self {
            allowed: origins.map(str::to_owned).collect(),
        }
    }

    /// Whether a form that was posted with these headers to the API called `host` is taken.
    ///
    /// Forms of our own pages have `null` in place of an origin, because the pages have no referrer.
    /// So a form without one is refused only where the browser says that it is another site's.
    #[must_use]
    pub(super) fn take(&self, headers: &HeaderMap, host: Option<&str>) -> bool {
        let text = |name| {
            let value: Option<&lambda_http::http::HeaderValue> = headers.get(name);
            value.map(|value| value.to_str().unwrap_or("unreadable"))
        };
        match text("origin") {
            None | Some("null") => text("sec-fetch-site") != Some("cross-site"),
            Some(origin) => {
                let own = host.is_some_and(|host| is_same(origin, &format!("https://{host}")));
                own || self.allowed.iter().any(|it| is_same(origin, it))
            }
        }
    }
}

/// Browsers write origins in lower case, people need not.
fn is_same(origin: &str, allowed: &str) -> bool {
    origin.eq_ignore_ascii_case(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(origin: Option<&str>, site: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().expect("a good value"));
            }
        }
        headers.insert("host", "evil.example".parse().expect("a good value"));
        let origins = FormOrigins::parse("https://auth.example.com, https://shop.example:8443,");
        origins.take(&headers, Some("api.example.com"))
    }

    #[test]
    fn own_pages_and_those_of_allowed_origins_may_post() {
        for origin in [
            "https://api.example.com",
            "https://auth.example.com",
            "https://shop.example:8443",
            "https://Shop.Example:8443",
        ] {
            for site in [None, Some("same-origin"), Some("cross-site")] {
                assert!(takes(Some(origin), site), "{origin}");
            }
        }
    }

    #[test]
    fn others_may_not() {
        for origin in [
            "https://evil.example",
            "http://api.example.com",
            "https://api.example.com.evil.example",
            "https://api.example.com:8443",
            "https://shop.example",
            "",
            "NULL",
            "https://auth.example.com, https://evil.example",
        ] {
            for site in [None, Some("same-origin")] {
                assert!(!takes(Some(origin), site), "{origin}");
            }
        }
    }

    #[test]
    fn without_an_origin_the_browser_s_word_counts() {
        for origin in [None, Some("null")] {
            assert!(!takes(origin, Some("cross-site")));
            for site in [None, Some("same-origin"), Some("same-site"), Some("none")] {
                assert!(takes(origin, site));
            }
        }
    }
}
