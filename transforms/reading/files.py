"""Finding a blog's posts, and reading one as text, in a local folder or on any filesystem that Beam reads."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from transforms.limits import POST_BYTES
from transforms.plumbing.storage import UnavailableError, exists, is_remote, match, read_bytes
from transforms.reading import other_files
from transforms.reading.errors import ParseError
from transforms.records import PostFile

SUFFIXES = (".md", ".markdown", ".mdx", ".qmd")
_OTHERS = (*other_files.SUFFIXES, *other_files.BESIDE_POSTS)

_EVERYTHING = ("**",)
_TOO_LARGE = f"larger than {POST_BYTES // 2**20} MiB"
_INDEX = re.compile(r"(?:.*/)?(?:_?index|readme)(?:\.[a-z]{2,3}(?:[-_][a-z0-9]{2,8})?)?\.[a-z]+", re.IGNORECASE)


class Files(NamedTuple):
    """The posts, and how many files of other kinds are beside them, by suffix."""

    posts: list[PostFile]
    others: Mapping[str, int]


def list_posts(pattern: str) -> Iterator[PostFile]:
    """Every post that `pattern` names, sorted by path.

    `pattern` is a file, a folder (all posts below it) or a glob, in which `*`, `?` and `[...]` stay within one name
    and a name that is `**` stands for any number of folders. A name that exists is itself, not a glob. Hidden names
    and node_modules are passed over. Links to folders are not followed but listed, and reading one fails.

    Raises FileNotFoundError if there is no such file or folder, and OSError if a folder cannot be listed.
    """
    return iter(list_all((pattern,)))


def list_all(patterns: Iterable[str], outside: Iterable[str] = ()) -> list[PostFile]:
    """Every post that any of the patterns names, each file once, but none in the folders `outside`.

    Raises what `list_posts` raises.
    """
    return list_files(patterns, outside).posts


def list_files(patterns: Iterable[str], outside: Iterable[str] = ()) -> Files:
    """The same, and how many files of other kinds the patterns name that are probably posts.

    A file of Quarto beside one in markdown of the same name is not read twice: one was made of the other.
    """
    files: dict[str, PostFile] = {}
    for pattern in patterns:
        for file in _list(pattern):
            files.setdefault(_place(f"{file.root.rstrip('/')}/{file.path}"), file)
    excluded = tuple(f"{_place(folder)}/" for folder in outside)
    _drop(files, [place for place in files if place.startswith(excluded)])
    others = [place for place in files if place.lower().endswith(_OTHERS)]
    _drop(files, others)
    _drop(files, [place for place in files if _is_source(place, files)])
    return Files(settle_files(files), other_files.count_others(others, files))


def pattern_root(pattern: str) -> str:
    """The folder that a pattern names posts below: itself, the one of a file, or what stands before its first `*`."""
    scheme, mark, rest = pattern.rpartition("://")
    if not mark and Path(rest).is_dir():
        return rest
    names = rest.split("/")
    if names[-1].lower().endswith(SUFFIXES) and (not _is_glob(rest) or _is_there(mark, rest)):
        names = names[:-1]
    globs = (
        place
        for place, name in enumerate(names)
        if _is_glob(name) and not _is_there(mark, "/".join(names[: place + 1]))
    )
    depth = next(globs, len(names))
    return f"{scheme}{mark}{'/'.join(names[:depth])}" or "."


def read_post(file: PostFile) -> str:
    """A post's text, without a byte order mark, its line ends normalised.

    Raises what `read_content` raises, and ParseError if it is not UTF-8.
    """
    return decode(read_content(file), file.path)


def read_content(file: PostFile) -> bytes:
    """A post's bytes.

    Raises ParseError if it cannot be read, is larger than POST_BYTES or leads out of its root, and UnavailableError if
    its filesystem does not answer, of which the post is not to blame.
    """
    try:
        file.path.encode()
    except UnicodeEncodeError:
        raise ParseError(os.fsencode(file.path).decode(errors="replace"), None, "file name is not UTF-8") from None
    try:
        data = b"" if file.size > POST_BYTES else _read(file)
    except UnavailableError:
        raise
    except OSError as error:
        raise ParseError(file.path, None, f"cannot be read: {error.strerror or type(error).__name__}") from error
    if max(file.size, len(data)) > POST_BYTES:
        raise ParseError(file.path, None, _TOO_LARGE)
    return data


def decode(data: bytes, path: str) -> str:
    """The text of a post, without a byte order mark, its line ends normalised.

    Raises ParseError if it is larger than POST_BYTES or not UTF-8.
    """
    if len(data) > POST_BYTES:
        raise ParseError(path, None, _TOO_LARGE)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = len(data[: error.start + 1].splitlines())
        raise ParseError(path, line, f"not UTF-8 at byte {error.start}: save it as UTF-8") from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def blob_name(data: bytes) -> str:
    """The name that git has for a file of these bytes: the SHA-1 of its blob, in hexadecimal."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def settle_files(files: Mapping[str, PostFile]) -> list[PostFile]:
    """The files of a blog, given by their places, each with what is told of it by those beside it."""
    return _with_bundles(_with_neighbors(files))


def is_index(path: str) -> bool:
    """Tell the file of a folder, in whatever language: the post of a page bundle, or the page of a section."""
    return _INDEX.fullmatch(path) is not None


