"""The sentences of a post's prose, in which a link could be set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.records import Article

_END = re.compile("[。！？][」』）”’]*|[.!?…]+[\"')\\]”’]*(?=\\s+[\"'(“‘]?[^\\W_a-z])")
"""Where a sentence may end: behind a full stop follows no small letter."""
_ABBREVIATION = re.compile(r"(?:\b\w|\b(?:Dr|Mr|Mrs|Ms|vs|No|St|e\.g|i\.e|cf))\.$")
"""An initial and a few words end no sentence by their full stop."""


def sentences_of(line: str) -> Iterator[str]:
    """Cut a line of text into its sentences, in their order."""
    start = 0
    for end in _END.finditer(line):
        if not _ABBREVIATION.search(line, max(start, end.end() - 5), end.end()):
            yield line[start : end.end()].strip()
            start = end.end()
    if rest := line[start:].strip():
        yield rest


def free_sentences(article: Article, body: str) -> Iterator[str]:
    """The sentences of an article's paragraphs in which nothing is a link, a picture or code, in their order."""
    lines = body.split("\n")
    for number, taken in article.prose:
        for sentence in sentences_of(lines[number]):
            if not any(text and text in sentence for text in taken):
                yield sentence


def body_of(article: Article, whole: str) -> str:
    """The body of an article that was emptied, out of its whole text."""
    return whole[len(article_text(article, WHOLE_TEXT)) :].removeprefix("\n")
