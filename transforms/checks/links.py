"""Rules on links and addresses: what leads nowhere, what another post has already, and what moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from transforms.checks.findings import BrokenLink, Finding, LinkState, Moved, Severity, Taken
from transforms.checks.posts import ReadPost, finding
from transforms.reading.files import SUFFIXES
from transforms.records import Article
from transforms.results import Links, Skipped
from transforms.site.addresses import (
    Directory,
    Place,
    count_url_hosts,
    enter,
    entries_of,
    make_directory,
    split_address,
    whole_addresses,
)
from transforms.site.broken import name_of, settle_broken
from transforms.site.hyperlinks import (
    NOWHERE,
    Outcome,
    Shape,
    count_shapes,
    directory_of_skipped,
    follow,
    judge_hosts,
    linked,
    names_source,
    own_hosts,
    tally_hosts,
    unresolved,
    usual_shapes,
)
from transforms.site.places import own_address, place_of, shown_at
from transforms.site.site_model import PLAIN_SITE, Site

Address = tuple[str, str]
"""An address that front matter gives, and the language of its post: a site may put that before it."""


@dataclass(frozen=True, eq=False)
class Linking:
    """Where a blog's posts are and what they link to.

    By id, `places` are those of all posts, `paths` theirs below the repository, and `links` the posts that each links
    to. `directory` leads to the posts and `skipped` to what the site leaves out. `hosts` are the blog's own, and by the
    shape of an address `shapes` counts how many lead to posts and how many do not. `articles` are the posts themselves.
    """

    site: Site = PLAIN_SITE
    places: Mapping[str, Place] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    directory: Directory = field(default_factory=lambda: NOWHERE)
    skipped: Directory = field(default_factory=lambda: NOWHERE)
    hosts: frozenset[str] = frozenset({""})
    shapes: Mapping[Shape, tuple[int, int]] = field(default_factory=dict)
    articles: Sequence[Article] = ()

    @cached_property
    def usual(self) -> frozenset[Shape]:
        """The shapes of addresses that lead to posts."""
        return usual_shapes(self.shapes)

    @cached_property
    def given(self) -> Mapping[Address, str]:
        """The ids of the posts whose front matter gives them an address, by that."""
        return self._shown(given=True)

    @cached_property
    def of_files(self) -> Mapping[Address, str]:
        """The ids of all other posts, by the addresses that they have."""
        return self._shown(given=False)

    def shown(self, article: Article, path: str) -> list[Address]:
        """The addresses that the site gives a post, whose path below the repository is given."""
        folder = path.removesuffix(article.path).rstrip("/")
        return [(address, article.language or "") for address in shown_at(article, self.site, folder)]

    def _shown(self, *, given: bool) -> dict[Address, str]:
        articles = (each for each in self.articles if (own_address(each, self.site) is not None) == given)
        return {address: each.id for each in articles for address in self.shown(each, self.paths.get(each.id, ""))}

    def rows(self) -> list[Links]:
        """The links of all posts, with how many others link to each."""
        counts = Counter(target for targets in self.links.values() for target in targets)
        return [Links(id_, targets, counts[id_]) for id_, targets in sorted(self.links.items())]


def survey_links(
    articles: Sequence[Article], paths: Mapping[str, str], skipped: Iterable[Skipped] = (), site: Site = PLAIN_SITE
) -> Linking:
    """Follow all links of a blog's posts; `paths` are theirs below the repository, by id."""
    places = {article.id: place_of(article, site) for article in articles}
    directory, left_out = make_directory(places.values()), directory_of_skipped(skipped, site)
    outcomes = {id_: follow(place, directory, site.base, left_out) for id_, place in places.items()}
    tallies = tally_hosts(places.values(), (outcome.mentions for outcome in outcomes.values()))
    hosts = own_hosts([judge_hosts([tallies], [count_url_hosts(places.values())])], site.hosts)
    shapes = count_shapes(outcomes.values(), hosts.difference(site.shared))
    links = {id_: linked(outcome.mentions, hosts) for id_, outcome in outcomes.items()}
    return Linking(site, places, paths, links, directory, left_out, hosts, shapes, articles)


def follow_places(articles: Sequence[Article], linking: Linking, ids: Iterable[str]) -> Linking:
    """The same with the directory of all posts, these articles, and the links of some."""
    directory = make_directory(linking.places.values())
    outcomes = {id_: follow(linking.places[id_], directory, linking.site.base, linking.skipped) for id_ in ids}
    links = {id_: linked(outcome.mentions, linking.hosts) for id_, outcome in outcomes.items()}
    return replace(linking, directory=directory, links={**linking.links, **links}, articles=articles)


class Link(NamedTuple):
    """A link from a post, by id and path, to another, by id: as it is written, and its line (0: not known)."""

    source: str
    path: str
    target: str
    href: str
    line: int


