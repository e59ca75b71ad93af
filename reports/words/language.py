"""The language of the report: every text of its interface is looked up here by its English wording."""

from __future__ import annotations

import gettext
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

AUTO = "auto"
CATALOGUES = files("templates").joinpath("language")
"""The folder of gettext's .po files, named by their languages."""
_SUFFIX = ".po"
LANGUAGES = (
    "en",
    *sorted(file.name.removesuffix(_SUFFIX) for file in CATALOGUES.iterdir() if file.name.endswith(_SUFFIX)),
)
"""The languages of the interface: English, in which all texts are written, and those that have a catalogue."""


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), with the translations of English texts; a text without one stays English.

    Texts hold values as `{name}`, filled in after the translation. Of texts about a number, `plurals` has the forms by
    the English pair, and `form` tells which of them a number takes.
    """

    code: str
    messages: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = lambda number: int(number != 1)

    def __call__(self, text: str, **values: Any) -> str:
        """Say a text in this language."""
        translated = self.messages.get(text, text)
        return translated.format(**values) if values else translated

    def count(self, one: str, many: str, number: int, **values: Any) -> str:
        """Say a text about `number` things, which stands in it as `{n}` with its thousands separated."""
        forms = self.plurals.get((one, many))
        text = forms[self.form(number)] if forms else self.messages.get(one if number == 1 else many)
        return (text or (one if number == 1 else many)).format(n=f"{number:,}", **values)

    def join(self, sentences: Iterable[str]) -> str:
        """Put sentences behind each other, as this language does: with a space between, unless it has none."""
        return ("" if self.code == "ja" else " ").join(sentences)


ENGLISH = Language("en")


def to_say(text: str) -> str:
    """Mark a text that is said elsewhere, so that whoever gathers texts to translate finds it."""
    return text


def load_language(code: str) -> Language:
    """Read the catalogue of one of `LANGUAGES`, as gettext's .po files hold it; raises ValueError for another code."""
    if code not in LANGUAGES:
        raise ValueError(f"{code!r} is no language of the report; give one of {', '.join(LANGUAGES)}")
    if code == ENGLISH.code:
        return ENGLISH
    from babel.messages.pofile import read_po

    catalogue = read_po(io.BytesIO(CATALOGUES.joinpath(f"{code}{_SUFFIX}").read_bytes()))
    messages: dict[str, str] = {}
    plurals: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalogue:
        if isinstance(message.id, str):
            messages[message.id] = str(message.string)
        else:
            one, many = message.id
            forms = tuple(message.string or ())
            messages[one], messages[many] = forms[0], forms[-1]
            if all(forms):
                plurals[one, many] = forms
    said = {text: translation for text, translation in messages.items() if text and translation}
    return Language(code, said, plurals, gettext.c2py(catalogue.plural_expr))


def main_language(languages: Iterable[str | None]) -> str:
    """The language of `LANGUAGES` that most articles are written in, by their own codes.

    One that states none and whose script tells none is taken for English.
    """
    counts = Counter((code or ENGLISH.code).lower().replace("_", "-").partition("-")[0] for code in languages)
    return min(LANGUAGES, key=lambda code: (-counts[code], LANGUAGES.index(code)))
