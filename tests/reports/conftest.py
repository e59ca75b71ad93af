"""A corpus of five posts in two themes, made by hand."""

import dataclasses

import pytest

from reports.tables import Tables
from transforms.records import Article
from transforms.results import (
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    IssueEvidence,
    Links,
    MapPoint,
    Merge,
    Metric,
    Neighbor,
    Note,
    PostSimilarity,
    Recommended,
    Rejected,
    Related,
    RelatedArticle,
    ScoredTag,
    Skipped,
    TagFigures,
    TagIssue,
    TagScore,
    TagTree,
    TagTrial,
    UnresolvedLink,
    Why,
)


@pytest.fixture
def tables():
    return Tables(
        title="A blog",
        articles=[
            Article("a", "a.md", "Beams", "2020-01-02T09:00:00+09:00", ("python", "beam"), language="en", url="/a/"),
            Article("b", "b.md", "Pipelines", "2021-05-06", ("beam",), language="en", url="https://blog.example/b"),
            Article("c", "c.md", "全文検索", "2019-03-04", ("検索",), language="ja"),
            Article("d", "d.md", "Untagged", None, ()),
            Article("e", "e.md", "", "2021-05-06", ("python",), language="en", url="javascript:alert(1)"),
        ],
        related=[
            Related(
                "a",
                (
                    RelatedArticle(
                        "b",
                        0.816,
                        0.954,
                        Why(text=0.704, tags=0.85, shared_tags=("beam",), shared_words=("runner", "window")),
                    ),
                    RelatedArticle("c", 0.121, None, Why(None, tags=0.121)),
                ),
            ),
            Related(
                "b", (RelatedArticle("a", 0.816, 0.999, Why(text=0.704, tags=0.85, recent=0.5, shared_tags=("beam",))),)
            ),
        ],
        recommended=[
            Recommended("a", (TagScore("beam", 0.9, True), TagScore("検索", 0.504, False))),
            Recommended(
                "d", (TagScore("python", 0.7, False), TagScore("beam", 0.45, False), TagScore("検索", 0.09, False))
            ),
        ],
        trial=TagTrial(-0.2, 0.9, 0.1, 4, 3, 2),
        clusters=[
            Cluster(0, "検索", 1, (), (Neighbor("c", 1.0),), (Neighbor("c", 1.0),)),
            Cluster(
                1,
                "beam, python",
                4,
                (ScoredTag("beam", 0.856), ScoredTag("python", 0.25)),
                (Neighbor("b", 0.9),),
                (Neighbor("b", 0.9), Neighbor("a", 0.8), Neighbor("e", 0.7), Neighbor("d", 0.1)),
            ),
        ],
        dendrogram=Dendrogram((0, 1), (Merge(0, 1, 0.5, 2),), (1, 0)),
        duplicates=[Duplicate("a", "b", 0.97, False)],
        tag_issues=[
            TagIssue(
                "synonym",
                1,
                ("beam", "python"),
                3,
                0.9,
                True,
                ("a", "b"),
                IssueEvidence(
                    (TagFigures("beam", 2), TagFigures("python", 2)), "unlike", PostSimilarity(0.45, 0.5, 0.1, both=1)
                ),
            ),
            TagIssue(
                "contradiction",
                1,
                ("beam",),
                1,
                0.95,
                True,
                ("b",),
                IssueEvidence((TagFigures("beam", 2, 0.01),), lacking=(TagFigures("検索", 1, 0.95),)),
            ),
            TagIssue("once", 1, ("検索",), 1, None, True, ("c",), IssueEvidence((TagFigures("検索", 1),))),
        ],
        coverage=[
            Coverage(None, "all posts", "2020-05-06", 2, 2, 0.5, 0.994),
            Coverage(0, "検索", "2020-05-06", 0, 1, None, None),
            Coverage(1, "beam, python", "2020-05-06", 2, 1, 0.5, 1.0),
        ],
        metrics=[
            Metric("tags map@10", "blend", None, 0, in_use=True),
            Metric("tags calibration error", "blend", 0.0412, 40, in_use=True),
            Metric("related dice@4", "random", 0.1, 4, low=0.0, high=0.25),
            Metric("related dice@4", "text", 0.25, 4, low=0.2, high=0.3),
            Metric("related dice@4", "all but own tags", 0.45678, 4, in_use=True, low=0.4, high=0.5),
        ],
        rejected=[Rejected("z.md", 3, "not YAML"), Rejected("y.md", None, "not UTF-8")],
        skipped=[Skipped("w.md", "draft", "draft: true")],
        notes=[Note("d.md", 2, "date", "Last Modified", "undated")],
        collisions=[Collision("a.markdown", "a", "a.markdown")],
        links=[Links("a", ("b",), 0), Links("b", (), 1), Links("c", (), 0), Links("d", (), 0), Links("e", (), 0)],
        unresolved=[
            UnresolvedLink("b", "/x/", "other"),
            UnresolvedLink("b", "/c-d/", "broken", 7, "c"),
            UnresolvedLink("a", "/w/", "skipped", None, "w.md"),
        ],
        map_points=[
            MapPoint(id_, "tsne", x, y)
            for id_, x, y in [("a", -1, 1), ("b", -0.9, 1), ("c", 1, -1), ("d", 0, 0), ("e", 0.1, 0)]
        ],
        thumbnails=[],
        tag_tree=TagTree((), (), (), ()),
        tag_counts={"python": 2, "beam": 2, "検索": 1},
        counts={"read": 8, "parsed": 5, "rejected": 2, "skipped": 1},
        other_files={".ipynb": 1_200, ".rst": 3},
        settings={"encoder": "lsa", "clusters": "2"},
        digest="sha256:0123",
    )


