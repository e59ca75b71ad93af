import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.fields import override_fields
from transforms.reading.files import list_posts
from transforms.reading.parse import parse_article, read_article
from transforms.reading.shown import FLAGS, INCLUDABLE
from transforms.records import Article
from transforms.results import Skipped

AS_OF = "2026-11-28"


def parse(lines, path="notes/post.md", **options):
    return parse_article(f"---\n{lines}\n---\nBody.", path, as_of=AS_OF, **options)


LEFT_OUT = [
    ("any", "draft: true", "draft", "draft: true"),
    ("any", "draft: 'Yes'", "draft", "draft: true"),
    ("any", "Draft: on", "draft", "draft: true"),
    ("Jekyll, Zenn, Hexo, dev.to", "published: false", "draft", "published: false"),
    ("Obsidian, Quartz", "publish: false", "draft", "publish: false"),
    ("Digital Garden", "dg-publish: false", "draft", "dg-publish: false"),
    ("Metalsmith", "publish: draft", "draft", "publish: draft"),
    ("Metalsmith", "publish: unlisted", "hidden", "publish: unlisted"),
    ("Astro", "isDraft: true", "draft", "isDraft: true"),
    ("Cobalt", "is_draft: true", "draft", "isDraft: true"),
    ("Hashnode", "saveAsDraft: true", "draft", "saveAsDraft: true"),
    ("Qiita", "ignorePublish: true", "draft", "ignorePublish: true"),
    ("Pelican, Nikola, Ghost, WordPress", "status: draft", "draft", "status: draft"),
    ("Pelican", "Status: skip", "draft", "status: skip"),
    ("WordPress", "status: pending", "draft", "status: pending"),
    ("WordPress", "post_status: trash", "draft", "postStatus: trash"),
    ("Medium", "publishStatus: Draft", "draft", "publishStatus: Draft"),
    ("Qiita", "private: true", "private", "private: true"),
    ("Nikola, WordPress", "status: private", "private", "status: private"),
    ("Ghost", "visibility: private", "private", "visibility: private"),
    ("Hexo, VuePress, WordPress", "password: x", "private", "has a password"),
    ("Hexo", "password: 0042", "private", "has a password"),
    ("Gridea", "encrypted: true", "private", "encrypted: true"),
    ("Jekyll, Hexo, Pelican", "hidden: 1", "hidden", "hidden: true"),
    ("Hexo", "hide: true", "hidden", "hide: true"),
    ("Docusaurus", "unlisted: true", "hidden", "unlisted: true"),
    ("any", "visibility: Hidden", "hidden", "visibility: Hidden"),
    ("Pelican", "status: hidden", "hidden", "status: hidden"),
    ("Publii", "status: published, hidden", "hidden", "status: published, hidden"),
    ("Publii", "isHidden: true", "hidden", "isHidden: true"),
    ("Eleventy", "eleventyExcludeFromCollections: true", "hidden", "eleventyExcludeFromCollections: true"),
    ("Eleventy", "permalink: false", "hidden", "permalink: false"),
    ("Zola", "render: false", "hidden", "render: false"),
    ("Hugo", "headless: true", "hidden", "headless: true"),
    ("Hugo", "build: {render: never}", "hidden", "build.render: never"),
    ("Hugo", "_build: {list: false}", "hidden", "build.list: false"),
    ("Publii", "status: published,is-page", "page", "status: published,is-page"),
    ("VuePress", "article: false", "page", "article: false"),
    ("any", "date: 2026-11-30", "future", "dated 2026-11-30, after 2026-11-28"),
    ("any", "date: 2026-11-28T23:00:00-05:00", "future", "dated 2026-11-28T23:00:00-05:00, after 2026-11-28"),
    ("Hugo", "date: 2020-01-01\npublishDate: 2027-01-01", "future", "dated 2027-01-01, after 2026-11-28"),
    ("Hugo", "publishDate: 2020-01-01\ndate: 2027-01-01", "future", "dated 2027-01-01, after 2026-11-28"),
    (
        "Zenn",
        "published: true\npublished_at: 2027-01-01 10:00",
        "future",
        "dated 2027-01-01T10:00:00, after 2026-11-28",
    ),
    ("Hugo", "expiryDate: 2020-01-01", "expired", "expired 2020-01-01"),
    ("Hugo", "expirydate: 2026-11-28", "expired", "expired 2026-11-28"),
    ("Hugo", "unpublishdate: 2026-11-28T12:00:00Z", "expired", "expired 2026-11-28T12:00:00+00:00"),
    ("Grav", "unpublish_date: 2020-01-01", "expired", "expired 2020-01-01"),
    ("any", "expires_at: 2026-11-29T01:00:00+14:00", "expired", "expired 2026-11-29T01:00:00+14:00"),
]


