"""The generators that are known, one entry each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transforms.generators.generator import (
    PLAIN_DATA,
    TRANSLATION_KEYS,
    TRANSLATION_OF,
    TRANSLATION_REFS,
    DataPlace,
    Generator,
)


def _blogs(*folders: str) -> tuple[str, ...]:
    """What a blog's folder of posts is called in some folders."""
    return tuple(f"{folder}/{name}" for folder in folders for name in ("posts", "post", "blog", "articles", "journal"))


PLAIN = Generator("none", slugs=(), aliases=(), languages=False, any_case=None)
"""Nothing is known of any generator: a post is where its file is, and where its front matter says so."""

COMMON = Generator(
    "unknown",
    any_case=None,
    posts=(*_blogs("", "content", "src/content", "src", "docs", "source"), "_posts", "content", "docs"),
)
"""What holds for nearly all generators, for sites of which it is not known."""

_SCRIPTS = ("js", "ts", "mjs", "mts", "cjs", "cts")


def _scripts(stem: str) -> tuple[str, ...]:
    return tuple(f"{stem}.{suffix}" for suffix in _SCRIPTS)


GENERATORS: Mapping[str, Generator] = {
    generator.name: generator
    for generator in (
        Generator(
            "qiita",
            configs=("qiita.config.json",),
            slugs=("id",),
            permalinks=("/items/:id", "/private/:id"),
            posts=("public",),
            hosts=("qiita.com",),
            languages=False,
        ),
        Generator(
            "zenn",
            folders=("articles", "books"),
            permalinks=("/articles/:file",),
            posts=("articles",),
            hosts=("zenn.dev",),
            languages=False,
        ),
        Generator("docusaurus", configs=_scripts("docusaurus.config"), posts=("blog",)),
        Generator(
            "vitepress",
            configs=tuple(f".vitepress/{name}" for name in (*_scripts("config"), *_scripts("config/index"))),
            data=DataPlace(".vitepress/postkin.json", "{srcDir}", folders={"srcDir": ""}),
            posts=_blogs("{srcDir}"),
        ),
        Generator(
            "astro",
            configs=_scripts("astro.config"),
            lower=True,
            data=DataPlace("src/data/postkin.json"),
            posts=(*_blogs("src/content", "src/data", "content", "src/pages"), "src/content"),
        ),
        Generator(
            "eleventy",
            configs=(*_scripts(".eleventy"), *_scripts("eleventy.config")),
            addresses=("permalink",),
            permalinks=("/:file",),
            data=DataPlace("{input}/_data/postkin.json", prefix="./", folders={"input": ""}),
            posts=_blogs("{input}", "{input}/content"),
        ),
        Generator(
            "gatsby",
            configs=_scripts("gatsby-config"),
            addresses=("path",),
            posts=(*_blogs("content", "src", ""), "content"),
        ),
        Generator(
            "mkdocs",
            configs=("mkdocs.yml", "mkdocs.yaml"),
            suffixes=True,
            posts=("docs/blog/posts", *_blogs("docs"), "docs"),
        ),
        Generator("quartz", configs=_scripts("quartz.config"), addresses=("permalink",), posts=("content",)),
        Generator(
            "pelican",
            configs=("pelicanconf.py",),
            addresses=("url",),
            aliases=("aliases", "redirect"),
            permalinks=(":slug.html",),
            tokens={"slug": "slug_or_words"},
            any_case=True,
            posts=("content",),
        ),
        Generator(
            "hugo",
            configs=(
                *("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"),
                *("config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/hugo.json"),
                *("config/_default/config.toml", "config/_default/config.yaml", "config/_default/config.json"),
                *("config.toml", "config.yaml", "config.yml", "config.json"),
            ),
            told_by=("baseurl", "languagecode", "defaultcontentlanguage"),
            addresses=("url",),
            tokens={"title": "title", "slug": "slug_or_title"},
            suffixes=True,
            lower=True,
            any_case=True,
            data=DataPlace(
                "{assetDir}/postkin.json",
                "{contentDir}",
                folders={"contentDir": "content", "assetDir": "assets"},
                by_language=True,
            ),
            posts=(*_blogs("{contentDir}"), "{contentDir}"),
        ),
        Generator(
            "zola",
            configs=("zola.toml", "config.toml"),
            told_by=("base_url",),
            addresses=("path",),
            suffixes=True,
            posts=(*_blogs("content"), "content"),
        ),
        Generator(
            "hexo",
            configs=("_config.yml", "_config.yaml", "_config.json"),
            told_by=("source_dir", "public_dir", "new_post_name", "post_asset_folder", "filename_case"),
            slugs=("slug", "abbrlink"),
            addresses=("permalink",),
            permalinks=("/:year/:month/:day/:title/",),
            data=DataPlace("{source_dir}/_data/postkin.json", "{source_dir}", folders={"source_dir": "source"}),
            posts=("{source_dir}/_posts",),
        ),
        Generator(
            "jekyll",
            configs=("_config.yml", "_config.yaml", "_config.toml"),
            addresses=("permalink",),
            permalinks=("date",),
            spaced=True,
            data=DataPlace(
                "{source}/{data_dir}/postkin.json",
                "{source}/{collections_dir}",
                folders={"source": "", "data_dir": "_data", "collections_dir": ""},
            ),
            posts=("{source}/{collections_dir}/_posts",),
        ),
    )
}
"""By name. Where one file may be of several, the one that is told by its keys stands first."""

FIELDS = tuple(
    sorted(
        {
            name
            for generator in (COMMON, *GENERATORS.values())
            for name in (*generator.slugs, *generator.addresses, *generator.aliases)
        }.union(TRANSLATION_KEYS, TRANSLATION_REFS, TRANSLATION_OF)
    )
)
"""Every front matter field by which some generator finds a post's address, or its translations."""


def splits_at_spaces(generator: Generator, folders: Iterable[str]) -> bool:
    """Tell whether strings of tags are split at spaces in a file in these folders: `_posts` is Jekyll's, or Hexo's."""
    return generator.spaced or (generator.name == COMMON.name and "_posts" in folders)


DATA_NAMES = tuple(sorted(name for name, generator in GENERATORS.items() if generator.data != PLAIN_DATA))
"""The generators whose templates find data in a place of their own."""
