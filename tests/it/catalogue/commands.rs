//! C1 to C35: who may command by mail.

use super::Case;

/// The cases in their order.
pub(super) const CASES: [Case; 35] = [
    (
        1,
        &[
            "a_command_without_its_proofs_changes_nothing_and_a_fresh_letter_goes_to_the_registered_address",
            "c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly",
        ],
        "",
    ),
    (
        2,
        &["c2_to_c5_everything_else_is_not_a_pass", "nobody_is_believed_unless_named_in_the_settings"],
        "without an authserv-id the token and the address are the two proofs (DESIGN §4), and commands work",
    ),
    (
        3,
        &[
            "c2_to_c5_everything_else_is_not_a_pass",
            "c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly",
        ],
        "",
    ),
    (
        4,
        &[
            "c2_to_c5_everything_else_is_not_a_pass",
            "c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly",
        ],
        "",
    ),
    (
        5,
        &[
            "c2_to_c5_everything_else_is_not_a_pass",
            "c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly",
        ],
        "",
    ),
    (
        6,
        &[
            "a_command_without_its_proofs_changes_nothing_and_a_fresh_letter_goes_to_the_registered_address",
            "c18_on_every_way_a_command_needs_the_token_and_the_person_it_was_made_for",
        ],
        "",
    ),
    (7, &["c7_whose_letter_came_into_other_hands_hears_of_it_once_a_day_and_nothing_of_the_mail"], ""),
    (8, &["c8_a_good_server_without_a_token_is_one_proof"], ""),
    (9, &["c9_an_answer_goes_to_the_registered_address_whatever_the_mail_asks_for"], ""),
    (
        10,
        &[
            "c10_c11_no_author_that_two_readers_see_differently_acts_even_with_a_stolen_letter_and_a_fooled_server",
            "c10_no_author_that_two_readers_see_differently_refers_as_a_partner",
            "c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly",
            "c10_two_from_fields_are_nobody",
        ],
        "",
    ),
    (
        11,
        &[
            "c10_c11_no_author_that_two_readers_see_differently_acts_even_with_a_stolen_letter_and_a_fooled_server",
        ],
        "",
    ),
    (
        12,
        &[
            "c12_an_odd_author_is_nobody",
            "c10_c11_no_author_that_two_readers_see_differently_acts_even_with_a_stolen_letter_and_a_fooled_server",
        ],
        "",
    ),
    (13, &["c13_a_plain_author_is_read_with_the_name"], ""),
    (
        14,
        &[
            "c14_an_earlier_owners_letter_proves_nothing_and_says_who_owns_it_now",
            "c14_what_was_done_is_not_done_twice_and_a_closed_referral_stays_closed",
            "c14_an_old_command_sent_once_more_never_turns_back_what_came_after",
            "an_expired_token_is_refused_and_a_fresh_letter_works",
        ],
        "a token works until its last day (30 days): people answer one letter several times, and what was done is not done \
         twice; it is made under a key of its own that no rotation of the sealing keys changes",
    ),
    (
        15,
        &[
            "a_token_proves_nothing_about_another_referral",
            "c15_c17_of_two_referrals_the_token_acts_on_its_own_and_a_changed_one_on_none",
        ],
        "",
    ),
    (
        16,
        &[
            "a_verb_taken_away_does_nothing_for_nobody_and_one_given_works_for_those_only",
            "a_verb_taken_away_is_refused_and_the_rest_still_works",
        ],
        "",
    ),
    (
        17,
        &[
            "every_flipped_bit_is_refused",
            "every_other_symbol_in_every_place_is_refused",
            "truncated_lengthened_and_foreign_tokens_are_refused",
            "random_tokens_are_forged",
            "the_reply_address_stays_within_64_octets",
            "c15_c17_of_two_referrals_the_token_acts_on_its_own_and_a_changed_one_on_none",
        ],
        "the constant time of the comparison is the library's promise",
    ),
    (18, &["c18_on_every_way_a_command_needs_the_token_and_the_person_it_was_made_for"], ""),
    (
        19,
        &[
            "p17_p38_an_answer_about_a_foreign_reference_is_the_answer_about_none",
            "a_number_that_is_not_theirs_is_answered_as_if_there_were_none",
            "a14_an_address_gets_five_receipts_an_hour_and_twenty_a_day",
            "c19_of_a_million_guessed_numbers_none_is_one_of_five_hundred_open_ones",
            "c19_guessed_proofs_of_a_known_number_and_person_are_all_refused_with_the_same_word",
            "c19_a_million_guessed_proofs_are_all_refused_with_the_same_word",
        ],
        "a million guesses are put to the readers of numbers and proofs; that an answer is the same for a number that is \
         there and one that is not is shown by mails, of which there are few",
    ),
    (20, &["c20_no_letter_to_a_client_or_a_partner_carries_what_staff_may_do"], ""),
    (
        21,
        &[
            "c21_of_an_answer_in_any_mail_program_only_the_new_words_act",
            "quoted_commands_and_signatures_do_nothing",
            "the_quotes_of_each_mail_program_are_read_from_its_html",
            "an_attribution_in_any_language_opens_a_quote_even_without_marks",
            "new_text_is_kept_and_quoted_text_does_not_leak",
            "signatures_notices_and_footers_are_set_aside",
        ],
        "",
    ),
    (
        22,
        &[
            "an_out_of_office_changes_nothing_even_if_it_quotes_a_command",
            "c22_a_report_of_a_machine_that_quotes_token_and_command_does_nothing",
        ],
        "",
    ),
    (
        23,
        &[
            "contradicting_commands_do_nothing_and_are_asked_about",
            "of_two_colleagues_who_decide_in_the_same_moment_the_first_word_counts_and_the_second_hears_of_it",
        ],
        "",
    ),
    (
        24,
        &[
            "the_same_command_twice_is_done_once",
            "c14_c24_a_mail_that_comes_again_by_another_road_does_nothing_again",
            "a_second_daemon_on_the_same_store_is_refused",
        ],
        "one daemon runs on a store; two processes that race are in the store's own tests",
    ),
    (
        25,
        &[
            "c25_a_reason_of_any_signs_is_kept_short_and_shown_as_what_it_is",
            "a_line_that_cannot_be_meant_changes_nothing_and_is_answered",
        ],
        "",
    ),
    (26, &["c26_only_the_text_of_a_command_counts_and_no_part_beside_it"], ""),
    (27, &["c27_no_letter_holds_a_link_that_does_anything_but_start_a_mail"], ""),
    (28, &["c28_nobody_unsubscribes_staff_or_a_partner_from_what_they_must_hear"], ""),
    (29, &["c29_nobody_who_is_copied_in_hears_anything_ever"], ""),
    (
        30,
        &["c30_what_another_service_sends_to_the_inbox_is_never_shown_to_anybody"],
        "what no machine signs is a record with an owner, not parked: its words stay in the store",
    ),
    (
        31,
        &[
            "c31_a_stop_counts_from_whoever_seems_to_be_the_client_and_its_undoing_from_nobody",
            "a_stop_about_a_closed_referral_is_told_as_one_and_only_staff_takes_it_back",
        ],
        "",
    ),
    (32, &["c32_who_left_the_roster_acts_no_more_and_holds_nothing"], ""),
    (33, &["c33_no_mail_changes_whom_we_know"], ""),
    (34, &["c34_what_only_an_admin_on_the_host_may_do_is_no_line_of_a_mail"], ""),
    (35, &["c35_another_user_of_the_same_domain_is_another_person"], ""),
];
