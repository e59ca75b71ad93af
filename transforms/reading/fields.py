"""From the values of front matter to the fields of an article."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from transforms.generators.languages import standard
from transforms.generators.permalinks import is_pattern
from transforms.limits import TAG_CHARACTERS, TAGS
from transforms.reading.clean_line import clean_line
from transforms.reading.errors import LimitError
from transforms.reading.notation import strip_emoji

Field = TypeVar("Field")

MOST_ADDRESSES = 50
LONGEST_ADDRESS = 500
"""So many addresses are taken from a field, and none that is longer."""
MOST_PICTURES = 10
"""So many of a list are looked at for one that is a picture."""

NAMESPACES = ("extra", "params")
"""Mappings in which Zola and Hugo have the fields of themes."""


def _also_within(*names: str) -> tuple[str, ...]:
    return (*names, *(f"{within}.{name}" for within in NAMESPACES for name in names))


FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "date": (
        *("date", "pubDate", "publishDate", "publishedAt", "datePublished", "created", "published"),
        *("pubDatetime", "publishedDate", "publishedOn", "publicationDate", "postDate", "posted"),
        *("createdAt", "dateCreated", "createdDate", "creationDate", "createdTime", "dateAdded"),
    ),
    "updated": (
        *("updated", "updatedAt", "updatedDate", "dateUpdated", "updatedTime", "date.updated"),
        *("modified", "modifiedAt", "modifiedDate", "dateModified", "modDate", "modDatetime", "date.modified"),
        *(
            "lastmod",
            "lastModified",
            "lastModifiedAt",
            "lastUpdated",
            "lastUpdate",
            "lastUpdate.date",
            "lastEditedTime",
        ),
    ),
    "expires": (
        *("expiryDate", "expires", "expiresAt", "expirationDate"),
        *("unpublishDate", "unpublishedAt", "unpublishAt"),
    ),
    "tags": ("tags", "tag", "topics", "topic", "keywords", "taxonomies.tags"),
    "categories": ("categories", "category", "taxonomies.categories"),
    "lede": _also_within(
        *("lede", "description", "excerpt", "summary", "abstract", "deck", "dek", "standfirst"),
        *("intro", "introduction", "teaser", "spoiler", "blurb", "synopsis", "snippet"),
        *(
            "subtitle",
            "subheading",
            "tagline",
            "metaDescription",
            "seoDescription",
            "ogDescription",
            "shareDescription",
        ),
        *("seo.description", "meta.description", "og.description", "social.description", "desc"),
    ),
    "language": ("language", "lang", "locale"),
    "url": ("url", "permalink", "path", "slug"),
    "thumbnail": _also_within(
        *("thumbnail", "image", "cover", "coverImage", "heroImage", "ogImage"),
        *(
            "featuredImage",
            "featureImage",
            "featuredImg",
            "featureImg",
            "featured",
            "feature",
            "mainImage",
            "postImage",
        ),
        *("previewImage", "titleImage", "headerImage", "headerImg", "headImg", "bannerImage", "bannerImg", "coverImg"),
        *("hero", "banner", "images", "img", "picture", "photo", "photos", "thumb", "thumbnailImage", "thumbnailImg"),
        *("teaser", "teaserImage", "cardImage", "indexImg", "listImage", "imageUrl", "bigImg", "splash"),
        *("header.teaser", "header.image", "header.overlayImage", "header.ogImage", "header.thumbnail"),
        *("socialImage", "socialCard", "shareImage", "shareImg", "metaImage", "seoImage", "twitterImage"),
        *("seo.image", "meta.image", "og.image", "openGraph.image", "social.image", "share.image"),
        *("featuredImagePreview", "preview", "topImg", "background", "backgroundImage"),
    ),
}
"""The names that front matter uses for each field, the preferred first; a dot leads into a mapping.

