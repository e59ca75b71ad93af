"""Where a post stands on its site: all the addresses that its file, its front matter and the site's rules give it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from transforms.generators.languages import base, folder_language, split_suffix, standard
from transforms.generators.permalinks import expand, is_pattern, slugify
from transforms.generators.registry import PLAIN
from transforms.reading.dates import date_in_name, without_date
from transforms.reading.fields import clean_flag, clean_url
from transforms.reading.language import TOLD, detect_language
from transforms.reading.parse import article_id
from transforms.records import Article
from transforms.results import Collision, Skipped
from transforms.site.addresses import Place, parts_of, split_address
from transforms.site.site_model import PLAIN_SITE, Site
from transforms.site.translations import translation_keys

CONTENT_FOLDERS = frozenset({"content", "src", "source", "pages", "docs", "data", "_posts"})
"""Folders that generators have posts in, and that are no part of an address."""
MAX_ADDRESSES = 50
"""So many further addresses of a post are kept."""
_DATED = re.compile(r"(?:.*/)?(\d{4})/(\d\d)/(\d\d)/[^/]+/?")


def place_of(article: Article, site: Site = PLAIN_SITE) -> Place:
    """Where an article is on its site, and what it links to."""
    stem, language = _stem(article.path, site)
    addresses = dict.fromkeys(_addresses(article, site, stem, language))
    aliases = dict.fromkeys(_aliases(article, site, stem))
    return Place(
        article.id,
        article.path,
        article.url,
        article.date,
        article.hrefs,
        article.href_lines,
        language,
        tuple(addresses)[:MAX_ADDRESSES],
        tuple(aliases)[:MAX_ADDRESSES],
        translated=language is not None and language != site.language,
        prefixed=site.generator.name != PLAIN.name,
    )


def on_site(article: Article, site: Site) -> Article:
    """The article with what its path says on this site: its id and address, its language, its date where it has none.

    It also gets what it has in common with its translations. A file of the default language has the id that one without
    a suffix has; those of others end in their language.
    """
    stem, language = _stem(article.path, site)
    suffixed = stem != _without_suffix(article.path)
    id_ = article_id(f"{stem}.md")
    if suffixed and language != site.language:
        id_ = f"{id_}.{language}"
    article = dataclasses.replace(
        article,
        address=live_address(article, site),
        id=id_ if suffixed else article.id,
        language=_language(article, language, site, suffixed=suffixed),
        date=article.date or _dated(article, site),
    )
    return dataclasses.replace(article, translation_keys=translation_keys(article, site))


def _language(article: Article, said: str | None, site: Site, *, suffixed: bool) -> str | None:
    """The language that an article states, else the one that its place says, else the one that its text tells.

    A folder that looks like a language may be about something else, such as `it/` or `ts/`, and so may a suffix that is
    hardly ever a language, as in `socket.io.md`: unless the site is known to have it, the text is believed.
    """
    if said is None or article.language is None:
        return article.language or (said and standard(said))
    told = detect_language("\n".join((article.title, article.body or article.lede, *article.headings)))
    if article.language != told:
        return article.language
    listed = said in site.languages and (suffixed or said != site.language)
    likely = suffixed and base(said) in TOLD
    return standard(said) if listed or likely or base(said) == base(told) else told


def own_address(article: Article, site: Site) -> str | None:
    """The path that an article's front matter gives it on its site, with a slash before it; None if it gives none."""
    path = _given(article, site)
    slugs = _slugs(article, site)
    if path is None and slugs:
        path = _beside(article.id, slugs[0])
    return _as_path(path) if path else None


def shown_at(article: Article, site: Site, folder: str = "") -> list[str]:
    """The paths at which the site may show an article whose path is below a folder, each with a slash before it.

    They are what its front matter gives, else what the site's permalinks make of it, else those of its file: below the
    repository, and below any folder there that generators have posts in.
    """
    stem, language = _stem(article.path, site)
    other = f"{language}/" if language != site.language and site.generator.languages and language else ""
    if given := _given(article, site):
        return [path] if (path := _as_path(given)) else []
    own, slugs = article_id(f"{stem}.md"), _slugs(article, site)
    fields = dict[str, list[str]]()
    for name, value in article.address_fields:
        fields.setdefault(name, []).append(value)
    paths = [f"{other}{path.lstrip('/')}" for path in _patterned(article, site, own, slugs, fields)]
    if not paths:
        parts = f"{folder}/{_beside(own, slugs[0]) if slugs else own}".lstrip("/").split("/")
        starts = (place for place, part in enumerate(parts[:-1], start=1) if part in CONTENT_FOLDERS)
        paths = ["/".join(parts[start:]) for start in (0, *starts)]
    if site.generator.lower:
        paths = [path.lower().replace(" ", "-") for path in paths]
    return list(dict.fromkeys(filter(None, map(_as_path, paths))))


