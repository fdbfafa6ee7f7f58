//! A1 to A20: whom no machine may answer, and how much.

use super::Case;

/// The cases in their order.
pub(super) const CASES: [Case; 20] = [
    (
        1,
        &["a1_a_null_return_path_is_not_answered", "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept"],
        "",
    ),
    (
        2,
        &[
            "a2_every_auto_submitted_but_no_is_not_answered",
            "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept",
        ],
        "",
    ),
    (3, &["a3_bulk_precedence_is_not_answered", "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept"], ""),
    (
        4,
        &[
            "a4_and_a5_suppressing_headers_are_obeyed",
            "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept",
        ],
        "",
    ),
    (
        5,
        &[
            "a4_and_a5_suppressing_headers_are_obeyed",
            "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept",
        ],
        "",
    ),
    (6, &["a6_robots_and_we_ourselves_are_not_answered", "a6_robots_are_not_answered"], ""),
    (
        7,
        &[
            "a7_receipts_reports_and_calendar_answers_are_not_answered",
            "a1_to_a8_no_machine_is_answered_and_each_mail_is_kept",
        ],
        "",
    ),
    (8, &["a8_automatic_subjects_are_known_in_many_languages"], ""),
    (9, &["a9_a_stranger_whose_answers_belong_elsewhere_is_not_answered"], ""),
    (10, &["a10_a_partners_system_may_refer_and_a_ticket_system_only_thanks"], ""),
    (11, &["a11_a_mail_that_was_not_written_to_us_is_recorded_and_only_a_partner_hears_of_it"], ""),
    (
        12,
        &["a12_a_ticket_system_that_strips_headers_and_quotes_everything_falls_silent"],
        "a ticket system, the hardest of the four; two daemons know each other's letters by A2 and A19",
    ),
    (13, &["a13_a_mail_that_went_in_circles_is_not_answered", "a13_fifty_hops_are_a_loop"], ""),
    (
        14,
        &[
            "a14_an_address_gets_five_receipts_an_hour_and_twenty_a_day",
            "a14_strangers_get_so_many_receipts_an_hour_together_and_partners_theirs_all_the_same",
        ],
        "the breaker by the hourly median is not built",
    ),
    (15, &["a15_forged_mails_that_name_a_victim_send_the_victim_nothing_and_echo_nothing"], ""),
    (16, &["a16_a_mail_that_fails_dmarc_waits_for_a_person_and_the_partner_hears_nothing"], ""),
    (17, &["a17_a_thousand_faces_of_one_mailbox_are_one"], ""),
    (18, &["a18_only_a_partner_is_told_what_is_missing_and_by_name_only"], ""),
    (19, &["a19_every_letter_says_that_it_is_automatic_and_asks_for_no_answer_by_machines"], ""),
    (20, &["a20_a_report_about_a_report_or_about_a_letter_is_answered_by_nothing"], ""),
];
