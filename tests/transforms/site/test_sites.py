"""Small blogs of each generator, each link of which is written in another awkward form."""

from pathlib import Path

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.records_by_hand import block
from transforms import sampling
from transforms.corpus.blocks import make_ids_unique
from transforms.generators.registry import COMMON, GENERATORS, PLAIN, splits_at_spaces
from transforms.reading.files import list_all
from transforms.reading.parse import parse_article, read_article
from transforms.site.hyperlinks import resolve_links, unresolved_links
from transforms.site.places import on_site
from transforms.site.resolve import ResolveLinks
from transforms.site.site_model import PLAIN_SITE, find_site

SITES = Path(__file__).parents[2] / "data" / "sites"
URLS = {
    "astro": "https://clay.example/pots",
    "docusaurus": "https://looms.example/weave",
    "eleventy": None,
    "hexo": "https://kites.example/sky",
    "hugo": "https://lamps.example/notes",
    "jekyll": "https://rivers.example/walks",
    "mkdocs": "https://bees.example/hive",
    "pelican": "https://breads.example",
    "qiita": None,
    "quartz": "https://garden.example",
    "vitepress": None,
    "zenn": None,
    "zola": "https://seeds.example",
}
LINKS = {
    "astro": "en/first-pot>en/glaze en/first-pot>en/kiln en/glaze>en/kiln en/kiln>ja/kiln ja/first-pot>ja/kiln"
    " ja/glaze>ja/first-pot ja/kiln>ja/glaze",
    "docusaurus": "2024-1-2-file1>2024-02-03-weft 2024-02-03-weft>2024-1-2-file1 2024/shuttle>2024-02-03-weft"
    " 2024/05-06-heddle>2024/shuttle fr/2024-1-2-file1>fr/2024-02-03-weft fr/2024-02-03-weft>fr/2024-1-2-file1",
    "eleventy": "rye>wheat wheat>spelt spelt>rye oats>wheat barley>rye",
    "hexo": "box-kite>delta-kite delta-kite>box-kite rokkaku>delta-kite string>rokkaku tail>string wind>tail",
    "hugo": "blog/2024-1-2-file1>blog/Second-Lamp blog/2024-1-2-file1>blog/tour blog/Second-Lamp>blog/2024-1-2-file1"
    " blog/Second-Lamp>post/x1 blog/tour>post/x1 blog/tour.ja>blog/moon.ja blog/moon>blog/tour.ja"
    " blog/moon.ja>blog/tour.ja post/x2>post/x1 post/x3>post/x2",
    "jekyll": "2023-05-06-the-weir>2023-06-07-the-mill 2023-06-07-the-mill>2023-05-06-the-weir"
    " 2023-07-08-ford>2023-06-07-the-mill 2023-08-09-bridge>2023-07-08-ford 2023-09-10-lock>2023-08-09-bridge"
    " 2023-10-1-source>2023-08-09-bridge 2023-11-12-mouth>2023-10-1-source",
    "mkdocs": "queen>drone drone>swarm swarm>queen queen.de>drone.de drone.de>queen.de",
    "pelican": "2024-05-06-rye>oat/cakes oat/cakes>2024-05-06-rye oat/scones>oat/cakes spelt>2024-05-06-rye"
    " spelt>oat/scones",
    "qiita": "sail>rudder rudder>sail anchor>sail mast>anchor keel>anchor",
    "quartz": "Stone_Wall>Hedge Stone_Wall>tools/Spade Hedge>Stone_Wall tools/Spade>Cafe\u0301 Cafe\u0301>Stone_Wall"
    " ガイド>Hedge ガイド>tools/Spade",
    "vitepress": "posts/cirrus>posts/cumulus posts/cumulus>posts/stratus posts/stratus>posts/cirrus"
    " ja/posts/cirrus>ja/posts/cumulus ja/posts/cumulus>ja/posts/cirrus",
    "zenn": "0a1b2c3d4e5f60>second-row second-row>0a1b2c3d4e5f60 purl>second-row cable>purl hem>cable",
    "zola": "bean>pea pea>bean kale>pea leek>kale kale.fr>leek.fr leek.fr>kale.fr",
}
"""All links, by their posts' ids without the folders that all have; a space is `_`."""
FOLDERS = {
    "astro": "src/content/blog/",
    "docusaurus": "blog/",
    "eleventy": "src/posts/",
    "hexo": "source/_posts/",
    "hugo": "content/",
    "jekyll": "_posts/",
    "mkdocs": "docs/posts/",
    "pelican": "content/",
    "qiita": "public/",
    "quartz": "content/",
    "vitepress": "",
    "zenn": "articles/",
    "zola": "content/blog/",
}
UNRESOLVED = {
    "eleventy": {("src/posts/oats", "/bread/wheat-flour/", "other")},
    "hugo": {("content/post/x1", "gone.md", "broken")},
    "jekyll": {("_posts/2023-09-10-lock", "/blog/the-weir-that-was/", "other")},
    "mkdocs": {("docs/posts/swarm", "../keeper.md", "broken")},
    "pelican": {("content/spelt", "{filename}barley.md", "broken")},
    "quartz": {("content/Hedge", "[[Nowhere]]", "other")},
}
FRENCH = "i18n/fr/docusaurus-plugin-content-blog/"


