"""The check: the posts of a checkout in, what a change of them brings out. Beam is never imported."""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jobs.check.changes import compare
from jobs.check.config import BASELINE, Config, configured, parse_config
from jobs.check.git import GitError, Repository, find_repository
from jobs.check.knowledge import know
from jobs.check.mending import mending
from jobs.check.output import write_outputs
from jobs.check.posts import Blog, Gathered, Version, find_blog, gather, how_to_read
from jobs.check.remembered import place_of
from jobs.check.rules import rules_of
from jobs.options.configured import explain, settings_of
from jobs.options.errors import UsageError, refuse
from jobs.options.settings import FailOn, Settings
from jobs.version import __version__
from reports.checks.report import CheckReport
from reports.words.language import AUTO, LANGUAGES, Language, load_language
from transforms.checks.baseline import BaselineError, Key, read_baseline, write_baseline
from transforms.checks.check import check as check_posts
from transforms.checks.findings import SEVERITIES, Fault, Finding, Result, order
from transforms.checks.posts import ChangedPost
from transforms.checks.stored import check_state
from transforms.plumbing.printable import printable
from transforms.plumbing.whole_files import write_whole
from transforms.reading.files import pattern_root

FAILED = 3
"""The exit code where a check has a fault of its own; 1 is that of findings."""


def check(config: Config) -> int:
    """Check posts and tell it; returns the exit code. Raises UsageError for what cannot be met."""
    repository = _repository(config)
    if config.remember and repository is None:
        raise UsageError("--remember keeps things in git's own folder, and the posts are in no checkout; leave it out")
    blog = find_blog(config.source.input, repository)
    compared = compare(
        repository, config.base, config.changed, everything=config.everything, environment=config.environment
    )
    baseline = _baseline(config, blog)
    gathered = gather(blog, repository, compared)
    language, result = judge(config, blog, gathered, baseline, repository)
    if config.write_baseline:
        _write_baseline(_baseline_file(config, blog), result)
    head = repository.head if repository else None
    said = _language(config.lang, language)
    report = CheckReport(result, __version__, compared.base, head, said, *mending(config, blog, gathered, result))
    write_outputs(report, config.outputs)
    return 0 if config.write_baseline else int(is_failure(result, config.fail_on))


def judge(
    config: Config, blog: Blog, gathered: Gathered, baseline: Counter[Key], repository: Repository | None
) -> tuple[str | None, Result]:
    """Run the rules on posts, beside what is known of the others; returns the language of most of these, too."""
    if not gathered.checked:
        return None, Result((), (), of=len(gathered.others))
    rules = rules_of(config.settings, blog.root)
    how = how_to_read(config, blog)
    remembered = place_of(repository.folder, how) if repository and config.remember else None
    known, outdated = know(blog, gathered, how, config.state, remembered=remembered)
    changes = [_changed(version) for version in gathered.checked if not version.unreadable]
    place = _shown(blog, _baseline_file(config, blog)) if gathered.everything and baseline else None
    result = check_posts(changes, known, how, rules, baseline, place)
    others = [_unreadable(version) for version in gathered.checked if version.unreadable]
    if outdated and config.state is not None:
        others += check_state(outdated, _shown(blog, Path(config.state)))
    levels = ((finding, rules.levels.get(finding.rule, finding.severity)) for finding in others)
    levelled = [replace(finding, severity=level) for finding, level in levels if level != "off"]
    return known.language, replace(result, findings=tuple(order([*result.findings, *levelled])))


def is_failure(result: Result, fail_on: FailOn) -> bool:
    """Tell whether something is found that is as bad as a severity, or worse."""
    if fail_on == "never":
        return False
    worst = min((SEVERITIES.index(finding.severity) for finding in result.findings), default=len(SEVERITIES))
    return worst <= SEVERITIES.index(fail_on)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    settings = Settings()
    try:
        settings = settings_of(arguments)
        return check(parse_config(arguments, settings))
    except (UsageError, OSError) as error:
        return refuse(explain(error, configured(settings), settings, arguments), "postkin check")
    except Exception as error:  # noqa: BLE001  whoever reads exit codes takes 1 for findings
        traceback.print_exc()
        sys.stderr.write(f"postkin check: failed: {printable(f'{type(error).__name__}: {error}')}\n")
        return FAILED


def _repository(config: Config) -> Repository | None:
    """The repository that the posts are in."""
    folder = Path(pattern_root(config.source.input[0]))
    try:
        return find_repository(folder) if folder.is_dir() else None
    except GitError as error:
        raise UsageError(f"git: {error}") from None


def _changed(version: Version) -> ChangedPost:
    change = version.change
    return ChangedPost(change.path, change.status, version.new, version.base, change.was)


def _unreadable(version: Version) -> Finding:
    return Finding("front-matter-invalid", "error", version.change.path, 1, "", Fault("", version.unreadable))


def _language(asked: str, language: str | None) -> Language:
    main = (language or "").partition("-")[0]
    return load_language(asked if asked != AUTO else main if main in LANGUAGES else LANGUAGES[0])


def _baseline_file(config: Config, blog: Blog) -> Path:
    return blog.root / BASELINE if config.baseline is None else Path(config.baseline)


def _baseline(config: Config, blog: Blog) -> Counter[Key]:
    """The findings that are known, none where a baseline is about to be written."""
    file = _baseline_file(config, blog)
    if config.write_baseline or (config.baseline is None and not file.exists()):
        return Counter()
    try:
        return read_baseline(file.read_bytes())
    except BaselineError as error:
        raise UsageError(f"baseline {str(file)!r}: {error}; write it again with --all --write-baseline") from None
    except OSError as error:
        raise UsageError(f"baseline {str(file)!r} cannot be read: {error.strerror}; give another file") from None


def _shown(blog: Blog, file: Path) -> str:
    """A file by its path below the repository; of one that is elsewhere, the folder of the posts."""
    real = file.resolve()
    return real.relative_to(blog.root).as_posix() if real.is_relative_to(blog.root) else blog.roots[0] or "."


def _write_baseline(file: Path, result: Result) -> None:
    try:
        write_whole(file, write_baseline(result.findings).encode(errors="backslashreplace"))
    except OSError as error:
        raise UsageError(f"baseline {str(file)!r} cannot be written: {error.strerror}; give another file") from None
