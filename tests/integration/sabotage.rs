//! Shows that every line of the attack suite can fail: against a service that has just the hole
//! which the line looks for, it must report a success.

use integration_tests::attacks::{LINES, Lab, Report, Target, Verdict, traces_of_holes};
use integration_tests::kinds::{Kind, Operation, Panel};
use integration_tests::logs::CapturedLogs;
use shared::sabotage::{Hole, open};

/// The accounts of a lab.
const KNOWN: [&str; 2] = ["demo@example.com", "second@example.com"];

async fn attack(number: u8, parameters: &[(&str, &str)]) -> Report {
    let logs = CapturedLogs::of_this_process();
    let line = &LINES[usize::from(number) - 1];
    let builder = parameters
        .iter()
        .fold(Lab::builder(line), |builder, (name, value)| {
            builder.parameter(name, value)
        });
    let lab = Box::pin(Lab::start_with(builder, Some(logs))).await;
    line.run(&Target::InProcess(Box::new(lab))).await
}

fn assert_noticed(report: &Report) {
    assert_eq!(report.verdict, Verdict::Succeeded, "{report:?}");
}

macro_rules! lines_that_notice {
    ($($name:ident: $number:literal, $hole:ident;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let _opened = open(Hole::$hole, &KNOWN);
                assert_noticed(&attack($number, &[]).await);
            }
        )*

        #[test]
        fn no_line_is_left_out() {
            // The one of the origins has no hole in the code: API Gateway does it.
            let mut numbers = vec![$($number,)* 30_u8];
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
        }
    };
}

lines_that_notice! {
    line_01_notices_links_that_follow_the_host: 1, LinkFollowsRequest;
    line_02_notices_links_that_follow_the_scheme: 2, LinkFollowsRequest;
    line_03_notices_lists_that_are_accepted: 3, ListsAccepted;
    line_04_notices_mail_that_goes_where_it_was_typed: 4, MailGoesWhereTyped;
    line_05_notices_look_alikes_that_fold: 5, LookAlikesFold;
    line_06_notices_redirects_by_prefix: 6, RedirectsByPrefix;
    line_07_notices_values_that_are_not_tamed: 7, ValuesUntamed;
    line_08_notices_times_that_tell: 8, TimeTells;
    line_09_notices_limits_that_tell: 9, ThrottleTells;
    line_10_notices_errors_that_tell: 10, ErrorsTell;
    line_11_notices_types_that_are_coerced: 11, TypesCoerced;
    line_12_notices_changes_without_condition: 12, ChangeUnconditional;
    line_13_notices_secrets_that_survive: 13, SecretsSurvive;
    line_14_notices_links_for_anybody: 14, AddressIgnored;
    line_15_notices_expiry_that_is_left_to_the_ttl: 15, ExpiryLeftToTtl;
    line_16_notices_accounts_that_are_not_read_again: 16, AccountNotReread;
    line_17_notices_tries_that_are_not_counted: 17, TriesUncounted;
    line_18_notices_links_that_are_spent_by_looking: 18, LookingSpends;
    line_19_notices_links_that_are_spent_by_a_rejection: 19, RejectionSpends;
    line_20_notices_tokens_in_the_log: 20, TokensLogged;
    line_21_notices_a_missing_referrer_policy: 21, HeadersMissing;
    line_22_notices_addresses_without_limit: 22, AddressesUnlimited;
    line_23_notices_links_that_a_flood_kills: 23, NewestLinkOnly;
    line_24_notices_hashes_for_nothing: 24, HashFirst;
    line_25_notices_bodies_without_bound: 25, BodiesUnbounded;
    line_26_notices_a_worker_without_memory: 26, DeliveriesForgotten;
    line_27_notices_passwords_that_are_cut: 27, PasswordsCut;
    line_28_notices_sessions_that_survive: 28, SessionsSurvive;
    line_29_notices_missing_headers: 29, HeadersMissing;
}

/// Else it would prove nothing that the functions' binaries have none.
#[test]
fn holes_leave_traces_in_a_binary() {
    let here = std::env::current_exe().expect("the test's own path");
    assert_eq!(traces_of_holes(&here).len(), 2);
}

#[tokio::test]
async fn line_30_notices_an_origin_that_is_nobodys() {
    let report = Box::pin(attack(30, &[("AllowedOrigins", "https://evil.example")])).await;
    assert_noticed(&report);
}

#[tokio::test]
async fn times_that_tell_are_noticed_whatever_is_asked() {
    for operation in [
        Operation::Request,
        Operation::VerifyByCode,
        Operation::ConfirmByCode,
    ] {
        let _opened = open(Hole::TimeTells, &[Kind::Known.email()]);
        let mut panel = Box::pin(Panel::start(operation)).await;
        let times = panel.measure(300).await;
        let comparison = times.compare(Kind::Known, Kind::Unknown);
        assert!(comparison.tells(), "{operation:?}: {comparison}");
    }
}
