"""Which posts a check is of: those that a pull request, a commit or somebody's list of files changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.check.git import Change, GitError, Repository
from jobs.options.errors import UsageError
from transforms.reading.files import SUFFIXES

MORE_HISTORY = "fetch more history: `fetch-depth: 2` for pull requests"
BRANCHES = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master")
"""What a branch is compared with where nothing says it."""


@dataclass(frozen=True)
class Compared:
    """The posts that change, by path below the root, and the commit that they are compared with.

    `base` is None where there is nothing to compare with; `everything` says that all posts are checked as they are.
    `edited` are the paths of all posts that differ from the base, those that are not checked too.
    """

    changes: tuple[Change, ...] = ()
    base: str | None = None
    everything: bool = False
    edited: frozenset[str] = frozenset()


def compare(
    repository: Repository | None,
    base: str | None = None,
    changed: Sequence[str] | None = None,
    *,
    everything: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Compared:
    """Find the posts that a check is of.

    `base` names a commit, `changed` has files as they are named from the working folder; with neither, the
    environment of a pull request says what it is compared with, or the main branch is. Raises UsageError where git
    cannot tell.
    """
    try:
        if changed is not None:
            return _of_files(repository, changed, environment)
        if base is not None and repository is None:
            raise UsageError(f"--base {base!r} is of git, and {str(Path.cwd())!r} is in no checkout; give --all")
        if everything or repository is None or (base is None and repository.head is None):
            return Compared(everything=True)
        commit = _named_base(repository, base) if base is not None else _known_base(repository, environment)
        if commit is None:
            return Compared(everything=True)
        return Compared(tuple(repository.changes(commit)), commit)
    except GitError as error:
        raise UsageError(f"git: {error}") from None


def _of_files(repository: Repository | None, files: Iterable[str], environment: Mapping[str, str]) -> Compared:
    """Compare files with the commit that a hook or a pull request is on top of, or else with HEAD."""
    root = repository.root if repository else Path.cwd()
    paths = sorted({path for path in (_below(root, file) for file in files) if path.lower().endswith(SUFFIXES)})
    head = repository.head if repository else None
    if repository is None or head is None:
        return Compared(tuple(_change(root, path, set()) for path in paths))
    base = _pull_request_base(repository, environment) or _hook_base(repository, environment) or head
    before = repository.blobs(base)
    changes = repository.changes(base)
    was = {change.path: change for change in changes if change.status == "renamed"}
    edited = frozenset(change.path for change in changes)
    return Compared(tuple(was.get(path) or _change(root, path, before) for path in paths), base, edited=edited)


def _below(root: Path, file: str) -> str:
    """A file's path below the root; raises UsageError for one that is not there."""
    place = os.path.abspath(file)  # noqa: PTH100  resolve() would follow a link that is a post
    for above in (str(root), os.path.realpath(root)):
        if place.startswith(f"{above.rstrip('/')}/"):
            return place[len(above.rstrip("/")) + 1 :]
    folder, _, name = place.rpartition("/")
    real = os.path.join(os.path.realpath(folder or "/"), name)  # noqa: PTH118
    if real.startswith(f"{os.path.realpath(root)}/"):
        return real[len(os.path.realpath(root)) + 1 :]
    raise UsageError(f"--changed {file!r} is not below {str(root)!r}; give files of this checkout")


def _change(root: Path, path: str, before: Iterable[str]) -> Change:
    if not os.path.lexists(root / path):
        return Change(path, "deleted")
    return Change(path, "modified" if path in before else "added")


def _named_base(repository: Repository, ref: str) -> str:
    """Where HEAD left a ref; the ref itself where history is too short to tell, and it is a parent of HEAD."""
    commit = repository.find(ref)
    if commit is None:
        meant = f"origin/{ref}"
        give = f"is {meant!r} meant?" if repository.find(meant) else f"give one that is, or {MORE_HISTORY}"
        raise UsageError(f"--base {ref!r} is no commit here; {give}")
    return _left(repository, commit, f"--base {ref!r}")


def _known_base(repository: Repository, environment: Mapping[str, str]) -> str | None:
    """What the environment says, else the main branch; on that what is not committed, None where there is nothing."""
    if base := _pull_request_base(repository, environment):
        return base
    for branch in BRANCHES:
        commit = repository.find(branch)
        if commit is not None and commit != repository.head:
            return _left(repository, commit, branch)
    head = repository.head
    return head if head and repository.changes(head) else None


def _left(repository: Repository, commit: str, name: str) -> str:
    head = repository.head or ""
    found = repository.merge_base(commit, head)
    if found is None and commit in repository.parents(head):
        found = commit
    if found is None:
        raise UsageError(f"{name} and HEAD have no commit in common here; {MORE_HISTORY}")
    return found


def _pull_request_base(repository: Repository, environment: Mapping[str, str]) -> str | None:
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github_base(repository, environment)
    if commit := environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        merged = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") in ("merged_result", "merge_train")
        return _first_parent(repository, at_least=2 if merged else 3) or _fetched(repository, commit)
    return None


def _github_base(repository: Repository, environment: Mapping[str, str]) -> str | None:
    """The first parent of the commit that GitHub made of a pull request and what it is merged into."""
    event = environment.get("GITHUB_EVENT_NAME")
    if event not in ("pull_request", "merge_group"):
        return None
    if repository.head == environment.get("GITHUB_SHA", repository.head):
        base = _first_parent(repository, at_least=2 if event == "pull_request" else 1)
        if base is not None:
            return base
    branch = environment.get("GITHUB_BASE_REF") or "main"
    commit = repository.find(f"refs/remotes/origin/{branch}")
    if commit is None:
        raise UsageError(
            f"HEAD is not the merge commit of the pull request and origin/{branch} is not here; leave `ref:` out of"
            " actions/checkout, or give it `fetch-depth: 0`"
        )
    return _left(repository, commit, f"origin/{branch}")


def _first_parent(repository: Repository, at_least: int) -> str | None:
    """The first parent of HEAD where it has at least so many, fetched where it is not here."""
    parents = repository.parents(repository.head or "")
    return _fetched(repository, parents[0]) if len(parents) >= at_least else None


def _fetched(repository: Repository, commit: str) -> str:
    found = repository.find(commit)
    if found is None:
        try:
            repository.fetch(commit)
        except GitError as error:
            raise UsageError(f"the commit {commit[:12]} is not here ({error}); {MORE_HISTORY}") from None
    return found or commit


def _hook_base(repository: Repository, environment: Mapping[str, str]) -> str | None:
    """What pre-commit compares with where it is run on a range of commits."""
    ref = environment.get("PRE_COMMIT_FROM_REF")
    commit = repository.find(ref) if ref else None
    return _left(repository, commit, "PRE_COMMIT_FROM_REF") if commit else None