def posts_of(folder, site):
    include = frozenset({"hidden"})
    read = [read_article(file, as_of="2026-12-31", include=include) for file in list_all([str(folder)])]
    return make_ids_unique([on_site(article, site) for article in read])[0]


def short(id_, folder):
    return id_.replace(FRENCH, "blog/fr/").removeprefix(folder).replace(" ", "_")


def links_of(name, folder, site):
    posts = posts_of(folder, site)
    return {
        f"{short(row.id, FOLDERS[name])}>{short(target, FOLDERS[name])}"
        for row in resolve_links(posts, site)
        for target in row.links
    }


@pytest.mark.parametrize("name", sorted(LINKS))
def test_every_link_of_a_site_is_found_and_no_other(name):
    site = find_site([str(SITES / name)])
    assert (site.generator.name, site.url) == (name, URLS[name])
    assert links_of(name, SITES / name, site) == set(LINKS[name].split())
    rows = unresolved_links(posts_of(SITES / name, site), site)
    assert {(row.id, row.href, row.kind) for row in rows} == UNRESOLVED.get(name, set())


@pytest.mark.parametrize(("name", "folder"), [("zenn", "articles"), ("qiita", "public"), ("hugo", "content")])
def test_the_folder_of_the_posts_is_enough(name, folder):
    site = find_site([str(SITES / name / folder)])
    assert site.generator.name == name
    assert links_of(name, SITES / name / folder, site) == set(LINKS[name].split())


def test_zenn_is_read_without_its_folders(tmp_path):
    for file in (SITES / "zenn" / "articles").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    site = find_site([str(tmp_path)])
    assert site.as_row()["generator"] is None
    assert links_of("zenn", tmp_path, site) == {"cable>purl", "second-row>0a1b2c3d4e5f60"}, "no host is known"
    assert links_of("zenn", tmp_path, find_site([str(tmp_path)], "zenn")) == set(LINKS["zenn"].split())


def test_none_reads_files_and_addresses_alone():
    site = find_site([str(SITES / "qiita")], "none")
    assert site == PLAIN_SITE
    assert links_of("qiita", SITES / "qiita", site) == {"anchor>sail"}


def test_languages_of_folders_and_suffixes():
    site = find_site([str(SITES / "hugo")])
    posts = {post.id: post.language for post in posts_of(SITES / "hugo", site)}
    assert posts["content/blog/tour"] == "en"
    assert posts["content/blog/tour.ja"] == "ja"


def test_permalinks_may_name_fields_of_their_own(tmp_path):
    (tmp_path / "_config.yml").write_text("source_dir: source\npermalink: kites/:knot/\n")
    (tmp_path / "a.md").write_text("---\nknot: bowline\n---\nOn to [b](/kites/reef/).")
    (tmp_path / "b.md").write_text("---\nknot: reef\n---\nText.")
    site = find_site([str(tmp_path)])
    posts = [read_article(file, as_of="2026-12-31", generator=site.generator) for file in list_all([str(tmp_path)])]
    assert [row.links for row in resolve_links(posts, site)] == [("b",), ()]


def test_an_address_may_hold_the_date():
    site = find_site([str(SITES / "zola")])
    assert {post.id: post.date for post in posts_of(SITES / "zola", site)}["content/blog/bean"] == "2026-03-26"


@pytest.mark.parametrize(("name", "large"), [("docusaurus", 50_000), ("hugo", 3), ("zola", 1)])
def test_the_transform_gives_what_the_functions_give(name, large, monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", large)
    site = find_site([str(SITES / name)])
    posts = posts_of(SITES / name, site)
    blocks = [block(posts[part::3], np.ones((len(posts[part::3]), 2))) for part in range(3)]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        size = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([len(posts)]))
        resolved = pipeline | beam.Create(blocks) | ResolveLinks(size, site)
        assert_that(resolved.links, equal_to(resolve_links(posts, site)), "links")
        assert_that(resolved.unresolved, equal_to(unresolved_links(posts, site)), "unresolved")


def test_tags_of_jekyll_are_split_at_spaces():
    post = "---\ntags: weir old-mill\ncategories: river walks\n---\nText."
    for root, generator, split in (
        ("walks/_posts", COMMON, True),
        ("walks", GENERATORS["jekyll"], True),
        ("walks/_posts", GENERATORS["hexo"], False),
        ("walks/_posts", PLAIN, False),
        ("walks", COMMON, False),
    ):
        spaced = splits_at_spaces(generator, root.split("/"))
        assert spaced is split
        article = parse_article(post, "a.md", as_of="2026-12-31", spaced=spaced)
        assert (article.tags, article.categories) == (
            (("weir", "old-mill"), ("river", "walks")) if split else (("weir old-mill",), ("river walks",))
        )
