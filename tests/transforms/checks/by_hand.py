"""Small blogs and posts, written in the tests."""

from transforms.checks.customs import survey
from transforms.checks.posts import HowToRead, read_version

HOW = HowToRead(as_of="2024-06-01")

SUBJECTS = (
    "Bread rises slowly when the dough ferments overnight in a cool kitchen with flour water salt and yeast",
    "A vegetable garden wants compost and sunlight so that tomatoes and beans grow tall beside the fence",
    "The telescope shows planets and distant galaxies when the sky is dark and the stars are bright above",
)
TAGS = ("baking", "gardening", "astronomy")


def post(number, front="", body="", date=None):
    """The text of one of the blog's posts: they take turns at three subjects."""
    day = date or f"2023-{1 + number // 28:02d}-{1 + number % 28:02d}"
    subject = SUBJECTS[number % 3]
    return (
        f"---\ntitle: Post number {number}\ndate: {day}\ndescription: What it says\ntags: [{TAGS[number % 3]}]\n"
        f"{front}---\n\n{subject} {number}. {subject} again, and more of it in part {number}.\n\n{body}\n"
    )


def texts(count=30, **others):
    """A blog's posts by their paths."""
    return {f"posts/post-{number}.md": post(number) for number in range(count)} | others


def read(text, path="posts/new.md", how=HOW):
    """Read a post, as a check does."""
    data = text if isinstance(text, bytes) else text.encode()
    return read_version(data, path, how.file(path), how)


def customs_of(blog, how=HOW):
    """What is usual in a blog."""
    return survey([read(text, path, how) for path, text in blog.items()], how)


def told(findings):
    """Findings by rule, line and subject."""
    return [(finding.rule, finding.line, finding.subject) for finding in findings]
