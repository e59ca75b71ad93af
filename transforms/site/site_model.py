"""What is known of the site that posts stand on, told from its generator's config beside or above them.

Config files are data from a checkout: they are capped, parsed safely, and never run.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from transforms.generators.generator import Generator
from transforms.generators.languages import language_of
from transforms.generators.permalinks import JEKYLL_STYLES, tokens_of
from transforms.generators.registry import COMMON, GENERATORS, PLAIN
from transforms.plumbing.storage import is_remote
from transforms.reading.files import pattern_root
from transforms.site.addresses import Parts, parts_of, split_address

MAX_BYTES = 128 * 2**10
MAX_DEPTH = 50
MAX_DOTS = 100
"""A line of TOML has no more: a key takes time by the square of its parts."""
MAX_UP = 4
"""So many folders above the posts are looked into where no git repository tells how far up the blog reaches."""
MAX_NAMES = 50
"""At most so many languages and permalinks are taken from a config."""

MAX_FOLDER = 200
"""The name of a folder that is taken from a config is no longer."""
MAX_TITLE = 120
"""Nor is a site's title, which is cut."""
MAX_FILES = 1000
"""So many names of files are looked at in a folder of configs."""

_URL = re.compile(r"https?://[^\s/?#\"'<>{}|\\^`@:]{1,253}(?::\d{1,5})?(?:/[^\s?#\"'<>{}|\\^`]{0,500})?")
_STRING = r"(?:\"([^\"\\\n]{1,500})\"|'([^'\\\n]{1,500})'|`([^`\\\n$]{1,500})`)"
_SCRIPT_VALUE = (
    r"(?:^|[{,])[ \t]{0,40}(?:(?:export[ \t])?(?:const|let|var)[ \t])?(?:%s)[ \t]{0,9}[:=][ \t]{0,9}" + _STRING
)
_SCRIPT_LIST = r"(?:^|[{,])[ \t]{0,40}locales[ \t]{0,9}:[ \t]{0,9}\[([^\]]{1,2000})\]"
_COMMENT = re.compile(r"^[ \t]*(?://|/?\*|#).*$", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([A-Za-z_-]{2,12})[\"']")


@dataclass(frozen=True)
class Permalink:
    """A pattern of addresses, and the section whose posts have it; "" is all of them."""

    pattern: str
    section: str = ""


@dataclass(frozen=True)
class Site:
    """A site: its generator, and what its config says; what is None or empty is not known.

    `title` is what the site calls itself, `url` is where it stands, `language` the default one, `languages` are all
    of them. `folders` are the site's on this machine, and `roots` those that its posts are below. `home` is the one
    that its config is in, and `named` are the folders that the config names of those that the generator finds data
    and posts in, by their keys.
    """

    generator: Generator = PLAIN
    url: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()
    permalinks: tuple[Permalink, ...] = ()
    folders: tuple[str, ...] = field(default=(), compare=False)
    roots: tuple[str, ...] = field(default=(), compare=False)
    home: str | None = field(default=None, compare=False)
    named: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    title: str | None = field(default=None, compare=False)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that are known to be the blog's."""
        own = split_address(self.url)[0] if self.url else ""
        return (*([own] if own else []), *self.generator.hosts)

    @property
    def shared(self) -> tuple[str, ...]:
        """Hosts of the blog's on which others are too."""
        return () if self.base else self.generator.hosts

    @property
    def base(self) -> Parts:
        """The path below which the site stands."""
        return parts_of(split_address(self.url or "")[1]) or ()

    def as_row(self) -> dict[str, Any]:
        """What run.json says of it."""
        known = self.generator.name if self.generator.name in GENERATORS else None
        return {"generator": known, "url": self.url, "language": self.language, "languages": list(self.languages)}


PLAIN_SITE = Site()
"""A site of which nothing is known, and nothing assumed."""


def find_site(patterns: Sequence[str], generator: str | None = None, url: str | None = None) -> Site:
    """The site of the posts that patterns name; a `generator` or a `url` that is given goes before what is found.

    The config is looked for in the folder of each pattern and above, up to the root of the git repository. Where
    patterns are of sites that differ, none is known. Those on other filesystems than this machine's are not looked at.
    """
    local = [pattern for pattern in patterns if not is_remote(pattern)]
    roots = [os.path.abspath(pattern_root(pattern)) for pattern in local]  # noqa: PTH100  resolve() would follow links
    roots = list(dict.fromkeys(roots))
    if generator == PLAIN.name:
        return Site(PLAIN, url, folders=tuple(roots), roots=tuple(roots))
    wanted = [GENERATORS[generator]] if generator else list(GENERATORS.values())
    sites = {_site_above(Path(root), wanted) for root in roots}
    found = sites.pop() if len(sites) == 1 else None
    if found is None:
        found = _usual_site(wanted[0]) if generator else Site(COMMON)
    return replace(found, url=url or found.url, folders=found.folders or tuple(roots), roots=tuple(roots))


def sites_in(folder: Path) -> list[Site]:
    """The sites whose configs are in a folder: one for each config, which several generators may read."""
    found: dict[str, Site] = {}
    for generator in GENERATORS.values():
        if at := _config_at(folder, folder, generator):
            found.setdefault(at[0], replace(at[1], folders=(str(folder),), home=str(folder)))
    return list(found.values())


def _site_above(posts: Path, wanted: Sequence[Generator]) -> Site | None:
    """The nearest site, at the folder or above."""
    for place in upwards(posts):
        found = [site for generator in wanted if (site := _site_at(place, posts, generator))]
        if found:
            return replace(found[0], folders=(str(place),), home=str(place))
    return None


def upwards(folder: Path) -> Iterator[Path]:
    """A folder and those above it, up to the root of its git repository, else `MAX_UP` of them."""
    folders = [folder, *folder.parents]
    depth = next((depth for depth, place in enumerate(folders) if os.path.lexists(place / ".git")), MAX_UP)
    yield from folders[: depth + 1]


def _site_at(place: Path, posts: Path, generator: Generator) -> Site | None:
    """The site of a generator whose config is in a folder, as far as it can be read; None if there is none."""
    found = _config_at(place, posts, generator)
    return found[1] if found else None


def _config_at(place: Path, posts: Path, generator: Generator) -> tuple[str, Site] | None:
    """The same behind the name of the config."""
    if generator.folders:
        below = posts.relative_to(place).parts[:1]
        there = all((place / name).is_dir() for name in generator.folders)
        if not there or (below and below[0] not in generator.folders):
            return None
        return "/".join(generator.folders), _usual_site(generator)
    for name in generator.configs:
        text = read_config(place, name)
        if text is None:
            continue
        if name.endswith(_SCRIPT_SUFFIXES):
            return name, _script_site(generator, text)
        config = parse_config(text, name)
        sure = not generator.told_by or generator.name in name
        if config is None and sure:
            return name, _usual_site(generator)
        if config is not None and (sure or any(key in config for key in generator.told_by)):
            return name, _config_site(generator, {**_language_files(place, generator), **config})
    return None


def _language_files(place: Path, generator: Generator) -> dict[str, Any]:
    """The languages of a Hugo site that has files for them in its folder of configs, under the key that it has else."""
    found: dict[str, Any] = {}
    if generator.name == "hugo":
        for suffix in ("toml", "yaml", "yml", "json"):
            found.update(parse_config(read_config(place, f"{_HUGO}/languages.{suffix}") or "", f".{suffix}") or {})
        found.update(dict.fromkeys(_language_names(place / _HUGO)))
    return {"languages": found} if found else {}


_HUGO = "config/_default"
_LANGUAGE_FILE = re.compile(r"languages\.([A-Za-z-]{2,12})\.(?:toml|ya?ml|json)")


def _language_names(folder: Path) -> list[str]:
    """The languages that have a file of their own, as in `languages.ja.toml`."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names are all that is wanted
    except OSError:
        return []
    return [found[1] for name in names[:MAX_FILES] if (found := _LANGUAGE_FILE.fullmatch(name))]


_SCRIPT_SUFFIXES = (".js", ".ts", ".mjs", ".mts", ".cjs", ".cts", ".py")


def read_config(place: Path, name: str) -> str | None:
    """A config's text; None for none, for what is no plain file of the folder's own, and for one that is too large."""
    path = place / name
    try:
        if not path.is_file() or not path.resolve().is_relative_to(place.resolve()):
            return None
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError):
        return None
    return data.decode("utf-8-sig", errors="replace") if len(data) <= MAX_BYTES else ""


def parse_config(text: str, name: str) -> dict[str, Any] | None:
    """A config's values by their keys in lower case, None where it holds no mapping."""
    try:
        if name.endswith(".toml"):
            if any(line.count(".") > MAX_DOTS for line in text.split("\n")):
                return None
            values: Any = tomllib.loads(text)
        elif name.endswith(".json"):
            values = json.loads(text)
        else:
            values = _load_yaml(text)
    except (ValueError, yaml.YAMLError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    return {key.lower(): value for key, value in values.items() if isinstance(key, str)}


class _ConfigLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads tags that it does not know as null: mkdocs.yml names functions by them."""


_ConfigLoader.add_constructor(None, lambda _loader, _node: None)
_ConfigLoader.add_multi_constructor("tag:yaml.org,2002:python/", lambda _loader, _suffix, _node: None)


def _load_yaml(text: str) -> Any:
    depth = 0
    for event in yaml.parse(text, Loader=_ConfigLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RecursionError
    return yaml.load(text, Loader=_ConfigLoader)  # noqa: S506  # a safe loader that knows no more tags


_DEFAULT_LANGUAGE = ("defaultcontentlanguage", "default_language", "default_lang", "lang", "locale")


def _config_site(generator: Generator, config: Mapping[str, Any]) -> Site:
    spoken = config.get("language") if generator.name == "hexo" else None
    spelt = spoken if isinstance(spoken, list) else config.get("languages")
    listed = spelt if isinstance(spelt, list) else list(_mapping(spelt))
    default = next(
        (config[key] for key in _DEFAULT_LANGUAGE if key in config),
        spoken if isinstance(spoken, str) else next(iter(listed), None) if isinstance(spoken, list) else None,
    )
    language = language_of(default) if isinstance(default, str) else None
    if generator.name == "hugo" and language is None:
        language = "en"
    languages = [code for name in listed[:MAX_NAMES] if isinstance(name, str) and (code := language_of(name))]
    if language and languages and language not in languages:
        languages.insert(0, language)
    permalinks = _permalinks(generator, config)
    tokens = (token for permalink in permalinks for token in tokens_of(permalink.pattern))
    generator = replace(generator, fields=tuple(dict.fromkeys(tokens))[:MAX_NAMES])
    named = _named_folders(generator, config)
    return Site(
        generator,
        _config_url(config),
        language,
        tuple(dict.fromkeys(languages)),
        permalinks,
        named=named,
        title=config_title(config),
    )


def config_title(config: Mapping[str, Any]) -> str | None:
    """What a config calls the site, else what it does in the first of its languages."""
    of_languages = list(_mapping(config.get("languages")).values())[:1]
    for values in (config, *map(_mapping, of_languages)):
        for key in ("title", "site_name", "sitename", "name"):
            if title := clean_title(values.get(key)):
                return title
    return None


def clean_title(value: object) -> str | None:
    """A title on one line, without what cannot be printed, and cut; None for what is no text."""
    if not isinstance(value, str):
        return None
    words = "".join(sign if sign.isprintable() else " " for sign in value[: 10 * MAX_TITLE]).split()
    return " ".join(words)[:MAX_TITLE].strip() or None


def _named_folders(generator: Generator, config: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The folders that a config names of those that the generator finds data and posts in, those of languages too."""
    found = [(key, config.get(key.lower())) for key in generator.data.folders]
    if generator.data.by_language:
        first = next(iter(generator.data.folders))
        for of_language in list(_mapping(config.get("languages")).values())[:MAX_NAMES]:
            values = {str(key).lower(): value for key, value in _mapping(of_language).items()}
            found.append((f"languages.{first}", values.get(first.lower())))
    return tuple((key, value) for key, value in found if isinstance(value, str) and len(value) <= MAX_FOLDER)


def _config_url(config: Mapping[str, Any]) -> str | None:
    for key in ("baseurl", "base_url", "site_url", "siteurl", "url"):
        url = clean_site_url(config.get(key))
        if url:
            base = config.get("root") or config.get("baseurl")  # of Hexo and of Jekyll, where it is a path
            path = base.strip("/") if key == "url" and isinstance(base, str) and not base.startswith("http") else ""
            return f"{url}/{path}" if path and not url.endswith(f"/{path}") else url
    return None


def _permalinks(generator: Generator, config: Mapping[str, Any]) -> tuple[Permalink, ...]:
    patterns = config.get("permalink", config.get("permalinks"))
    if isinstance(patterns, str):
        patterns = JEKYLL_STYLES.get(patterns, patterns) if generator.name == "jekyll" else patterns
        return (Permalink(patterns),)
    patterns = _mapping(patterns)
    sections = {**patterns, **_mapping(patterns.get("page"))}
    found = [
        Permalink(pattern, "" if section == "/" else str(section))
        for section, pattern in sections.items()
        if isinstance(pattern, str)
    ]
    return tuple(found[:MAX_NAMES]) or _usual_site(generator).permalinks


def _usual_site(generator: Generator) -> Site:
    """A site of which no more is known than its generator."""
    return Site(generator, permalinks=tuple(Permalink(JEKYLL_STYLES.get(of, of)) for of in generator.permalinks))


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


def _script_site(generator: Generator, text: str) -> Site:
    """What string literals of a script say behind their names, comments aside; it is not run."""
    text = _COMMENT.sub("", text)
    names = {
        "astro": "site",
        "gatsby": "siteUrl",
        "pelican": "SITEURL",
        "quartz": "baseUrl",
        "vitepress": "hostname|siteUrl|baseUrl|url",
    }
    said = literal(names.get(generator.name, "url|siteUrl"), text)
    url = clean_site_url(f"https://{said}" if said and generator.name == "quartz" and "." in said else said)
    base = literal("base|baseUrl", text)
    if url and base and base.startswith("/") and base.strip("/"):
        url = f"{url}/{base.strip('/')}"
    language = language_of(literal("defaultLocale|DEFAULT_LANG|lang", text) or "")
    found = re.search(_SCRIPT_LIST, text, re.MULTILINE)
    languages = [code for name in _QUOTED.findall(found[1])[:MAX_NAMES] if (code := language_of(name))] if found else []
    permalinks = _usual_site(generator).permalinks
    if generator.name == "pelican" and (pattern := literal("ARTICLE_URL", text)):
        permalinks = (Permalink(_of_pelican(pattern)), Permalink(_of_pelican(pattern).replace(":slug", ":name")))
    named = tuple((key, value) for key in generator.data.folders if (value := literal(key, text)))
    title = clean_title(literal("SITENAME" if generator.name == "pelican" else "title|pageTitle", text))
    return Site(generator, url, language, tuple(dict.fromkeys(languages)), permalinks, named=named, title=title)


def _of_pelican(pattern: str) -> str:
    """Pelican's `{date:%Y}/{slug}` as `:year/:slug`."""
    for name, token in _PELICAN_DATES.items():
        pattern = pattern.replace(f"{{date:%{name}}}", f":{token}")
    return re.sub(r"\{([a-z_]+)\}", r":\1", pattern)


_PELICAN_DATES = {
    "Y": "year",
    "m": "month",
    "d": "day",
    "y": "short_year",
    "j": "y_day",
    "-m": "i_month",
    "-d": "i_day",
}


def literal(names: str, text: str) -> str | None:
    """The string that a script gives any of several names, as a pattern has them with `|` between; it is not run."""
    found = re.search(_SCRIPT_VALUE % names, text, re.MULTILINE)
    return next(filter(None, found.groups()), None) if found else None


def clean_site_url(value: object) -> str | None:
    """A site's address without the slash at its end; None for what is no web address."""
    found = _URL.fullmatch(value.strip()[:1000]) if isinstance(value, str) else None
    return found[0].rstrip("/") if found else None
