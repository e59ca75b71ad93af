"""Translations: which posts are missing in a language, and which are older than their original's last change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.views import ArticleLinks, LanguageRow, Listing, TranslationRow
from reports.words.format import number
from reports.words.language import ENGLISH, Language
from transforms.output.totals import Totals, TranslationCount, is_untranslated
from transforms.results import Translated


def translation_rows(
    rows: Sequence[Translated], links: ArticleLinks, totals: Totals, say: Language = ENGLISH
) -> Listing[TranslationRow]:
    """What there is to do for translations: first those to renew, then posts to translate, both by id.

    What a post is missing in is said of its original alone.
    """
    outdated = [row for row in rows if row.outdated]
    lacking = [row for row in rows if is_untranslated(row)]
    found = [
        *(TranslationRow(links[row.id], links[row.original], ()) for row in sorted(outdated, key=_id)),
        *(
            TranslationRow(links[row.id], None, tuple(language_name(code, say) for code in row.missing))
            for row in sorted(lacking, key=_id)
        ),
    ]
    total = sum(count for (_, kind), count in totals.translations.items() if kind == "outdated")
    return Listing(tuple(found), total + totals.counts["untranslated"])


def language_rows(
    translations: Mapping[tuple[str, TranslationCount], int], say: Language = ENGLISH
) -> tuple[LanguageRow, ...]:
    """The languages that posts are translated into or from, that of most posts first."""
    counts = Counter(translations)
    languages = sorted({code for code, _ in counts}, key=lambda code: (-counts[code, "posts"], code))
    return tuple(
        LanguageRow(
            language_name(code, say),
            *(number(counts[code, kind]) for kind in ("posts", "missing", "outdated")),
        )
        for code in languages
    )


def language_name(code: str, say: Language = ENGLISH) -> str:
    """What a language is called in the report's own; its code where nobody has a name for it."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code, sep="-").get_display_name(say.code)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def _id(row: Translated) -> str:
    return row.id
