"""Rules on front matter: what cannot be read, what is missing, and what is probably misspelt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from transforms.checks.customs import Customs, habits
from transforms.checks.findings import Dates, Fault, Finding, Fix, Meant, Missing, UnreadDate
from transforms.checks.posts import HowToRead, ReadPost, finding
from transforms.checks.settings import Settings
from transforms.generators.dates import DATE_FORMS
from transforms.reading.dates import is_after, is_over
from transforms.reading.dating import given_dates
from transforms.reading.fields import fold_name

SHORT_KEY = 6
"""A key of fewer letters is misspelt by one of them, a longer one by two at most."""
LONGEST_KEY = 50
"""A longer key is not looked at for slips."""
_UNREAD = ("dated_by_path", "dated_by_change", "undated")
_SIGNS_AFTER = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}\W+")
"""A day with signs after it and no time, as 2024-05-20-, at which some site generators stop."""


def check_front_matter(post: ReadPost, customs: Customs, how: HowToRead, settings: Settings) -> Iterator[Finding]:
    """Check a post's front matter against what is usual on the blog."""
    if post.error:
        yield finding("front-matter-invalid", post, post.error.line or 1, "", Fault("", post.error.reason))
    if post.skipped and post.skipped.kind == "empty":
        yield finding("text-missing", post)
    if post.article:
        misspelt = misspelt_keys(post.keys, customs, how, settings)
        yield from _missing(post, customs, misspelt, how, settings)
        yield from _dates(post, customs, how, settings)
        yield from _keys(post, customs, misspelt, how, settings)


def is_usual(count: int, of: int, settings: Settings, share: float | None = None) -> bool:
    """Tell whether so many of the posts have something that it is missed in another."""
    return of >= settings.least_posts and count >= (settings.usual if share is None else share) * of


def misspelt_keys(keys: Sequence[str], customs: Customs, how: HowToRead, settings: Settings) -> dict[str, str]:
    """Those of a post's keys that no other has, each with the one that it may be meant for.

    Where the generator takes keys in any case, or it is not known whether it does, capitals make no other key.
    """
    return dict(_misspelt(keys, customs, _folding(how), settings))


def is_meant(names: Iterable[str], misspelt: Mapping[str, str]) -> bool:
    """Tell whether a misspelt key may be meant for one of these names: what it is of is not missing then."""
    return not {fold_name(meant) for meant in misspelt.values()}.isdisjoint(map(fold_name, names))


def _missing(
    post: ReadPost, customs: Customs, misspelt: Mapping[str, str], how: HowToRead, settings: Settings
) -> Iterator[Finding]:
    own = habits(post, how)
    titled = own.titled or is_meant(how.fields["title"], misspelt)
    if not titled and is_usual(customs.titled, customs.posts, settings):
        yield finding("title-missing", post, 1, how.fields["title"][0], Missing(customs.titled, customs.posts))
    given = any(True for _ in given_dates(post.matter.values, how.fields["date"]))
    given |= is_meant(how.fields["date"], misspelt)
    if not given and is_usual(customs.dated, customs.posts, settings):
        yield finding("date-missing", post, 1, how.fields["date"][0], Missing(customs.dated, customs.posts))


def _dates(post: ReadPost, customs: Customs, how: HowToRead, settings: Settings) -> Iterator[Finding]:
    yield from _unread_dates(post, how)
    own = habits(post, how)
    field = next((name for name, _ in given_dates(post.matter.values, how.fields["date"])), "")
    line = post.line_of_key(field)
    differ = own.date and own.name_date and own.date != own.name_date
    if differ and is_usual(customs.agree, customs.dated_twice, settings):
        yield finding("date-name", post, line, field, Dates(str(own.date), str(own.name_date)))
    date = post.article and post.article.date
    if not date:
        return
    is_draft = post.skipped is not None and post.skipped.kind == "draft"
    if not is_draft and is_after(date, how.as_of):
        yield finding("date-future", post, line, field, Dates(date[:10], how.as_of))
    if is_draft and date[:10] < how.as_of and is_over(date, how.as_of):
        yield finding("draft-past", post, _line_of_draft(post), field, Dates(date[:10], how.as_of))


def _unread_dates(post: ReadPost, how: HowToRead) -> Iterator[Finding]:
    """The dates that cannot be read, be it by the site's generator alone."""
    name = how.site.generator.name
    forms = DATE_FORMS.get(name)
    told = set[str]()
    for note in post.notes:
        unended = not forms and note.done == "dated_without_time" and _SIGNS_AFTER.fullmatch(note.given.strip())
        if note.field in how.fields["date"] and (note.done in _UNREAD or unended):
            told.add(note.field)
            line = note.line or post.line_of_key(note.field)
            yield finding("date-invalid", post, line, note.field, Fault(note.given))
    for key, value in post.matter.values.items() if forms else ():
        if isinstance(value, str) and value.strip() and key not in told and forms and not forms.reads(key, value):
            yield finding("date-invalid", post, post.line_of_key(key), key, UnreadDate(value, name.capitalize()))


def _line_of_draft(post: ReadPost) -> int:
    return next((post.line_of_key(key) for key in post.keys if "draft" in key.lower()), 1)


def _keys(
    post: ReadPost, customs: Customs, misspelt: Mapping[str, str], how: HowToRead, settings: Settings
) -> Iterator[Finding]:
    for key, meant in misspelt.items():
        known = Meant(meant, customs.keys[meant])
        yield finding("field-misspelt", post, post.line_of_key(key), key, known, fix=Fix("field", key, (meant,)))
    folded = _folding(how)
    own = {folded(key) for key in post.matter.values if isinstance(key, str)}
    told = {*how.fields["title"], *how.fields["date"], *how.fields["tags"], *misspelt.values()}
    for key, count in sorted(customs.newest_keys.items()):
        if folded(key) not in own and key not in told and is_usual(count, customs.newest, settings):
            yield finding("field-missing", post, 1, key, Missing(count, customs.newest))


def _folding(how: HowToRead) -> Callable[[str], str]:
    return str if how.site.generator.any_case is False else str.lower


def _misspelt(
    keys: Sequence[str], customs: Customs, folded: Callable[[str], str], settings: Settings
) -> Iterator[tuple[str, str]]:
    """The keys that no other post has, each with the one that it may be meant for."""
    if customs.posts < settings.least_posts:
        return
    own, known = set(map(folded, keys)), set(map(folded, customs.keys))
    usual = [key for key, count in customs.keys.items() if count >= settings.known_key * customs.posts]
    lacking = sorted((key for key in usual if folded(key) not in own), key=lambda key: (-customs.keys[key], key))
    for key in keys:
        if folded(key) not in known:
            most = 1 if len(key) < SHORT_KEY else 2
            meant = next((other for other in lacking if slips(key.lower(), other.lower(), most) <= most), None)
            if meant:
                yield key, meant


def slips(one: str, other: str, most: int) -> int:
    """Count the letters that are left out, put in, wrong or swapped between two words; more than `most` is `most` + 1.

    The optimal string alignment distance; words of more than `LONGEST_KEY` letters are taken to have more.
    """
    if abs(len(one) - len(other)) > most or len(one) > LONGEST_KEY:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return min(last[-1], most + 1)
