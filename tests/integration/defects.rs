//! Shows that every line of the attack suite can fail: against a service that has just the defect
//! which the line looks for, it must report a success.

use integration_tests::TestApp;
use integration_tests::address_kinds::{IndistinguishabilityTest, Kind, Operation};
use integration_tests::attacks::{InProcessTarget, LINES, Line, Report, Target, Verdict};
use integration_tests::defects::{ActiveDefect, Defect};
use integration_tests::logs::CapturedLogs;
use integration_tests::test_depth;

/// The accounts of the service in this process.
const KNOWN: [&str; 2] = ["demo@example.com", "second@example.com"];

fn line(number: u8) -> &'static Line {
    &LINES[usize::from(number) - 1]
}

async fn assert_notices(number: u8, defect: Defect) {
    let defect = ActiveDefect::new(defect, &KNOWN);
    let logs = CapturedLogs::of_this_process();
    let in_process = InProcessTarget::start_defective(line(number), Some(logs), &defect).await;
    assert_noticed(
        &line(number)
            .run(&Target::InProcess(Box::new(in_process)))
            .await,
    );
    assert_ne!(defect.edits(), 0, "nothing was edited");
}

fn assert_noticed(report: &Report) {
    assert_eq!(report.verdict, Verdict::Succeeded, "{report:?}");
}

macro_rules! lines_that_notice {
    ($($name:ident: $number:literal, $defect:ident;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                assert_notices($number, Defect::$defect).await;
            }
        )*

        #[test]
        fn no_line_is_left_out() {
            // Two have no defect of the service: API Gateway answers for origins, make for commands.
            let mut numbers = vec![$($number,)* 30_u8, 38];
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers, (1..).take(LINES.len()).collect::<Vec<_>>());
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
    line_07_notices_a_name_that_is_not_tamed: 7, NameUntamed;
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
    line_31_notices_forms_of_other_sites: 31, ForeignFormsTaken;
    line_32_notices_bytes_that_are_replaced: 32, BytesReplaced;
    line_33_notices_a_language_s_lower_case: 33, DomainsLoweredByLanguage;
    line_34_notices_rejections_without_limit: 34, RejectionsUncounted;
    line_35_notices_links_that_come_back: 35, RevocationsForgotten;
    line_36_notices_links_that_outlive_cancelling: 36, RevocationsForgotten;
    line_37_notices_a_link_of_somebody_else: 37, OwnersConfused;
    line_39_notices_warnings_led_astray: 39, WarningsFollowAccount;
    line_40_notices_sessions_of_somebody_else: 40, SessionsOfAnother;
    line_41_notices_writes_that_follow_the_request: 41, WritesFollowRequest;
    line_41_notices_a_lock_that_a_refusal_removes: 41, RefusalsUnlock;
    line_42_notices_events_that_name_addresses: 42, EventsNameAddresses;
}

#[tokio::test]
async fn line_30_notices_a_foreign_origin() {
    let builder =
        InProcessTarget::builder(line(30)).parameter("AllowedOrigins", "https://evil.example");
    let in_process = Box::pin(InProcessTarget::start_with(builder, None)).await;
    assert_noticed(&line(30).run(&Target::InProcess(Box::new(in_process))).await);
}

#[tokio::test]
async fn line_38_notices_values_that_make_expands() {
    let mut in_process = Box::pin(InProcessTarget::start(line(38), None)).await;
    in_process.makefile = in_process.makefile.replace("$$(value $(1))", "$($(1))");
    assert_noticed(&line(38).run(&Target::InProcess(Box::new(in_process))).await);
}

async fn assert_times_tell(operation: Operation) {
    let defect = ActiveDefect::new(Defect::TimeTells, &[&Kind::Known.email()]);
    let builder = TestApp::builder().defect(&defect);
    let mut test = Box::pin(IndistinguishabilityTest::start_with(operation, builder)).await;
    let kinds = [Kind::Known, Kind::Unknown];
    let times = test.measure_only(&kinds, test_depth::choose(5, 100)).await;
    assert_ne!(defect.edits(), 0, "nothing was edited");
    // Neighbours can delay a code's hash by more than any defect.
    if test_depth::is_full() {
        let comparison = times.compare(kinds[0], kinds[1]);
        assert!(comparison.is_distinguishable(), "{comparison}");
    }
}

#[tokio::test]
async fn a_timing_difference_is_detected_when_a_reset_is_asked_for() {
    assert_times_tell(Operation::Request).await;
}

#[tokio::test]
async fn a_timing_difference_is_detected_when_a_code_is_verified() {
    assert_times_tell(Operation::VerifyByCode).await;
}

#[tokio::test]
async fn a_timing_difference_is_detected_when_a_code_confirms() {
    assert_times_tell(Operation::ConfirmByCode).await;
}
