import dataclasses

import numpy as np
import pytest

from tests.transforms.checks.by_hand import HOW, post, read, texts, told
from transforms.checks.check import check
from transforms.checks.findings import Outdated
from transforms.checks.fitting import fit_blog
from transforms.checks.posts import ChangedPost
from transforms.checks.settings import Settings
from transforms.checks.stored import blog_of_state, check_state
from transforms.corpus.tag_table import sum_by_tag
from transforms.reading.files import blob_name
from transforms.results import TagTrial
from transforms.state.records import PostState, SiteState, State
from transforms.state.records import Settings as StateSettings
from transforms.tags.model import TagWeights

BLOG = texts(45) | {"posts/linking.md": post(3, body="See [this](post-5.md).")}


def encoded(blog):
    return {path: text.encode() for path, text in blog.items()}


def blobs_of(blog):
    return {path: blob_name(text.encode()) for path, text in blog.items()}


def state_of(blog):
    """The state that a report on a blog leaves."""
    fitted = fit_blog(encoded(blog), HOW)
    learned, linking = fitted.models.learned, fitted.linking
    posts = []
    for article in learned.articles:
        text = blog[linking.paths[article.id]]
        keys = read(text, article.path).keys
        posts.append(
            PostState(
                article.path,
                article.id,
                blob_name(text.encode()),
                article.title,
                article.date,
                article.language,
                article.url,
                article.tags,
                keys,
                article.address_fields,
                linking.links.get(article.id, ()),
            )
        )
    settings = StateSettings(HOW.as_of, HOW.fields, (), learned.parts, tuple(learned.related_by))
    state = State(
        "1",
        learned.encoder.info,
        settings,
        tuple(posts),
        learned.vectors,
        learned.runs,
        learned.common_runs,
        TagWeights(learned.tag_model.weights, learned.tag_model.broad),
        learned.trial,
        learned.ranking,
        learned.confidence,
        learned.titles,
        site=SiteState(tuple(linking.hosts), {}),
        coverage=learned.coverage,
    )
    return state, fitted


@pytest.fixture(scope="module")
def stored():
    return state_of(BLOG)


def restore(stored, blog, blobs=None, how=HOW):
    state, fitted = stored
    asked = []

    def contents(paths):
        asked.append(list(paths))
        return {path: blog[path].encode() for path in paths}

    known, outdated = blog_of_state(state, fitted.models.learned.encoder, how, blobs or blobs_of(blog), contents)
    return known, outdated, asked


EVERY = Settings(levels={"tag-doubtful": "notice"}, link_from=0.0, suggest_from=0.1)
NEW = ChangedPost("posts/new.md", "added", post(99, date="2024-05-01").replace("baking", "astronomy").encode())


def test_a_state_says_of_a_new_post_what_the_posts_themselves_say(stored):
    known, outdated, asked = restore(stored, BLOG)
    assert (outdated, known.fitted) == (Outdated(0, 46), "state")
    assert asked == []
    from_state, from_posts = (check([NEW], blog, HOW, EVERY) for blog in (known, stored[1]))
    assert from_state.findings == from_posts.findings
    assert from_state.posts == from_posts.posts
    assert known.customs == stored[1].customs
    assert known.linking.links == stored[1].linking.links


def test_posts_below_a_folder_of_the_repository_are_found(stored):
    moved = {f"site/{path}": text for path, text in BLOG.items()}
    how = dataclasses.replace(HOW, roots=("site",))
    known, outdated, _ = restore(stored, moved, how=how)
    assert outdated.count == 0
    assert known.linking.paths["posts/post-1"] == "site/posts/post-1.md"


def test_a_post_that_changes_is_taken_out_again(stored):
    others = {path: text for path, text in BLOG.items() if path != "posts/post-5.md"}
    known, outdated, asked = restore(stored, others)
    assert (outdated.count, asked) == (0, [["posts/linking.md"]])  # which links to it
    expected = sum_by_tag(known.models.learned.articles, known.models.learned.vectors)
    table = known.models.learned.table
    assert {key: int(count) for key, count in zip(table.keys, table.counts, strict=True)} == {
        key: count for key, (count, _) in expected.items() if key
    }
    np.testing.assert_array_equal(table.sums, [expected[key][1] for key in table.keys])
    deleted = ChangedPost("posts/post-5.md", "deleted", None, BLOG["posts/post-5.md"].encode())
    assert told(check([deleted], known, HOW).findings) == [("link-broken", 10, "post-5.md")]


def test_posts_newer_than_the_state_are_read(stored):
    newer = BLOG | {
        "posts/newer.md": post(7, front="", date="2024-04-01").replace("gardening", "bees"),
        "posts/post-9.md": post(9, body="It has changed, and links to [another](newer.md)."),
        "posts/draft.md": post(8, front="draft: true\n"),
    }
    known, outdated, asked = restore(stored, newer)
    assert asked[0] == ["posts/draft.md", "posts/newer.md", "posts/post-9.md"]
    assert outdated == Outdated(2, 47)  # the site does not show a draft, of which no state knows
    learned = known.models.learned
    assert len(learned.articles) == known.posts == 47
    assert "bees" in learned.table.keys
    assert known.linking.links["posts/post-9"] == ("posts/newer",)
    assert [article.id for article in learned.articles] == sorted(article.id for article in learned.articles)
    fitted = fit_blog(encoded(newer), HOW)
    assert known.customs == fitted.customs
    assert known.tags.counts == fitted.tags.counts
    assert learned.table.counts.tolist() == fitted.models.learned.table.counts.tolist()
    assert not any(one.rule == "tag-new" for one in check([tagged_bees()], known, HOW).findings)


def tagged_bees():
    return ChangedPost("posts/new.md", "added", post(1).replace("gardening", "bees").encode())


def test_a_copy_of_a_post_that_only_the_state_knows_is_told_as_one():
    body = "\n\n".join(f"Word{number} of a text that is told twice." for number in range(40))
    blog = BLOG | {"posts/original.md": post(1, body=body)}
    known, _, asked = restore(state_of(blog), blog)
    quiet = Settings(levels={"tag-suggest": "off", "link-missing": "off"})
    copy = post(1, body=body).replace("Post number 1", "Told again")
    [exact] = check([ChangedPost("posts/new.md", "added", copy.encode())], known, HOW, quiet).findings
    assert (exact.rule, exact.subject) == ("duplicate", "posts/original.md")
    assert asked == [["posts/original.md"]]
    near = copy.replace("Word7 of", "Word seven of")
    [one] = check([ChangedPost("posts/new.md", "added", near.encode())], known, HOW, quiet).findings
    assert one.rule == "duplicate-near"


def test_an_old_state_says_so():
    assert check_state(Outdated(20, 100), "state") == []
    [found] = check_state(Outdated(21, 100), "state")
    assert (found.rule, found.details) == ("state-old", Outdated(21, 100))


def test_nothing_corrects_where_nothing_was_tried(stored):
    state, fitted = stored
    bare = dataclasses.replace(state, trial=TagTrial(), confidence=None)
    known, *_ = restore((bare, fitted), BLOG)
    [checked] = check([NEW], known, HOW).posts
    assert {related.confidence for related in checked.related} == {None}
