"""From the text of a post to an Article, or to the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import PurePosixPath

from transforms.generators.generator import Generator
from transforms.generators.registry import COMMON, splits_at_spaces
from transforms.generators.registry import FIELDS as ADDRESS_FIELDS
from transforms.limits import (
    BODY_CHARACTERS,
    FRONT_MATTER_KEY_CHARACTERS,
    FRONT_MATTER_KEYS,
    HEADING_CHARACTERS,
    HEADINGS,
    LEDE_CHARACTERS,
    TITLE_CHARACTERS,
)
from transforms.plumbing.printable import printable
from transforms.plumbing.storage import UnavailableError
from transforms.reading.clean_line import clean_line
from transforms.reading.clues import Clue, find_clues
from transforms.reading.dates import without_date
from transforms.reading.dating import date_post, last_change
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import (
    FIELDS,
    clean_addresses,
    clean_language,
    clean_lede,
    clean_tags,
    clean_thumbnail,
    clean_title,
    clean_url,
    first_clean,
    with_spaced_tags,
)
from transforms.reading.files import blob_name, decode, read_content
from transforms.reading.front_matter import FrontMatter, split_front_matter
from transforms.reading.language import detect_language
from transforms.reading.markdown import Document, href_lines, parse_markdown, plain_text
from transforms.reading.notebook import Notebook
from transforms.reading.shown import Looked, why_skipped
from transforms.records import Article, PostFile
from transforms.results import Note, Rejected, Skipped


def parse_article(
    text: str,
    path: str,
    fields: Mapping[str, tuple[str, ...]] = FIELDS,
    *,
    as_of: str,
    include: frozenset[str] = frozenset(),
    neighbors: int = 0,
    bundled: bool = False,
    notes: list[Note] | None = None,
    spaced: bool = False,
    address_fields: tuple[str, ...] = ADDRESS_FIELDS,
    link_texts: bool = True,
    matter: FrontMatter | None = None,
) -> Article | Skipped:
    """Read a post: the fields from its front matter, then what is missing from its text, its path and its script.

    `fields` gives the names of each field, as FIELDS does. A post that the site does not show on the day `as_of`
    (YYYY-MM-DD) is skipped, unless `include` has a word of INCLUDABLE for its kind; a post without a word always is.
    `neighbors` and `bundled` are those of its PostFile. With `spaced`, a string of tags is split at its spaces, and
    without `link_texts` the texts of links are left out. What of an Article could not be taken as the post gives it is
    added to `notes`. The front matter is split off unless it is given as `matter`.

    Raises ParseError if the front matter cannot be read, or if there is more of something than `transforms.limits`
    says.
    """
    try:
        noted = notes if notes is not None else []
        file = PostFile("", path, len(text), neighbors, bundled)
        matter = split_front_matter(text, path) if matter is None else matter
        return _parse(text, matter, file, fields, as_of, include, noted, spaced, address_fields, link_texts=link_texts)
    except RecursionError:
        raise ParseError(path, None, "nested too deeply") from None
    except LimitError as error:
        raise ParseError(path, error.line, error.reason) from None


@lru_cache(maxsize=1 << 14)  # every post's is asked for again and again
def article_id(path: str) -> str:
    """A post's path without its suffix, or its folder's path if the file is an index."""
    post = PurePosixPath(path).with_suffix("")
    return str(post.parent if post.name == "index" and post.parent.name else post)


def _parse(
    text: str,
    matter: FrontMatter,
    file: PostFile,
    fields: Mapping[str, tuple[str, ...]],
    as_of: str,
    include: frozenset[str],
    notes: list[Note],
    spaced: bool,
    address_fields: tuple[str, ...],
    *,
    link_texts: bool,
) -> Article | Skipped:
    path = file.path
    values = with_spaced_tags(matter.values) if spaced else matter.values
    name = PurePosixPath(article_id(path)).name
    notebook = Notebook(path, matter)
    date = date_post(values, article_id(path), fields, notebook)
    addresses = clean_addresses(values, address_fields)
    looked = Looked(values, path, date, file.neighbors, file.bundled)
    if reason := why_skipped(looked, as_of, include, fields["expires"], notebook):
        return Skipped(path, *reason, date, addresses)
    try:
        suffix = PurePosixPath(path).suffix.lower()
        kinds = {"mdx": suffix == ".mdx", "quarto": suffix == ".qmd"}
        document = parse_markdown(matter.body, **kinds, link_texts=link_texts)
    except LimitError as error:
        above = text.count("\n") - matter.body.count("\n")
        raise LimitError(error.line and above + error.line, error.reason) from None
    if len(document.body) > BODY_CHARACTERS:
        document = _cut_body(document, notebook)
    lede = plain_text(first_clean(values, fields["lede"], clean_lede) or "") or document.lede
    if not (lede or document.headings or document.body):
        return Skipped(path, "empty", "no text and no heading", date, addresses)
    title = (
        first_clean(values, fields["title"], clean_title)
        or next(iter(document.headings), "")
        or clean_line(without_date(name))
        or printable(name)
    )
    tags = first_clean(values, fields["tags"], clean_tags) or ()
    article = Article(
        id=article_id(path),
        path=path,
        title=_cut("title", TITLE_CHARACTERS, notebook, title),
        date=date,
        tags=tags,
        categories=first_clean(values, fields["categories"], clean_tags) or (),
        lede=_cut("lede", LEDE_CHARACTERS, notebook, lede),
        headings=_cut_headings(document.headings, notebook),
        language=first_clean(values, fields["language"], clean_language)
        or detect_language(_text_of(title, lede, document)),
        url=first_clean(values, fields["url"], clean_url),
        thumbnail=first_clean(values, fields["thumbnail"], clean_thumbnail),
        hrefs=document.hrefs,
        href_lines=href_lines(matter.body, document.hrefs, 1 + text.count("\n") - matter.body.count("\n")),
        address_fields=addresses,
        updated=last_change(values, fields) or "",
        clues=_clues(values, fields, date, tags),
        keys=_keys(matter.values),
        prose=document.prose,
        body=document.body,
    )
    notes.extend(notebook.notes)
    return article


def _clues(
    values: Mapping[str, object], fields: Mapping[str, tuple[str, ...]], date: str | None, tags: tuple[str, ...]
) -> tuple[Clue, ...]:
    """What front matter has that looks like the date or the tags that the post lacks."""
    if date and tags:
        return ()
    known = (*fields["title"], *fields["lede"], *fields["language"], *fields["url"], *fields["thumbnail"])
    return find_clues(values, known, date=not date, tags=not tags)


def _keys(values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(printable(str(key))[:FRONT_MATTER_KEY_CHARACTERS] for key in islice(values, FRONT_MATTER_KEYS))


def _cut(field: str, most: int, notebook: Notebook, text: str) -> str:
    """The text with no more than `most` characters; that it was cut is noted."""
    if len(text) <= most:
        return text
    notebook.add(field, text, "cut")
    return f"{text[: most - 1].rstrip()}…"


def _cut_body(document: Document, notebook: Notebook) -> Document:
    """The document without the lines of its body that end beyond BODY_CHARACTERS; of one line what fits is left."""
    body, cut = document.body[:BODY_CHARACTERS], document.body[BODY_CHARACTERS:]
    if "\n" in body and not cut.startswith("\n"):
        body = body.rpartition("\n")[0]
    notebook.add("body", document.body[len(body) :], "cut")
    lines = 1 + body.count("\n")
    return document._replace(body=body, prose=tuple(prose for prose in document.prose if prose[0] < lines))


def _cut_headings(headings: tuple[str, ...], notebook: Notebook) -> tuple[str, ...]:
    if len(headings) > HEADINGS:
        notebook.add("headings", headings[HEADINGS], "cut")
    return tuple(_cut("headings", HEADING_CHARACTERS, notebook, heading) for heading in headings[:HEADINGS])


def _text_of(title: str, lede: str, document: Document) -> str:
    return "\n".join((title, document.body or lede, *document.headings))


def read_article(
    file: PostFile,
    fields: Mapping[str, tuple[str, ...]] = FIELDS,
    *,
    as_of: str,
    include: frozenset[str] = frozenset(),
    notes: list[Note] | None = None,
    generator: Generator = COMMON,
    link_texts: bool = True,
) -> Article | Rejected | Skipped:
    """Read and parse a post of a site as `parse_article` does; whatever goes wrong with it becomes a Rejected.

    Raises UnavailableError when its filesystem does not answer, lest posts are missing from the results without need.
    """
    try:
        content, spaced = read_content(file), splits_at_spaces(generator, f"{file.root}/{file.path}".split("/"))
        post = parse_article(
            decode(content, file.path),
            file.path,
            fields,
            as_of=as_of,
            include=include,
            neighbors=file.neighbors,
            bundled=file.bundled,
            notes=notes,
            spaced=spaced,
            address_fields=(*ADDRESS_FIELDS, *generator.fields),
            link_texts=link_texts,
        )
        return replace(post, blob=blob_name(content)) if isinstance(post, Article) else post
    except ParseError as error:
        return Rejected(error.path, error.line, error.reason)
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001  # one post must not stop the run
        return Rejected(file.path, None, " ".join(f"{type(error).__name__}: {error}".split())[:200])
