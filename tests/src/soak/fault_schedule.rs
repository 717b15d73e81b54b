//! Faults that go on and off.

use std::time::{Duration, Instant};

use crate::aws_proxy::{Call, Fault, FaultSchedule};
use crate::random::Random;

/// Recipients whose addresses begin so are rejected by SES, whatever the schedule.
pub(super) const REJECTED: &str = "rejected-";
/// Mails to these are refused by SES in words that nobody foresaw.
pub(super) const REFUSED: &str = "refused-";

/// How long one phase lasts.
const PHASE: Duration = Duration::from_secs(2);
/// SES is given up on after ten seconds: one such wait is enough in each phase.
const HANGS_OF_SES: usize = 1;

/// What goes wrong for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultPhase {
    /// Nothing happens.
    Quiet,
    Throttling,
    Internal,
    Conflicts,
    Cuts,
    /// Calls are done, and their answers are lost.
    LostAnswers,
    /// Answers take long.
    Slow,
    /// Answers never come, of calls that were done or were not.
    Hangs,
    /// DynamoDB is down.
    NoStore,
    /// SES is down, for longer than the stream has patience.
    NoSes,
}

/// The phases between quiet ones.
const PHASES: [FaultPhase; 8] = [
    FaultPhase::Throttling,
    FaultPhase::Internal,
    FaultPhase::Conflicts,
    FaultPhase::Cuts,
    FaultPhase::LostAnswers,
    FaultPhase::Slow,
    FaultPhase::Hangs,
    FaultPhase::NoStore,
];

/// Faults for this length from now on, none afterwards. About in its middle SES is down for longer
/// than `patience`.
pub(super) fn over(length: Duration, patience: Duration, seed: u64) -> FaultSchedule {
    let mut random = Random::new(seed);
    let schedule = schedule(length, patience, &mut random);
    let start = Instant::now();
    let mut current = FaultPhase::Quiet;
    let mut hangs = 0;
    Box::new(move |call| {
        let elapsed = start.elapsed();
        let now = schedule.iter().find(|(until, _)| elapsed < *until);
        let now = now.map_or(FaultPhase::Quiet, |(_, phase)| *phase);
        if now != current {
            (current, hangs) = (now, 0);
        }
        let fault = refusal_by_recipient(call).or_else(|| now.fault(call, &mut random))?;
        if call.operation == "SendEmail" && matches!(fault, Fault::Hang | Fault::HangAfter) {
            hangs += 1;
            if hangs > HANGS_OF_SES {
                return None;
            }
        }
        Some(fault)
    })
}

/// No faults but what SES says to some mails anyway.
pub(super) fn no_faults() -> FaultSchedule {
    Box::new(refusal_by_recipient)
}

/// The phases, each with its end: all of them in random order, each followed by one without faults,
/// again and again, and the outage of SES when half of the time is over.
fn schedule(
    length: Duration,
    patience: Duration,
    random: &mut Random,
) -> Vec<(Duration, FaultPhase)> {
    let mut schedule = Vec::new();
    let mut end = Duration::ZERO;
    let mut add = |phase, lasts: Duration| {
        end += lasts;
        schedule.push((end, phase));
        end
    };
    let mut ses_was_down = false;
    add(FaultPhase::Quiet, PHASE);
    loop {
        let mut phases = PHASES;
        random.shuffle(&mut phases);
        for phase in phases {
            let mut now = add(phase, PHASE);
            if now * 2 >= length && !ses_was_down {
                now = add(FaultPhase::NoSes, patience + PHASE);
                ses_was_down = true;
            }
            if now >= length {
                return schedule;
            }
            add(FaultPhase::Quiet, PHASE);
        }
    }
}

/// What SES says to some mails at any time.
fn refusal_by_recipient(call: &Call) -> Option<Fault> {
    if call.operation != "SendEmail" {
        return None;
    }
    let to = recipient(call);
    if to.starts_with(REJECTED) {
        Some(Fault::bad_request("Illegal address"))
    } else if to.starts_with(REFUSED) {
        Some(Fault::bad_request("Something that nobody foresaw"))
    } else {
        None
    }
}

/// To whom a mail goes.
pub(super) fn recipient(call: &Call) -> String {
    let to = &call.json()["Destination"]["ToAddresses"][0];
    to.as_str().expect("a recipient").to_owned()
}

/// What a mail is about.
pub(super) fn subject(call: &Call) -> String {
    let subject = &call.json()["Content"]["Simple"]["Subject"]["Data"];
    subject.as_str().expect("a subject").to_owned()
}

impl FaultPhase {
    /// What a call meets, if anything.
    fn fault(self, call: &Call, random: &mut Random) -> Option<Fault> {
        let mail = call.operation == "SendEmail";
        let percent = match self {
            Self::Quiet => return None,
            Self::NoStore => {
                return (!mail).then_some(Fault::Refuse(503, "ServiceUnavailable", ""));
            }
            Self::NoSes => return mail.then(|| no_ses(random)),
            Self::Conflicts if call.operation != "TransactWriteItems" => return None,
            Self::Conflicts | Self::Slow => 60,
            // Mails are few among the calls.
            Self::LostAnswers if mail => 60,
            Self::Hangs => 5,
            _ => 30,
        };
        random
            .happens(percent)
            .then(|| self.of_dynamodb_or_ses(mail, random))
    }

    fn of_dynamodb_or_ses(self, mail: bool, random: &mut Random) -> Fault {
        match self {
            Self::Throttling if mail => Fault::THROTTLED,
            Self::Throttling => {
                let names = [
                    "ThrottlingException",
                    "ProvisionedThroughputExceededException",
                ];
                Fault::Refuse(400, names[random.below(names.len())], "")
            }
            Self::Conflicts => Fault::Cancel(["None", "TransactionConflict", "None"]),
            Self::Cuts => Fault::Cut,
            Self::LostAnswers => random.one_of(&[Fault::LoseAnswer, Fault::CutAfter]).clone(),
            Self::Slow => {
                let millis = u64::try_from(random.below(300)).expect("a small number");
                Fault::Slow(Duration::from_millis(millis))
            }
            Self::Hangs => random.one_of(&[Fault::Hang, Fault::HangAfter]).clone(),
            _ => Fault::INTERNAL,
        }
    }
}

fn no_ses(random: &mut Random) -> Fault {
    let ways = [
        Fault::Refuse(503, "ServiceUnavailable", ""),
        Fault::THROTTLED,
        Fault::Refuse(400, "SendingPausedException", ""),
        Fault::Cut,
    ];
    random.one_of(&ways).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_comes_and_ses_is_down_once_for_longer_than_the_stream_waits() {
        let patience = Duration::from_secs(15);
        for seed in 0..20 {
            let schedule = schedule(Duration::from_mins(1), patience, &mut Random::new(seed));
            for phase in PHASES {
                assert!(schedule.iter().any(|(_, it)| *it == phase), "{phase:?}");
            }
            let down = schedule
                .windows(2)
                .filter(|pair| pair[1].1 == FaultPhase::NoSes);
            let down: Vec<_> = down.map(|pair| (pair[0].0, pair[1].0)).collect();
            let [(begin, end)] = down[..] else {
                panic!("{down:?}");
            };
            assert_eq!(begin + patience + PHASE, end);
        }
    }
}