They stand for those in any case, and with `-`, `_` or spaces between their words.
"""

_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jfif|jpe?g|png|svg|webp)(?:[?#]\S*)?$", re.IGNORECASE)
_CALL = re.compile(r"[\w-]+\([^()]*\)")
"""As of CSS, for colours."""
_PICTURE_MARKUP = re.compile(r"!?\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]|!\[[^\[\]]*\]\(([^()\s]+)[^()]*\)")
_PICTURE_NAMES = ("src", "url", "image", "path", "file", "filename", "href", "feature", "teaser", "thumb", "thumbnail")
_BETWEEN_WORDS = re.compile("[-_ ]")
COMMAS = re.compile(
    "[,\u055d\u060c\u07f8\u1363\u1802\u1808\u2e41\ua4fe\ua60d\ua6f5\u3001\ufe10\ufe11\ufe50\ufe51\uff0c\uff64"
    "\u061b\u1364\ufe54\uff1b]|;(?=\\s|$)"  # in "R&amp;D" the semicolon is not at the end of a tag
)
"""Of Latin, Armenian, Arabic, NKo, Ethiopic, Mongolian, Lisu, Vai, Bamum and East Asian writing; then semicolons."""
SPACED = ("tags", "categories")
"""The fields whose strings Jekyll splits at their spaces."""
_TAG_NAMES = ("label", "name", "title", "value", "slug")
"""What mappings call the tag that they are of, the preferred first."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def override_fields(options: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """FIELDS with the names of some fields replaced by options such as `tags=topics,tag`.

    Raises ValueError if an option is not of that form or names an unknown field.
    """
    fields = dict(FIELDS)
    for option in options:
        field, _, listed = option.partition("=")
        names = tuple(name.strip() for name in listed.split(","))
        if not all(names):
            raise ValueError(f"{option!r} is not a field and its names: give for instance tags=topics,tag")
        if field.strip() not in FIELDS:
            raise ValueError(f"{field.strip()!r} is not a field: give one of {', '.join(FIELDS)}")
        fields[field.strip()] = names
    return fields


def find_values(values: Mapping[str, object], names: Sequence[str]) -> Iterator[object]:
    """The values under these names that are not null: first the names as spelled, then however they are written."""
    return (value for _, value in find_named(values, names))


def find_named(values: Mapping[str, object], names: Sequence[str]) -> Iterator[tuple[str, object]]:
    """The same values, each behind the name under which it was looked for; one may come twice."""
    if _first_parts(tuple(names)).isdisjoint(fold_name(key) for key in values if isinstance(key, str)):
        return
    for name in names:
        if (value := _look_up(values, name)) is not None:
            yield name, value
    folded = _Folded(values)
    for name in names:
        if (value := folded.look_up(fold_name(name))) is not None:
            yield name, value


def first_clean(
    values: Mapping[str, object], names: Sequence[str], clean: Callable[[object], Field | None]
) -> Field | None:
    """The first value under these names of which something is left when cleaned, or None."""
    return next(filter(None, map(clean, find_values(values, names))), None)


def clean_text(value: object) -> str:
    """A scalar as one line of text as `clean_line` has it; nothing for null, lists and mappings."""
    return "" if value is None or isinstance(value, list | dict) else clean_line(str(value))


def clean_title(value: object) -> str:
    """The same, where entities of HTML stand for their characters, without codes of emoji at its ends."""
    return clean_line(strip_emoji(clean_text(html.unescape(value) if isinstance(value, str) else value)))


def clean_lede(value: object) -> str:
    """The same, but no yes or no, and no picture's address."""
    text = clean_text(value)
    return "" if clean_flag(text) is not None or (_PICTURE.search(text) and " " not in text) else text


def clean_tags(value: object) -> tuple[str, ...]:
    """The tags in a string (split at its commas), a number or a list however nested, each once by `tag_key`.

    A mapping is the tag that it calls label, name, title, value or slug. Commas are those of every script, and a
    semicolon is one too.

    Raises LimitError if there are more than TAGS, or if one is longer than TAG_CHARACTERS.
    """
    tags: dict[str, str] = {}
    pending: list[object] = list(reversed(COMMAS.split(value))) if isinstance(value, str) else [value]
    seen: set[int] = set()  # lists, which YAML's aliases may repeat without end
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            item = first_clean(item, _TAG_NAMES, clean_text)
        if isinstance(item, list):
            if id(item) not in seen:
                seen.add(id(item))
                pending.extend(reversed(item))
        elif tag := clean_text(item):
            if len(tag) > TAG_CHARACTERS:
                raise LimitError(None, f"a tag of more than {TAG_CHARACTERS} characters: {tag[:20]!r}")
            tags.setdefault(tag_key(tag), tag)
            if len(tags) > TAGS:
                raise LimitError(None, f"more than {TAGS} tags")
    return tuple(tags.values())