def _given(article: Article, site: Site) -> str | None:
    """The whole address that an article's front matter gives."""
    given = [value for name in site.generator.addresses for value in article_values(article, name) if is_address(value)]
    return next(iter((*given, *filter(None, [article.url]))), None)


def _slugs(article: Article, site: Site) -> list[str]:
    return [value for name in site.generator.slugs for value in article_values(article, name) if not is_pattern(value)]


def _as_path(address: str) -> str | None:
    parts = parts_of(split_address(address)[1])
    return f"/{'/'.join(parts)}" if parts else None


def live_address(article: Article, site: Site) -> str | None:
    """Where a post is on the live site; None unless its front matter or a rule of the site says it for sure.

    A site that is made of a folder of content has a post where its file is below that folder.
    """
    if article.url and split_address(article.url)[0]:
        return article.url
    if not site.url:
        return None
    generator = site.generator
    stem, language = _stem(article.path, site)
    fields = dict[str, list[str]]()
    for name, value in article.address_fields:
        fields.setdefault(name, []).append(value)
    given = [value for name in generator.addresses for value in fields.get(name, ()) if is_address(value)]
    path = next(iter((*given, *filter(None, [article.url]))), None)
    if path is None:
        own = article_id(f"{stem}.md")
        slugs = [value for name in generator.slugs for value in fields.get(name, ()) if not is_pattern(value)]
        path = next(_patterned(article, site, own, slugs, fields), None) or _in_content(own, slugs, site)
        if path and language and language != site.language:
            path = f"{language}/{path.lstrip('/')}"
    if path is None or split_address(path)[0]:
        return path
    base = "/".join(site.base)
    within = bool(base) and f"{path.strip('/')}/".startswith(f"{base}/")  # an address of the host, not of the site
    return f"{site.url.removesuffix(base).rstrip('/') if within else site.url}/{path.lstrip('/')}"


def _in_content(own: str, slugs: list[str], site: Site) -> str | None:
    """The path of a post of a site that has it where its file is in the folder of content."""
    if site.generator.name not in ("hugo", "zola") or site.permalinks or site.home is None or len(site.roots) != 1:
        return None
    content = dict(site.named).get("contentDir", "content")
    root, above = PurePosixPath(site.roots[0]), PurePosixPath(site.home) / content
    if not root.is_relative_to(above):
        return None
    path = f"{root.relative_to(above)}/{_beside(own, slugs[0]) if slugs else own}".removeprefix("./")
    return f"{path.lower() if site.generator.lower else path}/"


def article_values(article: Article, name: str) -> list[str]:
    """What a field of an article's front matter says of its address."""
    return [value for field, value in article.address_fields if field == name]


def place_of_skipped(skipped: Skipped, site: Site = PLAIN_SITE) -> Place:
    """Where a skipped post would be by its path, its date and its front matter; its id is its kind and its path."""
    url = next(filter(None, (clean_url(value) for _, value in skipped.address_fields)), None)
    stub = Article(
        article_id(skipped.path), skipped.path, "", skipped.date, url=url, address_fields=skipped.address_fields
    )
    return place_of(stub, site)._replace(id=f"{skipped.kind} {skipped.path}")


def share_address(address: str, paths: Iterable[str]) -> list[Collision]:
    """The collisions of the articles at these paths, in any order, that have one address: all but the first."""
    first, *others = sorted(paths)
    return [Collision(path, address, first, "address") for path in others]