def matches_glob(names: Sequence[str], globs: Sequence[str]) -> bool:
    """Tell whether a path matches a glob, both given as the names between the slashes; in the time of their product."""
    ends = {0}  # how many names the globs so far may stand for
    for glob in globs:
        if glob == "**":
            ends = set(range(min(ends, default=len(names) + 1), len(names) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(names) and fnmatchcase(names[end], glob)}
    return len(names) in ends


def _list(pattern: str) -> list[PostFile]:
    return sorted(_list_remote(pattern) if is_remote(pattern) else _list_local(Path(pattern)), key=_path)


def _drop(files: dict[str, PostFile], places: Iterable[str]) -> None:
    """Drop files in place: of millions a copy would take much memory."""
    for place in places:
        del files[place]


def _with_neighbors(files: Mapping[str, PostFile]) -> list[PostFile]:
    """The files, given by their places; each index knows how many others are beside it or below."""
    within: Counter[str] = Counter()
    for place in files:
        folder = place.rpartition("/")[0]
        if is_index(place):
            folder = folder.rpartition("/")[0]
        while folder:
            within[folder] += 1
            folder = folder.rpartition("/")[0]
    return [
        replace(file, neighbors=within[place.rpartition("/")[0]]) if is_index(place) else file
        for place, file in files.items()
    ]


def _with_bundles(files: list[PostFile]) -> list[PostFile]:
    """The files, of which READMEs in folders of their own are posts where most files are such READMEs."""
    alone = {file for file in files if file.neighbors == 0 and _is_readme(file.path) and "/" in file.path}
    if 2 * len(alone) <= len(files):
        return files
    return [replace(file, bundled=file in alone) for file in files]


def _is_readme(path: str) -> bool:
    return path.rpartition("/")[2].upper().startswith("README.")


def _place(path: str) -> str:
    return path if is_remote(path) else os.path.abspath(path)  # noqa: PTH100  resolve() would follow links


def _path(file: PostFile) -> str:
    return file.path


def _list_local(pattern: Path) -> Iterator[PostFile]:
    if pattern.is_dir():
        return _walk(pattern, _EVERYTHING)
    if pattern.exists() or pattern.is_symlink():
        return _one_file(pattern)
    names = pattern.parts
    depth = next((i for i, name in enumerate(names) if _is_glob(name) and not Path(*names[: i + 1]).exists()), None)
    root = Path(*names[:depth])
    if depth is None or not root.is_dir():
        raise FileNotFoundError(_missing(str(pattern)))
    return _walk(root, names[depth:])


def _one_file(path: Path) -> Iterator[PostFile]:
    if not path.name.lower().endswith(SUFFIXES):
        raise FileNotFoundError(f"{str(path)!r} is not a post: its name must end with {', '.join(SUFFIXES)}")
    yield PostFile(str(path.parent), path.name, _size(path))


def _walk(root: Path, globs: Sequence[str]) -> Iterator[PostFile]:
    for folder, folders, files in os.walk(root, onerror=_fail):
        above = Path(folder).relative_to(root).parts
        for name in filter(_is_visible, folders):
            if Path(folder, name).is_symlink():  # to be rejected, lest the posts behind it be missed silently
                yield PostFile(str(root), "/".join((*above, name)), 0)
        folders[:] = filter(_is_visible, folders) if "**" in globs or len(above) + 1 < len(globs) else ()
        for name in files:
            if _is_listed(names := (*above, name), globs):
                yield PostFile(str(root), "/".join(names), _size(Path(folder, name)))


def _list_remote(pattern: str) -> Iterator[PostFile]:
    if pattern.lower().endswith(SUFFIXES) and exists(pattern):
        root, _, name = pattern.rpartition("/")
        yield PostFile(root, name, 0)  # reading it will tell its size
        return
    scheme, _, rest = pattern.rstrip("/").partition("://")
    names = rest.split("/")
    depth = next((i for i, name in enumerate(names) if _is_glob(name)), len(names))
    root = f"{scheme}://{'/'.join(names[:depth])}"
    found = match(f"{root}/**")
    if not found:
        raise FileNotFoundError(_missing(pattern))
    for place, size, _ in found:
        path = place.removeprefix(f"{root}/")
        if _is_listed(path.split("/"), names[depth:] or _EVERYTHING):
            yield PostFile(root, path, size)


def _is_source(place: str, posts: Mapping[str, PostFile]) -> bool:
    """Tell a file of Quarto of which another is made."""
    stem, _, suffix = place.rpartition(".")
    return suffix.lower() == "qmd" and (f"{stem}.md" in posts or f"{stem}.markdown" in posts)


def _is_listed(names: Sequence[str], globs: Sequence[str]) -> bool:
    return (
        names[-1].lower().endswith((*SUFFIXES, *_OTHERS))
        and all(map(_is_visible, names))
        and matches_glob(names, globs)
    )


def _is_visible(name: str) -> bool:
    return not name.startswith(".") and name != "node_modules"


def _is_glob(name: str) -> bool:
    return re.search(r"[*?[]", name) is not None


def _is_there(scheme: str, path: str) -> bool:
    """Tell a local name that exists, which is itself whatever characters it has, from a glob."""
    return not scheme and Path(path).exists()


def _missing(pattern: str) -> str:
    return f"{pattern!r} is not there: give a folder, a file or a glob such as 'posts/**/*.md'"


def _fail(error: OSError) -> None:
    raise error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will tell why


def _read(file: PostFile) -> bytes:
    if is_remote(file.root):
        return read_bytes(f"{file.root}/{file.path}", POST_BYTES + 1)
    path = Path(file.root, file.path)
    if path.is_symlink() and path.is_dir():
        raise ParseError(file.path, None, "a link to a folder is not followed")
    if not stat.S_ISREG(path.stat().st_mode):
        raise ParseError(file.path, None, "not a file")
    if path.is_symlink() and not path.resolve().is_relative_to(Path(file.root).resolve()):
        raise ParseError(file.path, None, "a link that leads out of the folder")
    with path.open("rb") as stream:
        return stream.read(POST_BYTES + 1)
