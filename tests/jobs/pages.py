"""The pages for people, and what the tests look for in them: headings, tables, links, code, long lines."""

import itertools
import re
from collections import Counter

from markdown_it import MarkdownIt

from tests.jobs.results import ROOT

MARKDOWN = MarkdownIt("commonmark").enable("table")
DOCS = {f"docs/{path.name}": path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, **DOCS}
WIDTH = 100


def headings(text):
    """Every heading's level, title and line."""
    tokens = MARKDOWN.parse(text)
    return [
        (int(token.tag[1]), words_of(tokens[at + 1]), token.map[0])
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def words_of(inline):
    return "".join(child.content for child in inline.children)


def section(text, title):
    """What stands below a heading, up to the next one of its level or above."""
    found = headings(text)
    ((level, _, first),) = [heading for heading in found if heading[1] == title]
    end = next((line for other, _, line in found if line > first and other <= level), None)
    return "\n".join(text.splitlines()[first + 1 : end])


def anchors(text):
    """The anchors that GitHub gives to headings."""
    seen = Counter()
    found = []
    for _, title, _ in headings(text):
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        found.append(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def links(text):
    """Where links lead and which pictures are shown."""
    inline = [child for token in MARKDOWN.parse(text) for child in token.children or ()]
    return [str(child.attrs[name]) for child in inline for name in ("href", "src") if name in child.attrs]


def tables(text):
    """Every table: its rows, the header first, of the markdown in their cells."""
    found = []
    tokens = MARKDOWN.parse(text)
    for token, after in itertools.pairwise(tokens):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            found[-1][-1].append(after.content)
    return found


def rows(text, header):
    """The rows of all tables whose first column is headed so."""
    return [row for table in tables(text) if table[0][0] == header for row in table[1:]]


def code(text):
    """Every block of code: its language and its lines."""
    return [(token.info, token.content) for token in MARKDOWN.parse(text) if token.type == "fence"]


def prose(text):
    """Every line that is neither code nor part of a table: its number and its text, links without their targets."""
    spans = [token.map for token in MARKDOWN.parse(text) if token.type in ("fence", "table_open")]
    kept = {number for first, end in spans for number in range(first, end)}
    return [
        (number + 1, re.sub(r"\]\([^)]*\)", "]", line))
        for number, line in enumerate(text.splitlines())
        if number not in kept
    ]


def long_lines(text):
    return [number for number, line in prose(text) if len(line) > WIDTH]


def flags_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))
