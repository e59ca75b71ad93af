"""What the folder of a blog's posts says of the blog: its name, and where a post is edited on the web.

What stands in a checkout is untrusted: files of git are capped, and only addresses of known hosts are made of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from transforms.generators.registry import GENERATORS
from transforms.plumbing.storage import is_remote
from transforms.reading.files import pattern_root
from transforms.site.addresses import USUAL_FOLDERS
from transforms.site.site_model import Site, clean_title
from transforms.site.site_name import site_names

PATH = "{path}"
"""Stands in an edit address for the path of a post's file."""
HOSTS: Mapping[str, str] = {
    "github.com": "https://github.com/{name}/edit/{branch}/",
    "gitlab.com": "https://gitlab.com/{name}/-/edit/{branch}/",
    "codeberg.org": "https://codeberg.org/{name}/_edit/{branch}/",
}
"""Where hosts of git repositories have a file be edited."""
MAX_BYTES = 64 * 2**10
UNNAMED = USUAL_FOLDERS | {
    *("content", "contents", "data", "docs", "pages", "public", "site", "source", "src", "website"),
    *("_drafts", "_posts", "drafts", "fixtures", "test", "tests"),
}
"""Names of folders and packages that say nothing of the blog."""
_REMOTE = re.compile(
    r"(?:https://(?:[^\s/@]{1,100}@)?|ssh://git@|git@)(?P<host>[a-z.]{4,40})[:/]"
    r"(?P<name>[\w.-]{1,100}(?:/[\w.-]{1,100}){1,5})/?"
)
_BRANCH = re.compile(r"ref: refs/(?:heads|remotes/origin)/([\w][\w./-]{0,100})")
_SECTION = re.compile(r'^\s*\[\s*remote\s+"origin"\s*\]\s*$')
_TEMPLATE = re.compile(
    r"https?://[^\s/?#\"'<>\\^`{}|@]{1,253}/[^\s\"'<>\\^`{}|]{0,500}\{path\}[^\s\"'<>\\^`{}|]{0,200}"
)


def is_edit_url(text: str) -> bool:
    """Tell the pattern of a web address that has `{path}` once, behind the host."""
    return _TEMPLATE.fullmatch(text) is not None


def blog_name(site: Site, patterns: Sequence[str]) -> str:
    """What a blog calls itself in its config or in files beside it, else the folder that its posts are given by.

    A usual name, such as `posts`, says nothing, and nor does a year; then the nearest folder above it counts that was
    given too. Above a whole path nothing counts, so that a blog has the same name wherever its checkout is.
    """
    if site.title:
        return site.title
    for name in site_names(patterns):
        if not _says_nothing(name):
            return name
    for root in map(pattern_root, patterns):
        parts = PurePosixPath(root.partition("://")[2] if is_remote(root) else root).parts
        for name in reversed(parts[-1:] if root.startswith("/") else parts):
            if not _says_nothing(name) and (title := clean_title(name.strip("/"))):
                return title
    return "Blog"


def _says_nothing(name: str) -> bool:
    return name.lower() in UNNAMED or name in GENERATORS or not re.search(r"[^\W\d_]", name)


def edit_pattern(patterns: Sequence[str], given: str | None = None) -> str | None:
    """Where the posts that patterns name are edited, with `{path}` for a path as articles have it.

    In a `given` pattern it stands for a path from the root of the git repository, or below the folder of the posts
    where there is none; else the remote of the repository says it, if its host is known. None where nothing does, and
    where posts are below several folders, of which their paths do not say which.
    """
    roots = list(dict.fromkeys(map(pattern_root, patterns)))
    if len(roots) != 1:
        return None
    if is_remote(roots[0]):
        return given
    folder = Path(roots[0]).resolve()
    top = next((place for place in (folder, *folder.parents) if os.path.lexists(place / ".git")), None)
    if top is None:
        return given
    pattern = given or _of_remote(top / ".git")
    below = folder.relative_to(top).as_posix()
    return pattern and pattern.replace(PATH, PATH if below == "." else f"{quote(below)}/{PATH}")


def _of_remote(git: Path) -> str | None:
    """The pattern of a repository by the config of its `.git`."""
    lines = iter(_read(git / "config").splitlines())
    if not any(map(_SECTION.match, lines)):
        return None
    url = ""
    for line in lines:
        key, _, value = (part.strip() for part in line.partition("="))
        if key.startswith("["):
            break
        url = value if key == "url" else url
    found = _REMOTE.fullmatch(url)
    if not found or found["host"] not in HOSTS or ".." in found["name"]:
        return None
    heads = (_BRANCH.match(_read(git / name)) for name in ("refs/remotes/origin/HEAD", "HEAD"))
    branch = next((head[1] for head in heads if head and ".." not in head[1]), "HEAD")
    return HOSTS[found["host"]].format(name=found["name"].removesuffix(".git"), branch=quote(branch)) + PATH


def _read(file: Path) -> str:
    """The head of a plain file; empty for what is none."""
    try:
        if file.is_symlink() or not file.is_file():
            return ""
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES).decode(errors="replace")
    except OSError:
        return ""