@pytest.fixture
def bare(tables):
    """The same run over a folder without posts."""
    return dataclasses.replace(
        tables,
        articles=[],
        related=[],
        recommended=[],
        clusters=[],
        dendrogram=Dendrogram((), (), ()),
        duplicates=[],
        tag_issues=[],
        coverage=[],
        metrics=[],
        rejected=[],
        skipped=[],
        notes=[],
        collisions=[],
        links=[],
        unresolved=[],
        map_points=[],
        tag_counts={},
        counts={"read": 0, "parsed": 0, "rejected": 0, "skipped": 0},
    )


@pytest.fixture
def large(tables):
    """Makes a corpus of `count` posts, each next to the one after it, with `text` wherever a post may put one."""

    def make(count, text):
        ids = [f"p{place:06}" for place in range(count)]
        tags = tuple(TagScore(f"{place}{text}", 0.5, False) for place in range(10))
        why = Why(text=0.5, tags=0.5, recent=0.5, shared_tags=(text,) * 5, shared_words=(text,) * 5)
        kinds = ("synonym", "variant", "once", "misfit", "contradiction", "missing")
        figures = (TagFigures(text, 9, 0.5),) * 5
        members = tuple(Neighbor(id_, 0.5) for id_ in ids)
        return dataclasses.replace(
            tables,
            title=text,
            articles=[Article(id_, text, text, "2020-01-02", (), language=text, url=text) for id_ in ids],
            related=[Related(id_, (RelatedArticle(ids[place - 1], 0.9, 0.9, why),)) for place, id_ in enumerate(ids)],
            recommended=[Recommended(id_, tags) for id_ in ids],
            clusters=[Cluster(number, text, count, (), members[:3], members) for number in range(50)],
            dendrogram=Dendrogram((), (), ()),
            duplicates=[Duplicate(ids[place], ids[place + 1], 0.99, False) for place in range(0, count - 1, 2)],
            tag_issues=[
                TagIssue(
                    kind,
                    rank,
                    (text,) * 5,
                    9,
                    0.5,
                    True,
                    tuple(ids[:5]),
                    IssueEvidence(figures, "form", lacking=figures),
                )
                for kind in kinds
                for rank in range(1, min(count, 200) + 1)
            ],
            coverage=[
                Coverage(None, "all posts", "2020-01-01", count, 0, None, None),
                *(Coverage(number, text, "2020-01-01", count, 0, None, None) for number in range(50)),
            ],
            rejected=[Rejected(text, place, text) for place in range(count)],
            skipped=[Skipped(text, text, text)] * count,
            notes=[Note(text, place, text, text, "undated") for place in range(count)],
            links=[Links(id_, (), 0) for id_ in ids],
            unresolved=[],
            map_points=[],
            tag_counts={tag.tag: 1 for tag in tags},
            settings={text: text},
            digest=text,
        )

    return make