@pytest.mark.parametrize(("lines", "kind", "reason"), [row[1:] for row in LEFT_OUT])
def test_who_is_not_shown_and_how_to_bring_them_back(lines, kind, reason):
    (word,) = (word for word, of in INCLUDABLE.items() if of == kind)
    assert parse(lines) == Skipped("notes/post.md", kind, reason)
    assert parse(lines, include=frozenset(INCLUDABLE) - {word}) == Skipped("notes/post.md", kind, reason)
    assert isinstance(parse(lines, include=frozenset({word})), Article)


@pytest.mark.parametrize(
    "lines",
    [
        *("draft: false", "published: true", "hidden: no", "visibility: public", "status: published", "private: false"),
        *(
            "status: featured",
            "password: ''",
            "password: false",
            "hide: [navigation, toc]",
            "permalink: /a/",
            "state: CA",
        ),
        *("date: 2026-11-28", "date: 2026-11-29", "date: 2026-11-29T01:00:00+14:00", "date: 2026-11-28T23:59:59Z"),
        *("expiryDate: 2026-11-29", "expiryDate: 0001-01-01T00:00:00Z", "expires: never", "expires: 2026"),
        *("publishDate: 2020-01-01\ndate: 2021-01-01", "build: {render: always, list: local}", "render: true"),
        *("status: in progress", "publish: true", "published: 2020-01-01", "ignorePublish: false"),
    ],
)
def test_who_is_shown(lines):
    assert isinstance(parse(lines), Article)


def test_a_post_that_is_left_out_twice_is_brought_back_by_both_words():
    lines = "draft: true\npassword: x\nexpiryDate: 2020-01-01"
    assert parse(lines).kind == "private"
    assert parse(lines, include=frozenset({"private"})).kind == "draft"
    assert parse(lines, include=frozenset({"private", "drafts"})).kind == "expired"
    assert isinstance(parse(lines, include=frozenset({"private", "drafts", "expired"})), Article)


def test_a_password_is_never_told():
    assert "secret" not in repr(parse("password: secret"))


@pytest.mark.parametrize(
    ("lines", "field", "given"),
    [
        ("draft: ture", "draft", "ture"),
        ("expiryDate: never", "expiryDate", "never"),
        ("date: 2020-01-01\npublishDate: soon", "publishDate", "soon"),
        ("expires: 2020", "expires", "2020"),
    ],
)
def test_what_cannot_be_read_is_passed_over_with_a_note(lines, field, given):
    notes = []
    assert isinstance(parse(lines, notes=notes), Article)
    assert [(note.field, note.given, note.done) for note in notes] == [(field, given, "passed_over")]


def test_the_name_of_the_last_day_can_be_replaced():
    fields = override_fields(["expires=until"])
    assert parse("until: 2020-01-01", fields=fields).kind == "expired"
    assert isinstance(parse("expiryDate: 2020-01-01", fields=fields), Article)


def test_the_folder_of_drafts_is_skipped():
    assert parse("title: x", "_drafts/a.md") == Skipped("_drafts/a.md", "draft", "in _drafts")


