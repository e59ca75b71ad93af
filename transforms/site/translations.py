"""What a post has in common with its translations: a key that it states, its place but for the language, its shape."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.generators.generator import TRANSLATION_KEYS, TRANSLATION_OF, TRANSLATION_REFS
from transforms.generators.languages import base, folded, folder_language, language_of, split_suffix
from transforms.generators.permalinks import is_pattern
from transforms.reading.dates import without_date
from transforms.reading.parse import article_id
from transforms.records import Article
from transforms.site.addresses import parts_of, split_address
from transforms.site.site_model import Site

LEAST_HREFS = 4
LEAST_HEADINGS = 2
"""Posts of fewer links to elsewhere, or of fewer headings, are not known by their shape: many could have it."""

KINDS = ("stated", "path", "name", "url", "undated", "shape")
"""What translations may have in common, the surest first."""
_DOCUSAURUS = re.compile(r"(.*/)?i18n/([^/]+)/docusaurus-plugin-content-([^/]+)/(?:current/)?(.+)", re.DOTALL)


def translation_keys(article: Article, site: Site) -> tuple[str, ...]:
    """What an article, whose language is known, has in common with its translations, the surest kind first.

    The key that it states; its path, and its path with its slug or the name of its original, both without a language;
    its url without one; its path without a date; its shape, the links to elsewhere and the number of headings.
    A kind that it has not is "". Two articles of different languages that share a key of a kind are translations.
    """
    fields = dict(reversed(article.address_fields))
    stated = next(_stated(fields), "")
    if not site.generator.languages:
        return (stated,) if stated else ()
    path = bare_path(article.path, article.language, site.languages)
    name = next((fields[name] for name in TRANSLATION_OF if name in fields), fields.get("slug", ""))
    named = _named(path, name, article.language, site) if name and not is_pattern(name) else path
    above, slash, last = path.rpartition("/")
    undated = f"{above}{slash}{without_date(last)}"
    return (
        stated,
        f"path:{path}",
        f"name:{named}",
        _url_key(article, site),
        f"undated:{undated}" if undated != path else "",
        _shape(article),
    )


def bare_path(path: str, language: str | None, languages: Sequence[str] = ()) -> str:
    """A post's path without its suffix and without the language, be that a folder, a suffix or a part of its name."""
    if found := _DOCUSAURUS.fullmatch(path):
        return bare_path(f"{found[1] or ''}{found[3]}/{found[4]}", None, languages)
    folders = path.split("/")[:-1]
    if place := folder_language(folders, languages):
        path = "/".join((*folders[: place[0]], *path.split("/")[place[0] + 1 :]))
        language = None  # a name may end as it does by chance: account-id.md
    above, slash, file = path.rpartition("/")
    name, dot, suffix = file.rpartition(".")
    name = _bare_name(name if dot else suffix, language, languages)
    return article_id(f"{above}{slash}{name}.md") if name else above


def _bare_name(name: str, language: str | None, languages: Sequence[str]) -> str:
    """A name without a suffix that is the article's language; nothing where the name is no more than that."""
    if language is None:
        return name
    codes = {folded(language), base(language)}
    if folded(name) in codes:
        return ""
    bare, suffix = split_suffix(name, languages)
    if suffix and {folded(suffix), base(suffix)} & codes:
        return bare
    for sign in "-_":
        bare, _, suffix = name.rpartition(sign)
        if bare and folded(suffix) in codes:
            return bare
    return name


def _stated(fields: Mapping[str, str]) -> Iterator[str]:
    for kind, names in (("key", TRANSLATION_KEYS), ("ref", TRANSLATION_REFS)):
        for name in names:
            if name in fields:
                yield f"{kind}:{fields[name]}"


def _named(path: str, name: str, language: str | None, site: Site) -> str:
    """A path whose last part has another name; the name of an original may be a path itself."""
    name = bare_path(f"{name.strip('/')}.md" if not name.endswith((".md", ".mdx")) else name, language, site.languages)
    if "/" in name or site.generator.name == "pelican":
        return name
    above, slash, _ = path.rpartition("/")
    return f"{above}{slash}{name}"


def _url_key(article: Article, site: Site) -> str:
    parts = parts_of(split_address(article.url or "")[1])
    if not parts:
        return ""
    bare = [part for part in parts if part != next(_languages_in(parts, site.languages), None)]
    return f"url:{'/'.join(bare)}" if bare else ""


def _languages_in(parts: Iterable[str], languages: Sequence[str]) -> Iterator[str]:
    return (part for part in parts if language_of(part, languages))


def _shape(article: Article) -> str:
    hrefs = sorted({href for href in article.hrefs if split_address(href)[0]})
    if len(hrefs) < LEAST_HREFS or len(article.headings) < LEAST_HEADINGS:
        return ""
    text = "\n".join((str(len(article.headings)), *hrefs))
    return f"shape:{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
