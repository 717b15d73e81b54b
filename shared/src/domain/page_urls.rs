use super::AppId;

/// The pages that a deployment serves itself, as links in mails name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageUrls {
    base_url: String,
}

impl PageUrls {
    pub const REQUEST: &'static str = "/auth/forgot-password";
    pub const CODE: &'static str = "/auth/reset-code";
    /// Where a password is set by code.
    pub const PASSWORD_BY_CODE: &'static str = "/auth/reset-code/password";
    /// What a cancelling link begins with.
    pub const CANCEL: &'static str = "/auth/cancel-reset";

    /// The pages of the deployment at `base_url`, an origin without a slash at the end.
    pub const fn new(base_url: String) -> Self {
        Self { base_url }
    }

    /// The deployment's own origin.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    pub fn request(&self, app: &AppId) -> String {
        // What an id is made of needs no encoding.
        format!("{}{}?app={}", self.base_url, Self::REQUEST, app.as_str())
    }

    /// The page that cancels the reset of a link token.
    pub fn cancel(&self, app: &AppId, token: &str) -> String {
        let (base, app) = (&self.base_url, app.as_str());
        format!("{base}{}/{token}?app={app}", Self::CANCEL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_below_the_origin_and_says_its_app() {
        let urls = PageUrls::new("https://reset.example.com".to_owned());
        let app = AppId::new("shop").expect("a good id");
        assert_eq!(
            [urls.request(&app), urls.cancel(&app, "fpr_abc")],
            [
                "https://reset.example.com/auth/forgot-password?app=shop",
                "https://reset.example.com/auth/cancel-reset/fpr_abc?app=shop",
            ]
        );
        assert_eq!(urls.base_url(), "https://reset.example.com");
    }
}
