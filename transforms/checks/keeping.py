"""A state of what a check learned from the posts, for the checks after it."""

from __future__ import annotations

from transforms.checks.blog import Blog
from transforms.checks.posts import HowToRead
from transforms.state.files import MAX_POSTS
from transforms.state.posts import post_state, with_links
from transforms.state.records import Settings, SiteState, State
from transforms.tags.model import TagWeights


def state_of_blog(blog: Blog, how: HowToRead, postkin: str) -> State | None:
    """Make the State of a Blog that was learned from its posts; None if nothing was, or if these are too many.

    `postkin` is the version that learned it. A Blog that is made of the state says the same as this one.
    """
    if blog.models is None or blog.posts > MAX_POSTS:
        return None
    learned, linking = blog.models.learned, blog.linking
    return State(
        postkin,
        learned.encoder.info,
        Settings(
            how.as_of,
            how.fields,
            tuple(sorted(how.include)),
            learned.parts,
            tuple(sorted(learned.related_by)),
            learned.any_language,
        ),
        with_links([*map(post_state, linking.articles), *learned.links], blog.language),
        learned.vectors,
        learned.runs,
        learned.common_runs,
        TagWeights(learned.tag_model.weights, learned.tag_model.broad),
        learned.trial,
        learned.ranking,
        learned.confidence,
        learned.titles,
        blog.by_categories,
        SiteState(tuple(sorted(linking.hosts)), linking.shapes),
        learned.coverage,
    )
