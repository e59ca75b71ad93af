"""The language of the report: every sentence of its interface is looked up here by its English text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), with the translations of English texts; a text without one stays English.

    Texts hold values as `{name}`, filled in after the translation.
    """

    code: str
    messages: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str, **values: Any) -> str:
        """Say a text in this language."""
        return self.messages.get(text, text).format(**values)

    def count(self, one: str, many: str, number: int, **values: Any) -> str:
        """Say a text about `number` things, which stands in it as `{n}` with its thousands separated."""
        return self(one if number == 1 else many, n=f"{number:,}", **values)


ENGLISH = Language("en")
