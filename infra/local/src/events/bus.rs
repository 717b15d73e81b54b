use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// The most events that are kept.
const MAX_EVENTS: usize = 1_000;

/// An event bus that keeps what is put on it; clones share what they hold.
#[derive(Debug, Clone, Default)]
pub struct EventBus(Arc<Mutex<VecDeque<Value>>>);

impl EventBus {
    /// The events, oldest first, as a rule's target would get them.
    pub fn events(&self) -> Vec<Value> {
        self.lock().iter().cloned().collect()
    }

    /// Forgets all events.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Keeps `event`, and drops the oldest one beyond the bound.
    pub fn put(&self, event: Value) {
        let mut events = self.lock();
        events.push_back(event);
        if events.len() > MAX_EVENTS {
            events.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_events_go_when_there_are_too_many() {
        let bus = EventBus::default();
        for number in 0..=MAX_EVENTS {
            bus.put(number.into());
        }
        let events = bus.events();
        assert_eq!((events.len(), events[0].as_u64()), (MAX_EVENTS, Some(1)));
    }
}