class Followed:
    """Posts that were changed, beside those of the blog, and where their links lead.

    Of the changed ones, by path: `places`, and `targets`, the ids of the posts that each links to. By address, `given`
    are the first paths of those whose front matter gives it, and `of_files` those of the others.
    """

    def __init__(self, posts: Iterable[ReadPost], blog: Linking) -> None:
        self.blog = blog
        read = {post.path: post for post in posts if post.article}
        self.places = {path: place_of(post.article, blog.site) for path, post in read.items() if post.article}
        self.given: dict[Address, str] = {}
        self.of_files: dict[Address, str] = {}
        for path, post in sorted(read.items()):
            if post.article:
                found = self.of_files if own_address(post.article, blog.site) is None else self.given
                for address in blog.shown(post.article, path):
                    found.setdefault(address, path)
        new = [place for place in self.places.values() if place.id not in blog.places]
        entries = (entry for place in new for entry in entries_of(place))
        self.directory = enter(chain(blog.directory.items(), entries)) if new else blog.directory
        self.outcomes = {path: self._follow(place) for path, place in self.places.items()}
        self.targets = {path: linked(outcome.mentions, blog.hosts) for path, outcome in self.outcomes.items()}

    def path_of(self, id_: str) -> str | None:
        """The path of a post, of a changed one if there is one of this id."""
        changed = (path for path, place in self.places.items() if place.id == id_)
        return next(changed, None) or self.blog.paths.get(id_)

    def shown_at(self, address: Address, *, given: bool) -> str | None:
        """The path of a post that has an address: one whose front matter gives it, or one of the others."""
        known, changed = (self.blog.given, self.given) if given else (self.blog.of_files, self.of_files)
        path = self.blog.paths.get(known.get(address, ""))
        return changed.get(address) if path is None or path in self.places else path

    def line_of(self, path: str, href: str) -> int | None:
        """The line on which a changed post has an href (0: not known); None if it has not."""
        place = self.places.get(path)
        lines = dict(zip(place.hrefs, place.lines, strict=False)) if place else {}
        return lines.get(href)

    def cites(self, path: str, lines: tuple[int, int], id_: str) -> bool:
        """Tell whether a changed post has a link to another, by its id, from the first to the last of some lines."""
        place = self.places[path]
        within = (href for href, line in zip(place.hrefs, place.lines, strict=False) if lines[0] <= line <= lines[1])
        outcome = self._follow(place._replace(hrefs=tuple(within)))
        return id_ in linked(outcome.mentions, self.blog.hosts)

    def links_to(self, ids: Iterable[str]) -> list[Link]:
        """The links of all posts to these changed ones, but for their own."""
        sought = {place.id: place for place in self.places.values() if place.id in set(ids)}
        if not sought:
            return []
        names = {address.rpartition("/")[2] for place in sought.values() for address in whole_addresses(place)}
        changed = {place.id for place in self.places.values()}
        others = (
            (self.blog.paths.get(id_, place.path), place)
            for id_, place in self.blog.places.items()
            if id_ not in changed
        )
        return [
            link
            for path, place in chain(self.places.items(), others)
            for link in self._links_of(path, place, names)
            if link.target in sought
        ]

    def lost(self, link: Link, post: ReadPost) -> bool:
        """Tell whether a link from before no longer leads to a changed post, as it does by an alias of that."""
        place = self.places.get(link.path) or self.blog.places.get(link.source)
        if place is None or post.article is None:
            return True
        outcome = self._follow(place._replace(hrefs=(link.href,)))
        return post.article.id not in linked(outcome.mentions, self.blog.hosts)

    def _links_of(self, path: str, place: Place, names: Iterable[str]) -> Iterator[Link]:
        for number, href in enumerate(place.hrefs):
            written = unquote(href)
            if any(name in written for name in names):
                outcome = self._follow(place._replace(hrefs=(href,)))
                for target in linked(outcome.mentions, self.blog.hosts):
                    line = place.lines[number] if number < len(place.lines) else 0
                    yield Link(place.id, path, target, href, line)

    def _follow(self, place: Place) -> Outcome:
        return follow(place, self.directory, self.blog.site.base, self.blog.skipped)


def check_links(post: ReadPost, followed: Followed) -> Iterator[Finding]:
    """Find the links of a changed post that lead nowhere, where links like them lead to posts."""
    if post.path not in followed.places:
        return
    blog, place = followed.blog, followed.places[post.path]
    hosts = blog.hosts.difference(blog.site.shared)
    missed = unresolved(place.id, followed.outcomes[post.path], hosts, blog.usual)
    broken = [row for row in missed if row.kind == "broken"]
    names = (name_of(other) for other in chain(blog.places.values(), followed.places.values()))
    for row in settle_broken(broken, names, blog.site) if broken else ():
        if row.kind == "broken":
            nearest = followed.path_of(row.nearest) if row.nearest else None
            severity: Severity = "error" if names_source(row.href) else "warning"
            yield finding("link-broken", post, row.line or 1, row.href, BrokenLink(nearest), severity=severity)


