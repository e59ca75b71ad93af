"""A result with a finding of each rule, and one with text of others that means harm."""

from transforms.checks.findings import (
    RULES,
    BrokenLink,
    CheckedPost,
    Copied,
    Dates,
    Doubtful,
    DuplicatePost,
    Fault,
    Finding,
    Fix,
    Meant,
    Missing,
    Moved,
    NewTag,
    Outdated,
    RelatedPost,
    Repeated,
    Result,
    Suggested,
    TagChance,
    Taken,
    Unlinked,
    Unused,
    order,
)

RELATED = RelatedPost("posts/old", "posts/old.md", "An old post", 0.51, 0.98, "none")
CHANCES = (TagChance("python", 0.914), TagChance("beam", 0.6))
DETAILS = {
    "front-matter-invalid": Fault("", "a quote is not closed"),
    "text-missing": None,
    "title-missing": Missing(99, 100),
    "date-missing": Missing(99, 100),
    "date-invalid": Fault("2024-12-5-"),
    "date-name": Dates("2024-01-02", "2024-01-03"),
    "date-future": Dates("2030-01-01", "2024-01-01"),
    "draft-past": Dates("2020-01-01", "2024-01-01"),
    "field-missing": Missing(97, 100),
    "field-misspelt": Meant("tags", 500),
    "tags-missing": Missing(88, 100),
    "tag-variant": Meant("frontend", 12),
    "tag-misspelt": Meant("python", 1),
    "tag-synonym": Meant("kubernetes", 9),
    "tag-new": NewTag((Meant("python", 40), Meant("pypi", 3))),
    "tag-suggest": Suggested(CHANCES),
    "tag-doubtful": Doubtful(0.004),
    "duplicate": Copied("posts/old.md", "An old post", 1.0),
    "duplicate-near": Copied("posts/old.md", "An old post", 0.93),
    "passage-copied": Repeated("posts/old.md", "An old post", (12, 14), (30, 30)),
    "slug-taken": Taken("posts/old.md", "address"),
    "slug-changed": Moved("posts/was.md", ("posts/one.md", "posts/two.md")),
    "link-broken": BrokenLink("posts/old.md"),
    "link-missing": Unlinked((RELATED,)),
    "ignore-unused": Unused("finds-nothing"),
    "baseline-old": Outdated(2, 30),
    "state-old": Outdated(200, 509),
}
SEVERE = {rule: level if level != "off" else "notice" for rule, level in RULES.items()}


def finding(rule="tag-new", path="posts/new.md", line=3, subject="pyhton", details=None, **others):
    return Finding(rule, others.pop("severity", SEVERE[rule]), path, line, subject, details or DETAILS[rule], **others)


def result(*findings, posts=None):
    paths = sorted({found.path for found in findings})
    checked = posts if posts is not None else tuple(CheckedPost(path, path, "added") for path in paths)
    return Result(tuple(checked), tuple(order(findings)), of=509)


def whole():
    """A finding of each rule, in two posts."""
    fixes = {"tag-variant": Fix("tag", "pyhton", ("frontend",))}
    findings = [
        finding(rule, f"posts/{'ab'[place % 2]}.md", place + 1, fix=fixes.get(rule)) for place, rule in enumerate(RULES)
    ]
    posts = (
        CheckedPost("posts/a.md", "a", "modified", None, CHANCES, (RELATED,), (DuplicatePost("b.md", 0.9, False),)),
        CheckedPost("posts/b.md", "b", "renamed", "posts/c.md"),
    )
    return Result(posts, tuple(order(findings)), ignored=2, baseline=1, of=509, fitted="state")


HOSTILE = "::error::x\n##[add-mask]y | `z` <img src=x onerror=alert(1)> [a](javascript:b) @all #1 \x1b[31m\u202e %0A"


def hostile():
    """A result of which every text of others is hostile."""
    path = f"posts/{HOSTILE[:40]}.md"
    findings = [
        finding("tag-new", path, 1, HOSTILE, NewTag((Meant(HOSTILE, 3),))),
        finding("tag-suggest", path, 1, HOSTILE, Suggested((TagChance(HOSTILE, 0.7),))),
        finding("duplicate", path, 1, HOSTILE, Copied(path, HOSTILE, 1.0)),
        finding("passage-copied", path, 1, HOSTILE, Repeated(path, HOSTILE, (1, 2), (3, 4))),
        finding("link-missing", path, 1, HOSTILE, Unlinked((RelatedPost("x", path, HOSTILE, 0.5, None),))),
        finding("front-matter-invalid", path, 2, HOSTILE, Fault(HOSTILE, HOSTILE)),
    ]
    related = (RelatedPost("x", path, HOSTILE, 0.5, 0.9),)
    return result(*findings, posts=[CheckedPost(path, HOSTILE, "added", None, (TagChance(HOSTILE, 0.7),), related)])