def with_spaced_tags(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values of front matter, strings of `tags` and `categories` split at their spaces unless they have commas."""
    spaced = {
        name: value.split()
        for name in SPACED
        if isinstance(value := values.get(name), str) and not COMMAS.search(value)
    }
    return {**values, **spaced}


@lru_cache(maxsize=1 << 12)  # most tags are on several posts
def tag_key(tag: str) -> str:
    """What two spellings of one tag share: width (NFKC), case and space around them are folded."""
    return unicodedata.normalize("NFKC", tag).strip().casefold()


def clean_url(value: object) -> str | None:
    """A web address or a path from the site's root; a mere slug does not say where the page is, nor does a template."""
    text = clean_text(value)
    return text if text.startswith(("http://", "https://", "/")) and not is_pattern(text) else None


def clean_language(value: object) -> str:
    """The code of a language, such as en or pt-BR, as it is written; nothing for other words."""
    text = clean_text(value)
    return standard(text) if _LANGUAGE.fullmatch(text) else ""


def clean_addresses(values: Mapping[str, object], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the fields of these names say of a post's address, one by one, each behind its field's name."""
    found: dict[tuple[str, str], None] = {}
    for name in names:
        for value in find_values(values, (name,)):
            several = value[:MOST_ADDRESSES] if isinstance(value, list) else [value]
            texts = (clean_text(text) for text in several)
            found |= dict.fromkeys((name, text) for text in texts if 0 < len(text) <= LONGEST_ADDRESS)
    return tuple(found)


def clean_thumbnail(value: object) -> str | None:
    """A picture's address: a string, the first of a list, or what a mapping calls src, url, image, path or the like.

    The string may be the markup of a picture in markdown or of a wiki. A colour or a yes or no is no picture.
    """
    if isinstance(value, list):
        return next(filter(None, map(clean_thumbnail, value[:MOST_PICTURES])), None)
    if isinstance(value, dict):
        given = find_values(value, _PICTURE_NAMES)
        return next(filter(None, (clean_thumbnail(item) for item in given if not isinstance(item, list | dict))), None)
    text = clean_text(value)
    marked = _PICTURE_MARKUP.fullmatch(text)
    text = (marked[1] or marked[2]).strip() if marked else text
    is_address = _PICTURE.search(text) or ("/" in text and " " not in text)
    return text if is_address and len(text) <= LONGEST_ADDRESS and not _CALL.fullmatch(text) else None


def clean_flag(value: object) -> bool | None:
    """Yes or no, as a boolean or in words; None for anything else."""
    return _FLAGS.get(clean_text(value).casefold())


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """What a field's name shares with those in another case, or with other signs between its words."""
    return _BETWEEN_WORDS.sub("", name).casefold()


@lru_cache(maxsize=64)
def _first_parts(names: tuple[str, ...]) -> frozenset[str]:
    """What a key must be, folded, to be or to hold what any of the names means."""
    return frozenset(fold_name(name.partition(".")[0]) for name in names)


def _look_up(values: Mapping[str, object], name: str) -> object:
    found: object = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


class _Folded:
    """Values by their folded names; those of a mapping in it are folded once a name leads there."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = {fold_name(key): value for key, value in values.items() if isinstance(key, str)}
        self.mappings: dict[str, _Folded] = {}

    def look_up(self, name: str) -> object:
        first, dot, rest = name.partition(".")
        found = self.values.get(first)
        if not dot:
            return found
        if first not in self.mappings and isinstance(found, Mapping):
            self.mappings[first] = _Folded(found)
        return self.mappings[first].look_up(rest) if first in self.mappings else None
