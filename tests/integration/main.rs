//! Everything that must hold, tried on the whole service.

mod bad_input;
mod calls;
mod cancel;
mod dialects;
mod edge;
mod expiry;
mod flow;
mod languages;
mod limit_edges;
mod limits;
mod mail_cap;
mod mail_reports;
mod openapi;
mod outages;
mod outbox;
mod pages;
mod passwords;
mod races;
mod secrecy;
mod strangers;
