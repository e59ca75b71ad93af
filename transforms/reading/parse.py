"""From the text of a post to an Article, or to the reason why it is none."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import PurePosixPath

from transforms.generators.generator import Generator
from transforms.generators.registry import COMMON, splits_at_spaces
from transforms.generators.registry import FIELDS as ADDRESS_FIELDS
from transforms.plumbing.storage import UnavailableError
from transforms.reading.dates import without_date
from transforms.reading.dating import date_post, last_change
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import (
    FIELDS,
    clean_addresses,
    clean_flag,
    clean_language,
    clean_tags,
    clean_text,
    clean_thumbnail,
    clean_url,
    find_values,
    first_clean,
    with_spaced_tags,
)
from transforms.reading.files import read_post
from transforms.reading.front_matter import split_front_matter
from transforms.reading.language import detect_language
from transforms.reading.markdown import Document, parse_markdown, plain_text
from transforms.reading.notebook import Notebook
from transforms.records import Article, PostFile
from transforms.results import Note, Rejected, Skipped

REPOSITORY_PAGES = ("CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "LICENSE", "README", "SECURITY")


def parse_article(
    text: str,
    path: str,
    fields: Mapping[str, tuple[str, ...]] = FIELDS,
    *,
    as_of: str,
    include: frozenset[str] = frozenset(),
    notes: list[Note] | None = None,
    spaced: bool = False,
) -> Article | Skipped:
    """Read a post: the fields from its front matter, then what is missing from its text, its path and its script.

    `fields` gives the names of each field, as FIELDS does. Drafts, hidden posts and those dated after `as_of`
    (YYYY-MM-DD) are skipped unless `include` has 'drafts', 'hidden' or 'future'; a post without a word always is, and
    so is a README or the like without front matter. With `spaced`, a string of tags is split at its spaces. What of an
    Article could not be taken as the post gives it is added to `notes`.

    Raises ParseError if the front matter cannot be read, or if there is more of something than `transforms.limits`
    says.
    """
    try:
        return _parse(text, path, fields, as_of, include, notes if notes is not None else [], spaced=spaced)
    except RecursionError:
        raise ParseError(path, None, "nested too deeply") from None
    except LimitError as error:
        raise ParseError(path, error.line, error.reason) from None


def article_id(path: str) -> str:
    """A post's path without its suffix, or its folder's path if the file is an index."""
    post = PurePosixPath(path).with_suffix("")
    return str(post.parent if post.name == "index" and post.parent.name else post)


def _parse(
    text: str,
    path: str,
    fields: Mapping[str, tuple[str, ...]],
    as_of: str,
    include: frozenset[str],
    notes: list[Note],
    *,
    spaced: bool,
) -> Article | Skipped:
    matter = split_front_matter(text, path)
    values = with_spaced_tags(matter.values) if spaced else matter.values
    skipped = _skip_page(values, path) or _skip(values, path, include)
    if skipped:
        return skipped
    name = PurePosixPath(article_id(path)).name
    notebook = Notebook(path, matter)
    date = date_post(values, article_id(path), fields, notebook)
    if date and date[:10] > as_of and "future" not in include:
        return Skipped(path, "future", f"dated {date[:10]}, after {as_of}")
    try:
        document = parse_markdown(matter.body, mdx=path.lower().endswith(".mdx"))
    except LimitError as error:
        above = text.count("\n") - matter.body.count("\n")
        raise LimitError(error.line and above + error.line, error.reason) from None
    if not document.headings and not document.lede:
        return Skipped(path, "empty", "no text and no heading")
    title = (
        html.unescape(first_clean(values, fields["title"], clean_text) or "")
        or next(iter(document.headings), "")
        or without_date(name)
    )
    notes.extend(notebook.notes)
    return Article(
        id=article_id(path),
        path=path,
        title=title,
        date=date,
        tags=first_clean(values, fields["tags"], clean_tags) or (),
        categories=first_clean(values, fields["categories"], clean_tags) or (),
        lede=plain_text(first_clean(values, fields["lede"], clean_text) or "") or document.lede,
        headings=document.headings,
        language=first_clean(values, fields["language"], clean_language) or detect_language(_text_of(title, document)),
        url=first_clean(values, fields["url"], clean_url),
        thumbnail=first_clean(values, fields["thumbnail"], clean_thumbnail),
        hrefs=document.hrefs,
        address_fields=clean_addresses(values, ADDRESS_FIELDS),
        updated=last_change(values, fields),
        body=document.body,
    )


def _text_of(title: str, document: Document) -> str:
    return "\n".join((title, document.body or document.lede, *document.headings))


def _skip_page(values: Mapping[str, object], path: str) -> Skipped | None:
    name = PurePosixPath(path).stem
    if name.upper() in REPOSITORY_PAGES and not values:
        return Skipped(path, "page", f"{name} without front matter is about the repository")
    return None


def _skip(values: Mapping[str, object], path: str, include: frozenset[str]) -> Skipped | None:
    if "drafts" not in include:
        if "_drafts" in PurePosixPath(path).parts:
            return Skipped(path, "draft", "in _drafts")
        for name, sign in (("draft", True), ("published", False)):
            if any(clean_flag(value) is sign for value in find_values(values, (name,))):
                return Skipped(path, "draft", f"{name}: {str(sign).lower()}")
    if "hidden" not in include:
        for name in ("hidden", "unlisted"):
            if any(clean_flag(value) for value in find_values(values, (name,))):
                return Skipped(path, "hidden", f"{name}: true")
        for value in find_values(values, ("visibility",)):
            if clean_text(value).casefold() in ("hidden", "unlisted"):
                return Skipped(path, "hidden", f"visibility: {clean_text(value)}")
    return None


def read_article(
    file: PostFile,
    fields: Mapping[str, tuple[str, ...]] = FIELDS,
    *,
    as_of: str,
    include: frozenset[str] = frozenset(),
    notes: list[Note] | None = None,
    generator: Generator = COMMON,
) -> Article | Rejected | Skipped:
    """Read and parse a post of a site as `parse_article` does; whatever goes wrong with it becomes a Rejected.

    Raises UnavailableError when its filesystem does not answer, lest posts are missing from the results without need.
    """
    try:
        text, spaced = read_post(file), splits_at_spaces(generator, f"{file.root}/{file.path}".split("/"))
        return parse_article(text, file.path, fields, as_of=as_of, include=include, notes=notes, spaced=spaced)
    except ParseError as error:
        return Rejected(error.path, error.line, error.reason)
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001  # one post must not stop the run
        return Rejected(file.path, None, " ".join(f"{type(error).__name__}: {error}".split())[:200])
