"""The fixture blog and a larger, generated one, each run once."""

import random
import socket

import pytest

from tests.jobs.results import BLOG, postkin, write_posts

POSTS = 300
"""More than one block, more than one bucket, and more dimensions than neighbours compare."""
THEMES = 12
COPIES = 6


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: starts worker processes")


def generated_posts():
    """Posts of made-up words in twelve themes, the last `COPIES` of them with one text under different dates."""
    draw = random.Random(20211126)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    word = lambda: "".join(draw.choices(syllables, k=3))  # noqa: E731
    common = [word() for _ in range(150)]
    themes = {f"theme {number}": [word() for _ in range(40)] for number in range(THEMES)}
    posts = {}
    for number in range(POSTS - COPIES):
        main, second = draw.sample(sorted(themes), 2)
        words = draw.choices(themes[main], k=40) + draw.choices(themes[second], k=12) + draw.choices(common, k=40)
        draw.shuffle(words)
        tags = [main, second][: draw.choice((0, 1, 1, 2, 2))]
        year, month = 2010 + number // 24, number % 12 + 1
        posts[f"{year}/post-{number}.md"] = (
            f"---\ntitle: {' '.join(words[:4])}\ndate: {year}-{month:02}-15\ntags: {tags}\n---\n"
            f"{' '.join(words[:20])}.\n\n## {words[21]}\n\n{' '.join(words[20:])}.\n"
        )
    body = posts["2010/post-0.md"].partition("\ntags:")[2]
    for copy in range(COPIES):
        posts[f"copies/{copy}.md"] = f"---\ntitle: said again\ndate: 2011-01-{copy + 1:02}\ntags:{body}"
    return posts


@pytest.fixture(scope="session")
def generated_folder(tmp_path_factory):
    return write_posts(tmp_path_factory.mktemp("generated"), generated_posts())


@pytest.fixture(scope="session")
def blog(tmp_path_factory):
    """The results of tests/data/blog."""
    return postkin(BLOG, tmp_path_factory.mktemp("blog") / "out")


@pytest.fixture(scope="session")
def generated(tmp_path_factory, generated_folder):
    """The results of the generated posts."""
    return postkin(generated_folder, tmp_path_factory.mktemp("generated-results") / "out")


@pytest.fixture(scope="session")
def by_cells(tmp_path_factory, generated_folder):
    """The results of the generated posts, searched by cells."""
    return postkin(generated_folder, tmp_path_factory.mktemp("by-cells") / "out", "--search", "ivf")


@pytest.fixture(scope="session", params=["blog", "generated"])
def results(request):
    return request.getfixturevalue(request.param)


TALK = ("--related-by", "text", "--tags", "means")
"""The talk's methods: related by the text alone, tags by means of vectors."""


@pytest.fixture(scope="session")
def talk_of_blog(tmp_path_factory):
    """The results of tests/data/blog by the talk's methods."""
    return postkin(BLOG, tmp_path_factory.mktemp("talk-of-blog") / "out", *TALK)


@pytest.fixture(scope="session")
def talk_of_generated(tmp_path_factory, generated_folder):
    """The results of the generated posts by the talk's methods."""
    return postkin(generated_folder, tmp_path_factory.mktemp("talk-of-generated") / "out", *TALK)


@pytest.fixture(scope="session", params=["talk_of_blog", "talk_of_generated"])
def talk(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def outside(monkeypatch):
    """The hosts beyond this machine that were looked for; none is reached."""
    asked = []
    local = ("localhost", "127.0.0.1", "::1", None)
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def guarded_look_up(host, *args, **kwargs):
        if host in local:
            return look_up(host, *args, **kwargs)
        asked.append(host)
        raise OSError("no network in tests")

    def guarded_connect(self, address):
        if self.family == socket.AF_UNIX or address[0] in local:
            return connect(self, address)
        asked.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    return asked
