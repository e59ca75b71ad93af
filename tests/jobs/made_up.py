"""A made-up language: English in circled letters, as a catalogue of its own and nothing else."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

CODE = "qaa"
"""A code that is set aside for private use."""
_CIRCLED = str.maketrans(
    string.ascii_letters,
    "".join(chr(0x24D0 + at) for at in range(26)) + "".join(chr(0x24B6 + at) for at in range(26)),
)


def in_circles(text: str) -> str:
    """Write a text in the made-up language; what stands in braces is left for values."""
    return "".join(part if part[:1] == "{" else part.translate(_CIRCLED) for part in re.split(r"(\{\w+\})", text))


def patterns(folder: Path) -> list[re.Pattern[str]]:
    """What the texts of the interface look like with their values, in English and in the languages of a folder."""
    said = {text for file in folder.glob("*.po") for message in read(file) for text in _both(message)}
    literals = ((text, re.sub(r"\{\w+\}", "", text)) for text in said)
    telling = [text for text, literal in literals if re.search(r"[A-Za-z]{3}|[\u3040-\u30ff\u4e00-\u9fff]{2}", literal)]
    return [re.compile(".+".join(map(re.escape, re.split(r"\{\w+\}", text))), re.DOTALL) for text in telling]


def read(file: Path) -> Iterator[Message]:
    """The messages of a catalogue."""
    return (message for message in read_po(io.BytesIO(file.read_bytes())) if message.id)


def add_language(folder: Path) -> None:
    """Write the language's catalogue into a folder of catalogues, for the texts that the first one has."""
    catalogue = Catalog(header_comment="", fuzzy=False)
    for message in read(min(folder.glob("*.po"))):
        forms = tuple(map(in_circles, _flat(message.id)))
        catalogue.add(message.id, forms if message.pluralizable else forms[0])
    with (folder / f"{CODE}.po").open("wb") as file:
        write_po(file, catalogue, width=0)


def _flat(text: str | Sequence[str]) -> list[str]:
    return [text] if isinstance(text, str) else [*text]


def _both(message: Message) -> list[str]:
    return [*_flat(message.id), *_flat(message.string)]