PAGES = {
    "_index.md": "title: Home",
    "index.ja.md": "title: Home",
    "about.md": "title: About",
    "posts/_index.en.md": "title: Posts",
    "posts/index.md": "title: Posts",
    "posts/2020/bundle/index.md": "title: A post",
    "posts/2020/bundle/index.ja.md": "title: A post",
    "posts/dated/index.md": "date: 2020-01-02",
    "posts/dated/credits.md": "title: Credits",
    "posts/README.md": "title: Posts",
    "posts/readme-first.md": "title: A post",
    "series/index.md": "date: 2020-01-02",
    **{f"series/part-{number}.md": "title: A part" for number in range(6)},
}


def test_the_pages_of_sections_are_no_posts(tmp_path):
    for path, lines in PAGES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"---\n{lines}\n---\nBody.")
    read = [read_article(file, as_of=AS_OF) for file in list_posts(str(tmp_path))]
    pages = {post.path: post.reason for post in read if isinstance(post, Skipped)}
    assert pages == {
        "_index.md": "_index.md is the page of a section",
        "posts/_index.en.md": "_index.en.md is the page of a section",
        "index.ja.md": "index.ja.md stands with other posts",
        "posts/index.md": "index.md stands with other posts",
        "posts/README.md": "README.md stands with other posts",
        "series/index.md": "index.md stands with other posts",
    }
    brought_back = [read_article(file, as_of=AS_OF, include=frozenset({"pages"})) for file in list_posts(str(tmp_path))]
    assert all(isinstance(post, Article) for post in brought_back)


def read_beside(root, *paths):
    """What comes of files without front matter, by kind."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("# A title\n\nBody.")
    read = {file.path: read_article(file, as_of=AS_OF) for file in list_posts(str(root))}
    return {path: post.kind if isinstance(post, Skipped) else "post" for path, post in read.items()}


def test_readmes_are_posts_where_most_files_are_readmes_in_folders_of_their_own(tmp_path):
    posts = [f"2024/tide-{number}/README.md" for number in range(4)]
    assert read_beside(tmp_path, "README.md", "LICENSE.md", *posts) == {
        **dict.fromkeys(posts, "post"),
        "README.md": "page",
        "LICENSE.md": "page",
    }
    others = [f"notes/{number}.md" for number in range(2)]
    assert set(read_beside(tmp_path, *others).values()) == {"post", "page"}
    assert read_beside(tmp_path, *others)[posts[0]] == "page", "they are no more than half of the files"


def in_zone(zone, script):
    run = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo"])
def test_the_zone_of_the_machine_does_not_matter(zone):
    script = (
        "from transforms.reading.parse import parse_article;"
        "dates = ('2026-11-29T01:00:00+14:00', '2026-11-29T00:00:00Z', '2026-11-29', '2026-11-29 23:00', '2026-11-30');"
        f"kept = [type(parse_article('---\\ndate: ' + date + '\\n---\\nx', 'a.md', as_of={AS_OF!r})).__name__[0]"
        " for date in dates];"
        "print(''.join(kept))"
    )
    assert in_zone(zone, script) == "ASAAS"


def test_the_day_that_it_is_does_not_hang_on_the_zone():
    script = "from jobs.options.source import Source; print(Source(('x',)).as_of)"
    days = {in_zone(zone, script) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")}
    assert len(days) == 1, "there it is never the same day"


NAMES = [name for names in FLAGS.values() for several in names.values() for name in several]
VALUES = st.one_of(
    st.booleans(), st.none(), st.text(max_size=8), st.integers(), st.lists(st.text(max_size=3), max_size=2)
)


@given(st.dictionaries(st.sampled_from([*NAMES, "status", "password", "expires", "publishDate"]), VALUES))
def test_whatever_front_matter_says_all_posts_can_be_brought_back(values):
    text = json.dumps({"a": 1} | values) + "\nBody."
    post = parse_article(text, "a.md", as_of=AS_OF)
    assert isinstance(post, Article) or post.kind in INCLUDABLE.values()
    assert isinstance(parse_article(text, "a.md", as_of=AS_OF, include=frozenset(INCLUDABLE)), Article)