def check_addresses(post: ReadPost, followed: Followed) -> Iterator[Finding]:
    """Find the id and the address of a changed post that another has already."""
    if not post.article:
        return
    blog, id_ = followed.blog, post.article.id
    others = (path for path, place in followed.places.items() if place.id == id_ and path < post.path)
    taken = next(others, None) or blog.paths.get(id_)
    if taken and taken != post.path:
        yield finding("slug-taken", post, 1, id_, Taken(taken, "id"))
    own = own_address(post.article, blog.site)
    for address in blog.shown(post.article, post.path):
        path = followed.shown_at(address, given=True)
        if own is None:
            path = None if path in followed.places else path
        elif path in (None, post.path):
            path = followed.shown_at(address, given=False)
        if path and path != post.path:
            yield finding("slug-taken", post, _line_of_address(post), own or address[0], Taken(path, "address"))
            return


def check_deleted(deleted: Iterable[ReadPost], before: Followed, after: Followed) -> Iterator[Finding]:
    """Find the links to posts that are deleted; `before` and `after` are the posts before and after the change."""
    ids = {post.article.id: post.path for post in deleted if post.article}
    gone = {id_ for id_ in ids if after.path_of(id_) is None}
    for link in before.links_to(gone):
        if link.target not in gone or link.source in gone:
            continue
        line = _line_now(link, before, after)
        if line is not None:
            details = BrokenLink(ids[link.target], deleted=True)
            yield finding("link-broken", ReadPost(link.path), line, link.href, details)


def check_links_to_renamed(
    renamed: Iterable[tuple[ReadPost, ReadPost]], before: Followed, after: Followed
) -> Iterator[Finding]:
    """Find the links in posts that do not change to the files of renamed ones, each given as it is and as it was."""
    new = {was.article.id: (post, was.article) for post, was in renamed if post.article and was.article}
    for link in before.links_to(new):
        if link.source in new or link.path in after.places or not after.lost(link, new[link.target][0]):
            continue
        is_source = split_address(link.href)[1].lower().endswith(SUFFIXES)
        if is_source or _names_file(link.href, new[link.target][1]):
            details = BrokenLink(new[link.target][0].path, renamed=True)
            severity: Severity = "error" if is_source else "warning"
            post = ReadPost(link.path)
            yield finding("link-broken", post, link.line, link.href, details, severity=severity)


def _names_file(href: str, article: Article) -> bool:
    """Tell what may be a generator's tag that names a file without its suffix, such as `relref` and `post_url`."""
    stem = PurePosixPath(article.path).with_suffix("").as_posix()
    return not href.startswith(("/", ".")) and f"/{stem}".endswith(f"/{unquote(href)}")


def _line_now(link: Link, before: Followed, after: Followed) -> int | None:
    """The line of a link from before the change (0: not known); None if the change took it out."""
    return after.line_of(link.path, link.href) if link.path in before.places else link.line


def check_moved(post: ReadPost, was: ReadPost, path: str, before: Followed, after: Followed) -> Iterator[Finding]:
    """Find that a renamed post, which was at this `path`, has another address, and that others link to the old one."""
    if not post.article or not was.article or post.article.id == was.article.id:
        return
    site = before.blog.site
    address = own_address(post.article, site)
    if address and address == own_address(was.article, site):
        return
    id_ = was.article.id
    left = (link for link in before.links_to([id_]) if _line_now(link, before, after) is not None)
    linking = sorted({link.path for link in left if link.source != id_ and after.lost(link, post)})
    yield finding("slug-changed", post, 1, id_, Moved(path, tuple(linking)))


def link_state(path: str, id_: str, followed: Followed, linking: Mapping[str, frozenset[str]]) -> LinkState:
    """Tell which of a changed post and another link to each other; `linking` has the ids that link to each path."""
    out, back = id_ in followed.targets.get(path, ()), id_ in linking.get(path, ())
    return "both" if out and back else "out" if out else "in" if back else "none"


def linking_to(followed: Followed) -> dict[str, frozenset[str]]:
    """The ids of the posts that link to each changed one, by its path."""
    paths = {place.id: path for path, place in followed.places.items()}
    found: dict[str, set[str]] = {}
    for link in followed.links_to(paths):
        found.setdefault(paths[link.target], set()).add(link.source)
    return {path: frozenset(sources) for path, sources in found.items()}


def _line_of_address(post: ReadPost) -> int:
    lines = (post.line_of_key(key) for key in ("permalink", "url", "slug", "path") if key in post.keys)
    return next(lines, 1)
