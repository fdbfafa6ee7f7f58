//! T1 to T25: time.

use super::Case;

/// The cases in their order.
pub(super) const CASES: [Case; 25] = [
    (
        1,
        &[
            "t1_t2_t21_one_digest_a_local_day_also_when_its_hour_is_missing_or_comes_twice",
            "a_local_time_in_a_gap_is_the_first_valid_instant_and_in_a_fold_the_first_occurrence",
            "the_night_of_the_clock_change_fires_everything_once",
        ],
        "",
    ),
    (
        2,
        &[
            "t1_t2_t21_one_digest_a_local_day_also_when_its_hour_is_missing_or_comes_twice",
            "a_local_time_in_a_gap_is_the_first_valid_instant_and_in_a_fold_the_first_occurrence",
            "the_night_of_the_clock_change_fires_everything_once",
        ],
        "",
    ),
    (
        3,
        &[
            "every_zone_answers_in_order_across_two_years",
            "a_due_time_never_gets_earlier_by_a_later_start_or_more_days",
            "open_time_adds_up",
        ],
        "every zone at 473 instants of two years (280,000 cases) and the property tests beside it, not a million",
    ),
    (
        4,
        &[
            "every_zone_answers_in_order_across_two_years",
            "a_date_the_zone_skipped_is_no_business_day",
            "each_mistake_is_one_message_at_its_line_with_a_remedy",
        ],
        "a zone that is gone is a mistake of the config",
    ),
    (
        5,
        &[
            "business_days_end_at_closing_time",
            "a_half_day_ends_early_and_counts_as_a_day",
            "without_any_hours_every_day_counts",
            "holidays_for_ever_and_endless_spans_still_end",
            "friday_evening_counts_its_days_from_monday",
        ],
        "",
    ),
    (
        6,
        &[
            "t6_other_rules_of_time_zones_move_no_due_time_and_are_told_once",
            "t6_t24_other_settings_move_no_due_time_that_runs_and_count_for_what_comes_next",
        ],
        "the rules of all zones come with the program; log and digest say when a version brought others",
    ),
    (
        7,
        &[
            "t7_a_leap_day_a_year_that_ends_and_the_end_of_32_bits_are_days_like_others",
            "t19_no_clock_runs_by_the_date_a_mail_gives_itself",
            "m22_a_date_that_cannot_be_or_can_be_read_twice_is_no_deadline_by_itself",
        ],
        "",
    ),
    (
        8,
        &[
            "t8_a_clock_that_leaps_three_days_while_we_run_is_told_and_nobody_is_chased_by_it",
            "t8_a_clock_that_leapt_and_runs_on_for_a_day_is_the_right_one",
            "t8_t11_a_clock_that_jumps_ahead_gives_nobody_up_and_floods_nobody",
        ],
        "a leap of more than a day while we run; a shorter one, and one while we were down, is caught up like a downtime",
    ),
    (
        9,
        &[
            "t9_a_clock_that_is_set_back_fires_nothing_twice_and_moves_no_due_time",
            "t9_what_has_expired_does_not_come_alive_when_the_clock_is_set_back",
            "t10_a_clock_that_stays_behind_for_a_day_is_the_right_one",
        ],
        "",
    ),
    (
        10,
        &[
            "t10_with_a_clock_that_cannot_be_right_mail_is_taken_and_nothing_is_chased_or_sent_to_clients",
            "t10_a_clock_that_is_set_wrong_again_is_believed_no_sooner",
            "t10_mail_that_came_by_a_clock_too_far_ahead_has_the_time_of_the_right_one",
            "t10_what_a_wrong_clock_put_off_leaves_once_it_is_set_right",
            "t10_a_start_by_a_wrong_clock_holds_nothing_up_once_it_is_set_right",
        ],
        "",
    ),
    (
        11,
        &[
            "t8_t11_a_clock_that_jumps_ahead_gives_nobody_up_and_floods_nobody",
            "t11_a_machine_that_slept_for_days_catches_up_like_one_that_was_down",
            "t11_a_letter_that_waited_while_the_machine_slept_leaves_only_after_the_inbox_was_read",
            "t11_what_went_by_counts_the_sleep_of_the_machine",
        ],
        "in virtual time; the process itself is not suspended",
    ),
    (
        12,
        &[
            "without_an_inbox_for_three_days_nobody_is_given_up",
            "an_inbox_that_is_down_is_said_once_and_recovers",
        ],
        "",
    ),
    (
        13,
        &[
            "without_a_relay_for_three_days_nobody_is_given_up",
            "t13_no_contact_is_given_up_on_a_warning_that_lay_with_us_and_one_that_never_left_is_written_again",
        ],
        "",
    ),
    (
        14,
        &[
            "five_hundred_open_two_hundred_overdue_and_sixty_past_the_end_are_caught_up_in_a_quarter_of_an_hour",
            "after_three_days_down_the_inbox_is_read_before_anybody_is_chased",
            "a_day_down_skips_what_is_over_and_says_so",
        ],
        "",
    ),
    (15, &["t15_a_daemon_that_starts_again_and_again_says_everything_once"], ""),
    (
        16,
        &["t16_a_thousand_due_in_one_minute_are_one_letter_a_person_and_danger_comes_first"],
        "three hundred mails, in the story; what is due at once is one letter a person, whatever its number",
    ),
    (
        17,
        &[
            "t17_every_stage_comes_at_its_time_in_order_and_never_before",
            "a_ladder_looked_after_on_time_ends_and_warns_before",
            "any_life_with_any_clock_holds_the_invariants",
        ],
        "",
    ),
    (
        18,
        &["t18_what_lies_in_the_inbox_when_the_time_is_up_counts_and_what_comes_after_does_not_undo"],
        "what was read before the contact is given up counts, also if it came a moment late",
    ),
    (19, &["t19_no_clock_runs_by_the_date_a_mail_gives_itself"], ""),
    (
        20,
        &[
            "a_court_date_tomorrow_is_told_at_once_also_at_night",
            "a_court_date_that_is_over_is_said_to_be_over",
            "danger_runs_on_the_fast_ladder_at_any_hour",
        ],
        "",
    ),
    (
        21,
        &[
            "t1_t2_t21_one_digest_a_local_day_also_when_its_hour_is_missing_or_comes_twice",
            "t21_a_day_that_was_missed_is_named_in_the_next_digest",
            "t9_a_clock_that_is_set_back_fires_nothing_twice_and_moves_no_due_time",
            "t15_a_daemon_that_starts_again_and_again_says_everything_once",
        ],
        "",
    ),
    (
        22,
        &[
            "t22_the_answer_is_safe_in_every_zone_and_nothing_before_it_is",
            "t22_a_letter_waits_for_the_clients_own_morning_and_a_zone_in_doubt_is_asked_about",
        ],
        "the property test draws some hundred of zones, hours and instants a run, and looks at every quarter of an hour; not 100,000",
    ),
    (
        23,
        &["times_are_shown_in_the_zone_and_language"],
        "every time names its weekday and its zone; staff elsewhere read the zone of the house, and there is one calendar",
    ),
    (
        24,
        &[
            "t6_t24_other_settings_move_no_due_time_that_runs_and_count_for_what_comes_next",
            "t24_check_says_which_numbers_the_referrals_that_run_keep_under_a_changed_config",
            "the_ladder_of_a_config_is_told_in_its_own_numbers",
        ],
        "nobody re-plans what runs; `check --connect` is the dry run, and `simulate` shows what a ladder would do",
    ),
    (25, &[], "measured, not asserted: tests/bench/a-million-referrals.md has a tick over a million rows"),
];
