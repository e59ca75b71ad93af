"""Sites of the blog's posts that a site generator builds, and what their pages link to."""

import datetime
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import yaml

from jobs.cli import main
from reports.site.next_script import next_script
from tests.jobs.pages import DOCS, code, section
from tests.jobs.results import AS_OF, BLOG, EXPECTED, USUAL, Results
from transforms.reading.parse import parse_article

BASE = "/lanterns"
"""The path below which the sites stand."""
AWKWARD = {
    "2020/moving-to-kubernetes.md": "2020/Moving to Kubernetes v1.2.md",
    "2021/hiring-without-puzzles.md": "2021/MiXed.Case.md",
    "2021/zaitaku-kinmu.md": "2021/在宅勤務のこと.md",
    "2022/terraform-drift.md": "2022/terraform/index.md",
    "2023/idempotent-loads.md": "2023/Idempotent & 'safe', loads.md",
}
"""Posts that get other names. Of the others some are bundles, have a slug or an address of their own."""
TITLED = frozenset(
    title.strip("\"'")
    for file in BLOG.rglob("*.md")
    for title in re.findall(r"(?m)^title: (.*[a-z] .*)$", file.read_text(encoding="utf-8", errors="replace"))
)
"""What front matter of the blog's posts calls them, where no generator reads that as anything but a text."""
GONE = "2024/evaluating-retrieval.md"
"""A post that is deleted after the run."""


def make_site(folder, posts, config, *flags, without=(), name=str, plain=False, configured=False):
    """Copy the blog into a site's folder of posts, run the job there and export the run; returns the run.

    `config` are texts by file, `name` renames posts as the generator wants it. `without` are posts that it cannot read;
    for one that is strict, `plain` keeps no more of front matter than title, date and addresses, of posts that have
    YAML. If the site is `configured`, its settings say where the posts are.
    """
    for file, text in config.items():
        Path(folder, file).parent.mkdir(parents=True, exist_ok=True)
        Path(folder, file).write_text(text, encoding="utf-8")
    for source in sorted(path.relative_to(BLOG).as_posix() for path in BLOG.rglob("*.md")):
        if source not in {*EXPECTED["rejected"], *without}:
            target = Path(folder, posts, name(AWKWARD.get(source, source)))
            target.parent.mkdir(parents=True, exist_ok=True)
            content = _plain(BLOG / source) if plain else (BLOG / source).read_bytes()
            if content is not None:
                target.write_bytes(content)
    places = [] if configured else ["--input", posts, "--output", "build/postkin"]
    if configured:
        assert main(["init"]) == 0
    assert main(["report", *places, *USUAL, "--map", "none", "--export", *flags]) == 0
    Path(folder, posts, name(GONE)).unlink()
    return Results(Path(folder, "build/postkin"))


def snippets(generator):
    """The blocks of code that docs/site.md has for a generator: their languages, and themselves."""
    return code(section(DOCS["docs/site.md"], generator))


def next_snippets(generator):
    """The blocks of code that docs/readers.md has for a generator: their languages, and themselves."""
    return code(section(DOCS["docs/readers.md"], generator))


def export_next(script):
    """Export the run of a site again, with what the script for readers needs, and the script to a file."""
    assert main(["export", "build/postkin", "--script", script, "--quiet"]) == 0


def compare_next(public, made, name, gone):
    """Compare what a site serves to the script with its pages and with the run, and find the script there."""
    rows = json.loads(Path(public, "postkin-next.json").read_text(encoding="utf-8"))
    assert Path(public, "postkin-next.js").read_bytes() == next_script()
    (data,) = (path for path in Path().rglob("postkin.json") if Path(public) not in path.parents)
    vectors = json.loads(data.read_text(encoding="utf-8"))["next"]
    titles = {name(row["path"]): row["title"] for row in made.rows("articles")}
    posts = pages_of(public)
    found = {posts[unquote(address).removesuffix("index.html")]: row for address, *row in rows}
    assert found.keys() == vectors.keys() - {gone}
    assert {post: vector for post, (_, vector) in found.items()} == {post: vectors[post] for post in found}
    said = {post: title for post, (title, _) in found.items() if titles[post] in TITLED}
    assert len(said) > 20
    assert said == {post: titles[post] for post in said}


def expected_links(run, name, gone):
    """The names of the related posts of each post that is still there, by its name."""
    names = {row["id"]: name(row["path"]) for row in run.rows("articles")}
    related = {
        names[row["id"]]: [names[other["id"]] for other in row["related"] if other["kind"] == "similar"]
        for row in run.rows("related")
    }
    assert any(gone in others for others in related.values())
    return {post: [other for other in others if other != gone] for post, others in related.items() if post != gone}


def built_links(public):
    """The same as the pages of a site have it: they name their posts in `data-post`, and link to others in a nav."""
    posts = pages_of(public)
    return {page.post: [posts[unquote(link)] for link in page.links] for _, page in _pages(public)}


def pages_of(public):
    """The posts that pages of a site name, by their addresses."""
    pages = [(address, page.post) for address, page in _pages(public)]
    assert len({post for _, post in pages}) == len(pages)
    return dict(pages)


def _pages(public):
    for file in sorted(Path(public).rglob("*.html")):
        page = _Page()
        page.feed(file.read_text(encoding="utf-8"))
        if page.post is not None:
            path = file.relative_to(public).as_posix()
            yield f"{BASE}/{path.removesuffix('index.html') if file.name == 'index.html' else path}", page


def _plain(file):
    """A post with no more front matter than all generators read; None where it has none, or is not shown."""
    path = file.relative_to(BLOG).as_posix()
    text = file.read_text(encoding="utf-8-sig")
    article = parse_article(text, path, as_of=AS_OF)
    found = re.match(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    if found is None or path in EXPECTED["skipped"] or "{{" in text or "{%" in text:
        return None
    values = {"title": article.title, "date": datetime.date.fromisoformat((article.date or "2020-01-01")[:10])}
    values |= {name: value for name, value in yaml.safe_load(found[1]).items() if name in ("slug", "permalink")}
    return f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n{found[2]}".encode()


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.post, self.links, self._listed = None, [], False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.post = attrs.get("data-post", self.post)
        self._listed = tag == "nav" or self._listed
        if tag == "a" and self._listed:
            self.links.append(attrs["href"])

    def handle_endtag(self, tag):
        self._listed = self._listed and tag != "nav"
