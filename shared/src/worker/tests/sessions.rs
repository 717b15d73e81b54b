//! How long sessions may keep a batch, and what comes of a table that fails, in virtual time.

use std::time::Duration;

use tokio::time::Instant;

use super::world::{Page, World};
use crate::ports::{EndedPage, EndedSessions, StoreError};

const EMAIL: &str = "known@example.com";

/// The page with this number, of so many.
fn page(number: u32, pages: u32) -> EndedPage<u32> {
    EndedPage {
        ended: EndedSessions {
            ended: 100,
            undated: 0,
        },
        next: Some(number + 1).filter(|next| *next < pages),
    }
}

/// What is recorded of the sessions of a change, and how long its batch took. The person gets the mail at
/// once, and the record does not fail, whatever becomes of them.
async fn work(page: Page) -> (Result<EndedSessions, String>, Duration) {
    let world = World::new(1, (80, 120)).with_sessions(page);
    let begun = Instant::now();
    assert_eq!(world.worker().work(&[world.change(EMAIL)]).await, None);
    let told = world.take();
    assert_eq!(told.len(), 1);
    assert!(told[0].arrived - begun < Duration::from_secs(1));
    let mut recorded = world.recorded();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    (recorded.remove(0), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn sessions_are_given_up_after_twenty_seconds() {
    let (recorded, took) = work(|number| Ok(page(number, 15))).await;
    assert_eq!(recorded.map(|it| it.ended), Ok(1500));
    assert!(took < Duration::from_secs(20), "{took:?}");
    let (recorded, took) = work(|number| Ok(page(number, 3600))).await;
    assert_eq!(recorded, Err("it takes too long".to_owned()));
    let bound = Duration::from_secs(20)..Duration::from_secs(21);
    assert!(bound.contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_fails_or_panics_fails_no_record() {
    let (recorded, _) = work(|number| match number {
        2 => Err(StoreError::Unavailable("an outage".to_owned())),
        number => Ok(page(number, 9)),
    })
    .await;
    assert_eq!(
        recorded,
        Err("the store is unavailable: an outage".to_owned())
    );
    let (recorded, _) = work(|_| panic!("something that nobody foresaw")).await;
    let panicked = "panicked: something that nobody foresaw";
    assert_eq!(recorded, Err(panicked.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_panic_when_it_is_noted_costs_nobody_a_mail() {
    let world = World::new(1, (80, 120)).with_sessions(|number| Ok(page(number, 1)));
    let world = world.with_panic_in_recording();
    let jobs = [world.change(EMAIL), world.job("known2@example.com")];
    assert_eq!(world.worker().work(&jobs).await, None);
    assert_eq!(world.take().len(), 2);
}
