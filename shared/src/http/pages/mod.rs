//! The pages that are served here: what each shows, without any rule of its own.
//!
//! They work without a script. With it, forms are sent in the background and the page is replaced
//! by the answer, so that what is said and in which language is decided in one place: here.

mod assets;
mod layout;
#[cfg(feature = "preview")]
mod preview;
mod views;

pub(super) use views::{
    CancelPage, CancelledPage, CodePage, DonePage, FormErrors, ProblemPage, RequestPage, ResetForm,
    ResetPage, SentPage, UsedPage,
};

pub(super) use layout::show;
#[cfg(feature = "preview")]
pub use preview::preview;
