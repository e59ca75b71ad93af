"""The language of the report: every text of its interface is looked up here by its English wording."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

AUTO = "auto"
LANGUAGES = ("en", "ja")
"""The languages of the interface; all but English have a catalogue below templates/language."""


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), with the translations of English texts; a text without one stays English.

    Texts hold values as `{name}`, filled in after the translation.
    """

    code: str
    messages: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str, **values: Any) -> str:
        """Say a text in this language."""
        translated = self.messages.get(text, text)
        return translated.format(**values) if values else translated

    def count(self, one: str, many: str, number: int, **values: Any) -> str:
        """Say a text about `number` things, which stands in it as `{n}` with its thousands separated."""
        return self(one if number == 1 else many, n=f"{number:,}", **values)


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

    content = files("templates").joinpath(f"language/{code}.po").read_bytes()
    messages: dict[str, str] = {}
    for message in read_po(io.BytesIO(content), locale=code):
        if isinstance(message.id, str):
            messages[message.id] = str(message.string)
        else:
            forms = tuple(message.string or ())
            messages[message.id[0]], messages[message.id[1]] = forms[0], forms[-1]
    return Language(code, {text: translation for text, translation in messages.items() if text and translation})


def main_language(languages: Iterable[str | None]) -> str:
    """The language of `LANGUAGES` that most articles are written in, by their own codes.

    One that states none and whose script tells none is taken for English.
    """
    counts = Counter((code or ENGLISH.code).lower().replace("_", "-").partition("-")[0] for code in languages)
    return min(LANGUAGES, key=lambda code: (-counts[code], LANGUAGES.index(code)))
