"""The posts that change as they are before or after, with all that the blog's models and links say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.checks.blog import Blog
from transforms.checks.bodies import Bodies
from transforms.checks.copies import Copy, check_copies, find_copies
from transforms.checks.customs import habits
from transforms.checks.findings import Finding, Meant, RelatedPost, TagChance
from transforms.checks.front_matter import check_front_matter, is_meant, misspelt_keys
from transforms.checks.links import Followed, check_addresses, check_links, link_state, linking_to
from transforms.checks.models import Judged, Models
from transforms.checks.passages import FoundPassage, PassageFinder, check_passages
from transforms.checks.posts import HowToRead, ReadPost
from transforms.checks.related import check_related
from transforms.checks.settings import Settings
from transforms.checks.tags import check_tag_chances, check_tag_names
from transforms.numerics.rounding import best_columns
from transforms.reading.fields import tag_key
from transforms.records import Article

RELATED = 20
"""So many related posts are looked at for those that no link leads to."""
CHANCES = 10
LEAST_CHANCE = 0.1
"""So many tags that a post lacks are told of it, if they are this probable."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known of a post besides its findings: probable tags, related posts, and copies, the best first.

    `passages` are those that other posts have.
    """

    chances: tuple[TagChance, ...] = ()
    related: tuple[RelatedPost, ...] = ()
    copies: tuple[Copy, ...] = ()
    passages: tuple[FoundPassage, ...] = ()


class Side:
    """The posts that change, by path, as they are on one side of the change; those `gone` are only linked to.

    Copied passages are found in the posts as they are after it, for which `before` gives the other side.
    """

    def __init__(
        self,
        posts: Mapping[str, ReadPost],
        blog: Blog,
        how: HowToRead,
        gone: Iterable[ReadPost] = (),
        before: Side | None = None,
    ) -> None:
        self.posts = posts
        self.blog = blog
        self.how = how
        self._bodies = Bodies(posts, blog.texts)
        self.followed = Followed([*posts.values(), *gone], blog.linking)
        self.seen = self._look(blog.models, before) if blog.models else {}
        self._use = blog.tags
        if blog.models and any(post.article and post.article.tags for post in posts.values()):
            self._use = replace(blog.tags, synonyms=blog.models.synonyms)
        self._known = frozenset(blog.linking.paths.values())

    def findings(self, path: str, settings: Settings) -> Iterator[Finding]:
        """Run all rules on a post."""
        post, blog, how = self.posts[path], self.blog, self.how
        customs, use = blog.customs, self._use
        if path in self._known and post.article:
            customs, use = customs.without(habits(post, how)), use.without(post.article.tags)
        yield from check_front_matter(post, customs, how, settings)
        if not post.article:
            return
        seen, tags = self.seen.get(path, Seen()), post.article.tags
        named = list(check_tag_names(post, tags, use, customs, self._nearest_tags, how, settings))
        yield from named
        meant = {tag_key(found.details.name) for found in named if isinstance(found.details, Meant)}
        chances = [chance for chance in seen.chances if tag_key(chance.tag) not in meant]
        if not is_meant(how.fields["tags"], misspelt_keys(post.keys, customs, how, settings)):
            yield from check_tag_chances(post, tags, chances, customs, how, settings)
        yield from check_copies(post, [(copy, self.path_of(copy.article)) for copy in seen.copies])
        copied = [one for one in seen.passages if not self.followed.cites(path, one.lines, one.article.id)]
        yield from check_passages(post, [(one, self.path_of(one.article)) for one in copied])
        yield from check_addresses(post, self.followed)
        yield from check_links(post, self.followed)
        if blog.links_posts:
            yield from check_related(post, seen.related, {copy.article.id for copy in seen.copies}, settings)

    def _look(self, models: Models, before: Side | None) -> dict[str, Seen]:
        articles = {path: post.article for path, post in self.posts.items() if post.article}
        targets = {article.id: self.followed.targets[path] for path, article in articles.items()}
        judged = models.judge(list(articles.values()), targets, RELATED)
        copies = find_copies(list(articles.values()), models, self._are_same)
        passages = self._passages(dict(zip(articles, copies, strict=True)), before, models) if before else {}
        back = linking_to(self.followed)
        return {
            path: Seen(
                _chances(article, said, models),
                self._related(path, said, models, back),
                tuple(same),
                tuple(passages.get(path, ())),
            )
            for (path, article), said, same in zip(articles.items(), judged, copies, strict=True)
        }

    def _passages(
        self, copies: Mapping[str, Sequence[Copy]], before: Side, models: Models
    ) -> Mapping[str, Sequence[FoundPassage]]:
        ids = {path: {copy.article.id for copy in of_post} for path, of_post in copies.items()}
        return PassageFinder(self.posts, before.posts, self.path_of, self._bodies, models).find(ids)

    def _are_same(self, one: Article, other: Article) -> bool:
        return self._bodies.are_same(self.path_of(one), self.path_of(other))

    def _related(
        self, path: str, said: Judged, models: Models, back: Mapping[str, frozenset[str]]
    ) -> tuple[RelatedPost, ...]:
        others = ((models.learned.articles[row], score, sure) for row, score, sure in said.related)
        return tuple(
            RelatedPost(
                other.id,
                self.path_of(other),
                other.title,
                score,
                sure,
                link_state(path, other.id, self.followed, back),
            )
            for other, score, sure in others
        )

    def path_of(self, article: Article) -> str:
        """The path of a post below the repository."""
        return self.followed.path_of(article.id) or article.path

    def _nearest_tags(self, name: str) -> list[str]:
        return self.blog.models.nearest_tags(name) if self.blog.models else []


def _chances(article: Article, said: Judged, models: Models) -> tuple[TagChance, ...]:
    """The tags that a post carries and the most probable others, the most probable first."""
    table = models.learned.table
    carried = {tag_key(tag): tag for tag in article.tags}
    chances = [
        TagChance(tag, float(said.probabilities[table.rows[key]]) if key in table.rows else 0.0, present=True)
        for key, tag in carried.items()
    ]
    best = best_columns(said.probabilities[None, :], CHANCES + len(carried))[0].tolist()
    others = [column for column in best if table.keys[column] not in carried][:CHANCES]
    chances += [
        TagChance(table.names[column], float(said.probabilities[column]))
        for column in others
        if said.probabilities[column] >= LEAST_CHANCE
    ]
    return tuple(sorted(chances, key=lambda chance: (-chance.probability, chance.tag)))
