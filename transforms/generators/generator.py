"""What is known of a static site generator: how it is told, and where it puts a post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ALIASES = ("aliases", "alias", "redirect_from", "redirects")
"""Fields with earlier addresses of a post, whatever the generator."""

TRANSLATION_KEYS = ("translationkey", "translation_key", "translationid", "translation_id", "i18n_key", "lang-ref")
TRANSLATION_REFS = ("ref", "page_id")
TRANSLATION_OF = ("translation_of", "translationof")
"""Fields that translations of one post have in common: a key, an id, and the name of the original."""


@dataclass(frozen=True)
class DataPlace:
    """Where a generator's templates find data of posts, and how they name a post there.

    `file` and `posts`, the folder that the names of posts are below, are below the site's folder; `prefix` stands
    before each name. `folders` are the folders of the config that both may stand in, by its keys, with those that are
    usual. `by_language` tells that each language may have such a folder of its own, under the first of these keys.
    """

    file: str
    posts: str = ""
    prefix: str = ""
    folders: Mapping[str, str] = field(default_factory=dict, hash=False)
    by_language: bool = False


PLAIN_DATA = DataPlace("postkin.json")
"""Data for programs that name posts by their paths below the site's folder."""


@dataclass(frozen=True)
class Generator:
    """A generator; all names of front matter fields are in lower case.

    `configs` are the files that tell it, below the site's folder, and `folders` those that must be there; a file
    without the generator's name in its own counts if it has one of the keys `told_by`. `slugs` are fields that give the
    last part of a post's address, `addresses` those that give the whole of it, with or without a slash at its start,
    and `aliases` those that give further ones. `permalinks` are the patterns of addresses unless the site has its own;
    `tokens` says what those tokens mean that mean something else than usual. `hosts` are where all sites of a
    generator are. With `suffixes`, `post.ja.md` is Japanese; with `lower`, addresses have no capitals. With `spaced`,
    a string of tags or of categories is split at its spaces. `fields` are further ones that a site's permalinks name.
    `data` is where its templates find data of posts, and `posts` are the folders that a site usually has them in, below
    the site's; the folders of `data` may stand in them by their keys. With `any_case`, capitals make no other field of
    front matter; None: it is not known.
    """

    name: str
    configs: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ("slug",)
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ALIASES
    permalinks: tuple[str, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict, hash=False)
    hosts: tuple[str, ...] = ()
    languages: bool = True
    suffixes: bool = False
    lower: bool = False
    spaced: bool = False
    any_case: bool | None = False
    fields: tuple[str, ...] = ()
    data: DataPlace = PLAIN_DATA
    posts: tuple[str, ...] = ()
