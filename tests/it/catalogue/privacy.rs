//! P1 to P40: privacy.

use super::Case;

/// The cases in their order.
pub(super) const CASES: [Case; 40] = [
    (
        1,
        &[
            "words_that_warn_of_a_mail_hold_it_back_wherever_they_stand_and_somebody_is_asked",
            "of_all_combinations_one_lets_a_letter_through_and_the_reason_is_the_first_of_the_table",
            "p1_to_p16_no_letter_holds_a_field_whatever_goes_wrong_on_the_way",
            "p1_to_p23_no_generated_life_shows_in_a_letter_a_log_a_file_or_a_process_and_no_secret_does",
        ],
        "",
    ),
    (2, &["a_lock_screen_shows_nothing_sensitive_of_a_client_letter", "letters_read_like_this"], ""),
    (3, &["the_client_letter_has_the_five_sentences_and_says_how_to_stop"], ""),
    (
        4,
        &[
            "a_lock_screen_shows_nothing_sensitive_of_a_client_letter",
            "an_organizations_own_wording_that_a_locked_phone_should_not_show_is_named_by_check",
        ],
        "",
    ),
    (5, &["p1_to_p16_no_letter_holds_a_field_whatever_goes_wrong_on_the_way"], ""),
    (
        6,
        &[
            "p1_to_p16_no_letter_holds_a_field_whatever_goes_wrong_on_the_way",
            "a_lock_screen_shows_nothing_sensitive_of_a_client_letter",
        ],
        "",
    ),
    (
        7,
        &["two_other_parsers_read_what_was_written", "stop_acts_at_once_and_staff_hears_of_it"],
        "every story checks it",
    ),
    (
        8,
        &[
            "t22_the_answer_is_safe_in_every_zone_and_nothing_before_it_is",
            "t22_a_letter_waits_for_the_clients_own_morning_and_a_zone_in_doubt_is_asked_about",
            "p8_a_letter_leaves_in_the_clients_own_safe_times_and_waits_until_then",
            "p8_safe_times_that_nobody_can_read_or_that_leave_no_hour_are_asked_about",
        ],
        "",
    ),
    (9, &["of_all_combinations_one_lets_a_letter_through_and_the_reason_is_the_first_of_the_table"], ""),
    (
        10,
        &[
            "where_two_readings_are_possible_no_letter_leaves_and_the_owner_is_asked",
            "an_address_of_two_clients_gets_no_letter_not_even_the_one_that_waits",
            "an_address_that_looks_like_more_people_or_like_the_other_side_gets_no_letter",
            "where_two_partners_disagree_about_an_address_no_letter_leaves_until_the_client_was_asked",
        ],
        "",
    ),
    (
        11,
        &[
            "a_client_is_written_to_in_their_language_and_a_stop_reaches_what_was_not_sent",
            "p11_a_stop_inside_an_out_of_office_is_a_stop_and_the_owner_is_told",
            "p11_a_stop_in_a_mail_that_is_over_a_bound_is_a_stop",
            "a_stop_from_another_address_counts_where_it_answers_a_letter_to_the_client",
            "a_stop_outlives_the_referral_it_was_said_about_until_staff_takes_it_back",
            "who_complains_of_a_letter_to_the_client_has_said_stop_and_who_takes_it_back_has_not",
        ],
        "",
    ),
    (
        12,
        &[
            "p12_a_consent_ends_to_the_minute_in_local_time_also_on_the_day_the_clock_changes",
            "p12_a_consent_that_ends_while_a_letter_waits_holds_it_back_and_the_record_says_why",
        ],
        "",
    ),
    (
        13,
        &[
            "p13_a_later_no_counts_at_once_and_a_later_yes_waits_for_a_person",
            "p13_a_consent_the_partner_takes_back_counts_before_the_letter_leaves",
            "a_yes_from_before_a_stop_or_before_a_later_word_of_the_sender_is_none_after_it",
            "p13_safe_times_the_partner_narrows_count_before_the_letter_leaves",
            "p13_a_warning_in_a_later_mail_without_any_form_holds_back_what_was_not_sent",
            "a_no_that_another_partner_says_while_the_letter_waits_holds_it_back",
        ],
        "",
    ),
    (
        14,
        &[
            "p14_a_yes_in_a_referral_the_opposing_party_wrote_is_not_the_clients",
            "of_all_terms_a_yes_counts_only_with_those_that_leave_nothing_open",
            "a_name_is_the_clients_only_with_the_given_name_in_it",
            "what_a_client_told_us_answers_the_question_of_consent_and_no_other_and_never_the_other_sides",
            "what_is_shown_of_a_consent_is_what_the_gate_says_of_it",
        ],
        "",
    ),
    (
        15,
        &[
            "p19_neither_the_hour_nor_the_size_of_a_letter_tells_why_somebody_was_declined",
            "a_partner_learns_the_outcome_and_never_the_reason",
        ],
        "",
    ),
    (
        16,
        &[
            "p16_a_referral_that_part_two_protects_has_its_notice_in_letters_to_partner_and_staff_only",
            "p16_a_letter_about_several_has_the_notice_whichever_of_them_is_protected",
            "p16_a_summary_has_the_notice_if_one_line_of_it_is_protected",
        ],
        "",
    ),
    (
        17,
        &[
            "p17_p38_an_answer_about_a_foreign_reference_is_the_answer_about_none",
            "p17_an_answer_about_a_foreign_number_leaves_at_the_mark_of_one_about_none",
            "p17_p19_what_goes_outside_leaves_at_marks_that_do_not_depend_on_its_work",
            "p17_a_letter_whose_mark_went_by_while_it_was_written_waits_for_another",
        ],
        "the delays of 500 each are in tests/bench/delay-of-answers.md; a commit that waits for its disk for longer than half \
         a second leaves when it is written, whatever was asked",
    ),
    (18, &["the_same_person_by_another_partner_looks_like_new_outside"], ""),
    (19, &["p19_neither_the_hour_nor_the_size_of_a_letter_tells_why_somebody_was_declined"], ""),
    (
        20,
        &[
            "no_personal_word_of_a_thousand_lives_is_in_a_log_a_store_file_a_process_or_a_letter_that_may_not_hold_it",
            "p1_to_p23_no_generated_life_shows_in_a_letter_a_log_a_file_or_a_process_and_no_secret_does",
        ],
        "",
    ),
    (21, &["no_personal_value_is_found_in_what_is_stored", "a_mail_is_never_shown_by_debug"], ""),
    (
        22,
        &[
            "no_personal_word_of_a_thousand_lives_is_in_a_log_a_store_file_a_process_or_a_letter_that_may_not_hold_it",
            "p1_to_p23_no_generated_life_shows_in_a_letter_a_log_a_file_or_a_process_and_no_secret_does",
        ],
        "a core dump is left to the unit (LimitCORE=0)",
    ),
    (
        23,
        &[
            "no_personal_value_is_found_in_what_is_stored",
            "p23_p27_a_base_backup_of_postgresql_names_nobody_and_after_a_rotation_opens_no_more",
        ],
        "",
    ),
    (
        24,
        &[
            "p24_a_value_opens_only_in_its_own_place_and_with_every_bit_as_it_was",
            "a_wrong_missing_or_dropped_key_is_a_loud_refusal",
            "a_value_in_another_row_does_not_open",
            "a_damaged_value_does_not_open",
            "another_key_file_is_refused_before_anything_is_read",
        ],
        "",
    ),
    (25, &["a_rotation_that_is_killed_at_any_point_goes_on_and_the_old_key_may_go"], ""),
    (
        26,
        &[
            "p26_nothing_made_under_a_permissive_umask_is_open_to_anybody_else",
            "init_makes_a_desk_that_works_as_it_stands_and_touches_nothing_twice",
            "the_service_is_hardened_to_one_point_zero",
        ],
        "",
    ),
    (
        27,
        &[
            "what_is_old_enough_is_deleted_and_what_is_held_is_not",
            "whoever_of_a_mail_is_forgotten_is_nowhere_and_the_others_are_whole",
            "p27_the_files_of_postgresql_hold_neither_the_keys_nor_the_sealed_bytes_of_the_forgotten",
            "p23_p27_a_base_backup_of_postgresql_names_nobody_and_after_a_rotation_opens_no_more",
        ],
        "the files of the store, not the raw device; PostgreSQL's own log keeps sealed bytes and sealed keys until it is written over or the key file is rotated",
    ),
    (28, &["a_forgotten_referral_is_nowhere_and_the_chain_holds", "a_hold_on_one_keeps_the_mail_of_all"], ""),
    (29, &["a_killed_process_leaves_no_half_decision"], "decisions; a forgetting is one transaction too"),
    (30, &["p30_one_of_two_people_in_a_mail_is_forgotten_and_the_other_is_whole"], ""),
    (
        31,
        &[
            "whatever_is_done_to_a_history_is_found_and_named",
            "a_store_that_was_put_back_does_not_match_the_head_that_was_mailed",
            "p31_what_no_chain_shows_does_not_match_the_head_that_was_mailed",
        ],
        "",
    ),
    (32, &["whatever_is_done_to_a_history_is_found_and_named"], ""),
    (33, &["no_personal_value_is_found_in_what_is_stored"], ""),
    (
        34,
        &[
            "p34_an_operator_can_tell_a_client_who_has_seen_their_data",
            "p34_each_read_of_something_personal_is_written_down_with_who_and_what",
            "p34_each_disclosure_is_a_link_of_one_chain_that_nobody_changes_unseen",
        ],
        "",
    ),
    (
        35,
        &[
            "p35_numbers_that_do_harm_are_starred_and_others_are_not",
            "p35_what_has_no_field_and_numbers_that_do_harm_stay_in_the_mail",
            "every_short_history_holds_the_invariants",
        ],
        "",
    ),
    (
        36,
        &[
            "p36_small_counts_are_left_out_of_what_is_exported_by_attribute",
            "no_small_cell_can_be_read_or_worked_out",
        ],
        "",
    ),
    (
        37,
        &[
            "each_mistake_is_one_message_at_its_line_with_a_remedy",
            "p37_who_left_while_a_letter_waited_gets_neither_a_digest_nor_any_other",
        ],
        "",
    ),
    (
        38,
        &[
            "p17_p38_an_answer_about_a_foreign_reference_is_the_answer_about_none",
            "p38_what_a_partner_is_told_of_a_number_that_is_anothers_is_what_it_is_told_of_none",
        ],
        "120 questions at every run; p38_a_hundred_thousand_questions_of_a_partner_tell_it_nothing is run on demand",
    ),
    (39, &["p39_what_is_sent_to_a_helper_names_nobody_and_no_place"], ""),
    (
        40,
        &["a_name_that_reveals_the_service_is_noticed", "warnings_tell_what_a_careful_person_would_change"],
        "",
    ),
];
