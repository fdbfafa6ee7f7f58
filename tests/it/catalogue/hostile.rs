//! M1 to M30: malicious input.

use super::Case;

/// The cases in their order.
pub(super) const CASES: [Case; 30] = [
    (
        1,
        &[
            "m1_nested_messages_are_refused_by_the_scan_and_never_parsed",
            "m1_digests_inside_digests_are_refused",
            "m1_to_m5_and_m30_hostile_mails_do_not_stop_the_process",
        ],
        "time is measured in a benchmark (cargo bench --bench heavy), not asserted",
    ),
    (2, &["m2_nested_multiparts_are_refused", "bad_mails_are_parked_with_a_cause_and_delay_nobody"], ""),
    (3, &["m3_an_encoded_message_is_left_unparsed"], ""),
    (4, &["m4_too_many_parts_are_refused", "bad_mails_are_parked_with_a_cause_and_delay_nobody"], ""),
    (
        5,
        &[
            "m5_headers_are_bounded_in_number_and_size",
            "m5_boundaries_that_never_come_are_not_searched_for_ever",
            "m5_a_mail_over_a_bound_keeps_its_subject_for_the_person_who_looks",
            "m1_to_m5_the_bounds_are_found_however_long_the_mail_is",
        ],
        "time is measured in a benchmark (cargo bench --bench heavy), not asserted",
    ),
    (
        6,
        &[
            "m6_archives_are_listed_and_never_unpacked",
            "m6_what_is_broken_or_lies_about_its_size_is_unpacked_as_far_as_it_goes",
            "m6_deep_broken_and_endless_rich_text_is_read_as_far_as_it_goes",
            "broken_bombed_and_foreign_files_are_no_packets",
        ],
        "documents and workbooks are unpacked, within bounds",
    ),
    (7, &["m7_charset_tricks_neither_stop_the_reading_nor_lose_plain_words"], ""),
    (
        8,
        &[
            "m8_every_odd_shape_is_read_or_said",
            "m8_what_readers_could_see_differently_is_said",
            "m8_line_ends_and_leading_lines_are_set_right",
            "m8_a_container_without_an_end_does_not_swallow_its_siblings",
        ],
        "",
    ),
    (
        9,
        &[
            "m9_no_author_counts_whom_another_parser_sees_differently",
            "subject_author_attachments_and_text_are_as_others_read_them",
        ],
        "the corpora of 967 mails",
    ),
    (
        10,
        &[
            "m10_no_field_carries_controls_or_tricks_out_of_intake",
            "m10_a_shown_line_has_no_controls_and_no_tricks",
            "nothing_hostile_is_left_in_a_line",
        ],
        "",
    ),
    (
        11,
        &[
            "m11_no_field_that_can_reach_a_header_has_a_line_end_or_a_nought",
            "any_words_make_a_mail_that_passes_the_lint",
        ],
        "hundreds of names a run, not a million",
    ),
    (12, &["no_text_from_outside_reaches_a_header_or_makes_a_line"], ""),
    (13, &["m13_a_mail_inside_a_text_is_only_text", "s25_a_line_end_that_is_not_crlf_is_never_sent"], ""),
    (
        14,
        &[
            "m14_hostile_html_neither_overflows_the_stack_nor_loses_its_words",
            "no_text_from_outside_reaches_a_header_or_makes_a_line",
        ],
        "",
    ),
    (
        15,
        &[
            "m15_the_signs_of_templates_are_only_signs",
            "no_text_from_outside_reaches_a_header_or_makes_a_line",
        ],
        "",
    ),
    (
        16,
        &[
            "no_personal_word_of_a_thousand_lives_is_in_a_log_a_store_file_a_process_or_a_letter_that_may_not_hold_it",
        ],
        "logs hold no text of a mail at all, so that none can break a line",
    ),
    (17, &[], "nothing is exported as a sheet: exports are JSON"),
    (18, &["m18_names_of_attachments_are_only_names", "m18_a_file_name_is_never_a_path"], ""),
    (
        19,
        &[
            "m19_a_reference_is_found_however_it_arrives_and_never_a_wrong_one",
            "every_single_wrong_symbol_is_caught",
            "every_swap_of_two_symbols_is_caught",
        ],
        "",
    ),
    (20, &["m20_a_look_alike_of_a_partners_domain_is_not_the_partner"], ""),
    (
        21,
        &["m21_texts_are_read_however_long_they_are", "long_hostile_text_is_read_without_panic"],
        "time is measured in a benchmark (cargo bench --bench heavy), not asserted",
    ),
    (22, &["m22_a_date_that_cannot_be_or_can_be_read_twice_is_no_deadline_by_itself"], ""),
    (23, &["m23_signs_that_mean_something_elsewhere_are_only_signs"], "lengths are capped at the door (M5)"),
    (
        24,
        &[
            "m24_of_two_answers_the_safer_one_counts",
            "two_answers_about_consent_or_safety_leave_the_safer_one_and_a_question",
        ],
        "",
    ),
    (
        25,
        &[
            "m25_fields_in_quotes_and_signatures_do_not_fill_the_packet",
            "a_quoted_or_hidden_field_fills_nothing",
        ],
        "",
    ),
    (
        26,
        &[
            "m26_only_a_plain_yes_makes_a_channel_safe",
            "no_value_is_judged_a_yes_unless_it_says_so",
            "whoever_agrees_with_a_policy_lets_nobody_share_anything",
        ],
        "",
    ),
    (
        27,
        &["bad_mails_are_parked_with_a_cause_and_delay_nobody"],
        "each good mail behind a bad one is answered in time; the ratio of latencies is not measured",
    ),
    (
        28,
        &[
            "m28_raw_bytes_become_exactly_one_disposition_and_lose_no_text",
            "m28_plain_bodies_are_taken_apart_without_loss",
            "m28_markup_is_taken_apart_without_loss",
            "m28_form_texts_become_packets",
            "m28_reply_texts_become_commands",
            "m28_delivery_reports_name_bounded_clean_recipients",
            "m28_no_damage_makes_the_trusted_server_vouch_for_another_author",
            "m28_addresses_and_references_are_themselves_again",
            "m28_attachments_and_envelopes_of_outlook_never_panic_and_lose_no_text",
            "m28_rich_text_gives_bounded_text",
        ],
        "seconds a target in each run; hours before a release are left to whoever releases, with the same targets under a
         fuzzer in `tests/fuzz`",
    ),
    (
        29,
        &["m29_what_is_cleaned_twice_is_cleaned_once", "forms_of_attested_labels_are_read_in_every_layout"],
        "",
    ),
    (
        30,
        &[
            "m30_no_damaged_mail_stops_intake",
            "m30_an_envelope_of_outlook_and_encrypted_or_signed_mails_are_read_or_listed",
        ],
        "",
    ),
];