def _without_suffix(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def _stem(path: str, site: Site) -> tuple[str, str | None]:
    """A path without its suffixes, that of its language included, and the language that it says."""
    stem = _without_suffix(path)
    generator = site.generator
    if not generator.languages:
        return stem, None
    above, slash, name = stem.rpartition("/")
    if generator.suffixes:
        name, language = split_suffix(name, site.languages)
        if language:
            return f"{above}{slash}{name}", language
    found = folder_language(above.split("/"), site.languages) if above else None
    if found:
        return stem, found[1]
    return stem, site.language if generator.suffixes else None


def _addresses(article: Article, site: Site, stem: str, language: str | None) -> Iterator[str]:
    """What the site adds to an article's url and path, the likeliest first."""
    generator = site.generator
    own = article_id(f"{stem}.md")
    other = language if language != site.language else None
    fields = dict[str, list[str]]()
    for name, value in article.address_fields:
        fields.setdefault(name, []).append(value)
    given = [value for name in generator.addresses for value in fields.get(name, ()) if is_address(value)]
    slugs = [value for name in generator.slugs for value in fields.get(name, ()) if not is_pattern(value)]
    bare = [*given, *(_beside(own, slug) for slug in slugs), *_patterned(article, site, own, slugs, fields)]
    if stem != _without_suffix(article.path):
        bare.append(own)
    if generator.lower:
        bare += [address.lower() for address in (own, *bare) if address != address.lower()]
    yield from (f"{other}/{address.lstrip('/')}" for address in bare if other and not split_address(address)[0])
    if not other:
        yield from bare


def _aliases(article: Article, site: Site, stem: str) -> Iterator[str]:
    own = article_id(f"{stem}.md")
    for name in site.generator.aliases:
        yield from (_alias(own, value) for value in article_values(article, name) if not is_pattern(value))


def is_address(value: str) -> bool:
    """Tell an address from a pattern, and from a word that says that there is none."""
    return not is_pattern(value) and clean_flag(value) is None


def _beside(own: str, name: str) -> str:
    """The path of an article whose last part has another name; one from the root is that."""
    if name.startswith("/") or split_address(name)[0]:
        return name
    above, slash, _ = own.rpartition("/")
    return f"{above}{slash}{name}"


def _alias(own: str, alias: str) -> str:
    """An earlier address; one without a slash is in the article's folder."""
    return alias if "/" in alias else _beside(own, alias)


def _patterned(article: Article, site: Site, own: str, slugs: list[str], fields: dict[str, list[str]]) -> Iterator[str]:
    values = _values(article, own, slugs, fields)
    folders = own.split("/")[:-1]
    sections = {permalink.section for permalink in site.permalinks}.intersection(folders)
    for permalink in site.permalinks:
        if permalink.section and sections and permalink.section not in sections:
            continue
        filled = expand(permalink.pattern, {**values, **_sections(folders, permalink.section)}, site.generator.tokens)
        if filled and filled.strip("/"):
            yield filled
    for name in site.generator.addresses:
        for value in fields.get(name, ()):
            if is_pattern(value) and (filled := expand(value, values, site.generator.tokens)):
                yield filled


def _sections(folders: list[str], section: str) -> dict[str, str]:
    own = section or (folders[-1] if folders else "")
    return {"section": own, "sections": own}


def _values(article: Article, own: str, slugs: list[str], fields: dict[str, list[str]]) -> dict[str, str]:
    """What the tokens of a pattern stand for."""
    file = own.rpartition("/")[2]
    title = slugify(article.title)
    values = {name: several[0] for name, several in fields.items() if several}
    values |= {
        "file": file,
        "name": slugs[0] if slugs else without_date(file),
        "title": title,
        "slug_or_title": slugs[0] if slugs else title,
        "slug_or_words": slugs[0] if slugs else re.sub(r"[^\w-]", "", title),
        "categories": "/".join(filter(None, map(slugify, article.categories))),
        "nothing": "",
    }
    return values | _date_values(article.date or date_in_name(file))


def _date_values(date: str | None) -> dict[str, str]:
    if date is None:
        return {}
    day = dt.date.fromisoformat(date[:10])
    return {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "short_year": f"{day.year % 100:02}",
        "i_month": str(day.month),
        "i_day": str(day.day),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "yearday": str(day.timetuple().tm_yday),
        "monthname": _MONTHS[day.month - 1],
    }


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _dated(article: Article, site: Site) -> str | None:
    """The day that begins the address that an undated article gives itself."""
    for name, value in article.address_fields:
        found = _DATED.fullmatch(value) if name in site.generator.addresses else None
        if found:
            try:
                return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
            except ValueError:
                continue
    return None
