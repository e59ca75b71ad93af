"""What was done with what a post gives and could not be taken as it is, in words."""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.language import to_say
from transforms.results import NoteKind

DONE: Mapping[NoteKind, str] = {
    "dated_by_field": to_say("dated by another field"),
    "dated_by_path": to_say("dated by its file’s name or folders"),
    "dated_by_change": to_say("dated by its last change"),
    "dated_first_day": to_say("dated to the first day of it"),
    "dated_without_time": to_say("the day was read, the time was not"),
    "undated": to_say("left without a date"),
    "passed_over": to_say("passed over"),
    "cut": to_say("cut, because it is too long"),
}
