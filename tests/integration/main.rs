//! Everything that must hold, tried on the whole service.

mod bad_input;
mod calls;
mod cancel;
mod dialects;
mod expiry;
mod flow;
mod hash_formats;
mod languages;
mod limit_edges;
mod limits;
mod mail_cap;
mod openapi;
mod outages;
mod outbox;
mod pages;
mod passwords;
mod races;
mod secrecy;
mod strangers;
