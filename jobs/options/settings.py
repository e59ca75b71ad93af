"""What a blog's `postkin.toml` may say, by one table, and what it says: checked, typed and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from jobs.options.config_file import ConfigFile, find_config, read_config
from jobs.options.config_values import (
    Reader,
    address,
    any_of,
    auto_or_number,
    one_of,
    path,
    paths,
    probability,
    shown,
    subtable,
    switch,
    text,
    texts,
    whole_number,
)
from jobs.options.drawings import MAPS, NOTHING, TREES
from jobs.options.page import COLOR_SCHEMES, LANGS
from jobs.options.site import NAMES as SITES
from transforms.checks.findings import RULES, SEVERITIES, Level, Severity
from transforms.reading.fields import FIELDS, tag_key
from transforms.reading.shown import INCLUDABLE
from transforms.results import EXTRAS, RELATED_BY
from transforms.site.data_file import PLAIN as PLAIN_DATA

LEVELS: tuple[Level, ...] = (*SEVERITIES, "off")
FailOn = Literal[Severity, "never"]
TUNABLE = ("tag-suggest", "link-missing")
"""The rules that say how sure they must be, and how much they say."""
EVERY_RULE = "*"
RELATED = 4
"""So many related posts are listed, where nothing is said of that."""
OUTPUT = "build/postkin"
EVALUATION = "build/evaluation"
"""Where a configured blog's report and evaluation are, beside its config."""


@dataclass(frozen=True)
class Key:
    """A key of the config, the flag that it stands for and goes behind, and what its values are."""

    name: str
    flag: str
    read: Reader

    @property
    def is_switch(self) -> bool:
        """Whether it is true or false."""
        return self.read is switch


@dataclass(frozen=True)
class RuleSettings:
    """What is said of a rule of postkin check; None is what the rule has."""

    severity: Level | None = None
    at_least: float | None = None
    most: int | None = None


@dataclass(frozen=True)
class CheckSettings:
    """What is said of postkin check: when it fails, of its rules, and which of them do not hold for which posts.

    `ignore` has rules, or EVERY_RULE, by the globs of posts that they do not hold for. The globs are below the
    folder of the config.
    """

    fail_on: FailOn | None = None
    rules: Mapping[str, RuleSettings] = field(default_factory=dict)
    ignore: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TagSettings:
    """What is said of the blog's tags.

    If they are `closed`, no other tag is right. The `known` ones are, though no post has them, and `synonyms` has the
    right ones by those that are written for them.
    """

    closed: bool = False
    known: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportSettings:
    """What is said of the export: values of flags by the flags, and the folder of the config, if there is one."""

    flags: Mapping[str, Any] = field(default_factory=dict)
    home: str | None = None


@dataclass(frozen=True)
class Settings:
    """What a config says, without one the defaults; `name` is the file's, and all paths are of the working folder.

    `report` and `evaluate` have the values of their flags by the flags, and the globs of `check` are below `folder`.
    `state` is the output folder of a report that postkin check knows the posts by; None, and it learns from them.
    """

    name: str | None = None
    folder: str = "."
    report: Mapping[str, Any] = field(default_factory=dict)
    evaluate: Mapping[str, Any] = field(default_factory=dict)
    export: ExportSettings = field(default_factory=ExportSettings)
    state: str | None = None
    check: CheckSettings = field(default_factory=CheckSettings)
    tags: TagSettings = field(default_factory=TagSettings)


def find_settings(config: str | None = None, *, without: bool = False) -> Settings:
    """Read the config that is given, else the one found from the working folder up, unless it shall be `without`.

    Raises ConfigError for one that cannot be used.
    """
    if without:
        return Settings()
    place = find_config(Path.cwd()) if config is None else Path(config)
    return Settings() if place is None else read_settings(read_config(place, found=config is None))


def read_settings(file: ConfigFile) -> Settings:
    """Check all that a config says; raises ConfigError for the first that cannot be met."""
    values = file.values
    for key in values:
        if key not in (*KEYS, "state", *TABLES):
            if key in FLAGS_ALONE:
                raise file.refuse(key, f"is no key of a config, which anybody's pull request may change; give --{key}")
            raise file.unknown(key, (*KEYS, "state", *TABLES))
    tables = {name: subtable(file, name, values.get(name, {})) for name in TABLES}
    report = {key.flag: key.read(file, name, values[name]) for name, key in KEYS.items() if name in values}
    if tables.get("fields"):
        report[FIELDS_FLAG] = _fields(file, tables["fields"])
    report = {"--output": file.path("output", OUTPUT), **report}
    return Settings(
        file.name,
        file.folder,
        {flag: value for flag, value in report.items() if (flag, value) != ("--site-generator", PLAIN_DATA)},
        {flag: report[flag] for flag in OF_POSTS if flag in report} | {"--output": file.path("output", EVALUATION)},
        ExportSettings(_export(file, tables["export"], report), file.folder),
        path(file, "state", values["state"]) if "state" in values else None,
        _check(file, tables["check"]),
        _tags(file, tables["tags"]),
    )


KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("posts", "--input", paths),
        Key("include", "--include", any_of(INCLUDABLE)),
        Key("site-generator", "--site-generator", one_of((*SITES, PLAIN_DATA))),
        Key("site", "--site", address),
        Key("output", "--output", path),
        Key("related", "--related", whole_number),
        Key("related-by", "--related-by", any_of(RELATED_BY)),
        Key("prefer-recent", "--prefer-recent", switch),
        Key("any-language", "--any-language", switch),
        Key("include-duplicates", "--include-duplicates", switch),
        Key("tag-count", "--tag-count", whole_number),
        Key("propose-tags", "--propose-tags", switch),
        Key("min-confidence", "--min-confidence", probability),
        Key("min-tag-probability", "--min-tag-probability", probability),
        Key("themes", "--themes", auto_or_number),
        Key("title", "--title", text),
        Key("edit-url", "--edit-url", text),
        Key("lang", "--lang", one_of(LANGS)),
        Key("color-scheme", "--color-scheme", one_of(COLOR_SCHEMES)),
        Key("map", "--map", any_of((*MAPS, NOTHING))),
        Key("tree", "--tree", any_of(TREES)),
    )
}
"""The keys that stand for flags of postkin report."""
EXPORT_KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("related", "--related", whole_number),
        Key("min-confidence", "--min-confidence", probability),
        Key("same-language", "--any-language", switch),
        Key("with", "--with", any_of(EXTRAS)),
        Key("root", "--root", path),
        Key("output", "--output", path),
        Key("script", "--script", path),
    )
}
"""The keys of `[export]`, which stand for flags of postkin export; `same-language` for the lack of one."""
CHECK_KEYS = ("fail-on", "rules", "ignore")
TAG_KEYS = ("closed", "known", "synonyms")
FIELDS_FLAG = "--field"
OF_POSTS = ("--input", "--include", FIELDS_FLAG)
"""The flags that postkin evaluate has too."""
TABLES = ("fields", "export", "check", "tags")
FLAGS_ALONE = (
    *("encoder", "model", "model-dir", "output-key", "offline", "text", "cache", "vectors", "tag-vectors"),
    *("thumbnails", "pictures", "popularity", "readings", "readings-format", "readings-field", "least-readers"),
    "reader-themes",
    *("previous", "refit-themes", "as-of", "split-date", "search", "target-recall", "timeout"),
    *("quiet", "verbose"),
)
"""Flags of postkin report that no config stands for: a pull request must not choose what is loaded, nor who decides."""


def _fields(file: ConfigFile, table: Mapping[str, Any]) -> list[str]:
    """The names of fields, as the flag has them."""
    options = []
    for name, value in table.items():
        if name not in FIELDS:
            raise file.unknown(name, FIELDS, "fields.")
        names = texts(file, f"fields.{name}", value)
        if parted := next((one for one in names if "," in one), None):
            raise file.refuse(f"fields.{name}", f"= {shown(parted)} is no name; give several as a list of texts")
        options.append(f"{name}={','.join(names)}")
    return options


def _export(file: ConfigFile, table: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    found = _read_table(file, "export", table, EXPORT_KEYS)
    related, any_language = report.get("--related", RELATED), report.get("--any-language", False)
    if found.get("--related", 0) > related:
        raise file.refuse("export.related", f"= {found['--related']} is more than related = {related}; give no more")
    if "--any-language" in found:
        found["--any-language"] = not found["--any-language"]
        if found["--any-language"] and not any_language:
            raise file.refuse("export.same-language", "= false needs any-language = true, above all tables; give both")
    elif any_language:
        found["--any-language"] = True
    if "--site-generator" in report:
        found["--site-generator"] = report["--site-generator"]
    return found


def _check(file: ConfigFile, table: Mapping[str, Any]) -> CheckSettings:
    for key in table:
        if key not in CHECK_KEYS:
            raise file.unknown(key, CHECK_KEYS, "check.")
    rules = {}
    for name, value in subtable(file, "check.rules", table.get("rules", {})).items():
        if name not in RULES:
            raise file.unknown(name, RULES, "check.rules.")
        rules[name] = _rule(file, name, value)
    ignore = {
        text(file, "check.ignore", glob): any_of((*RULES, EVERY_RULE))(file, f"check.ignore.{glob!r}", value)
        for glob, value in subtable(file, "check.ignore", table.get("ignore", {})).items()
    }
    fail_on = one_of((*SEVERITIES, "never"))(file, "check.fail-on", table["fail-on"]) if "fail-on" in table else None
    return CheckSettings(fail_on, rules, ignore)


def _rule(file: ConfigFile, name: str, value: Any) -> RuleSettings:
    """A rule's severity alone, or a table of more."""
    key, severity = f"check.rules.{name}", one_of(LEVELS)
    if not isinstance(value, dict):
        return RuleSettings(severity(file, key, value))
    known: dict[str, Key] = {"severity": Key("severity", "severity", severity)}
    if name in TUNABLE:
        known["at-least"] = Key("at-least", "at_least", probability)
        known["most"] = Key("most", "most", whole_number)
    return RuleSettings(**_read_table(file, key, value, known))


def _tags(file: ConfigFile, table: Mapping[str, Any]) -> TagSettings:
    for key in table:
        if key not in TAG_KEYS:
            raise file.unknown(key, TAG_KEYS, "tags.")
    closed = switch(file, "tags.closed", table.get("closed", False))
    known = texts(file, "tags.known", table["known"]) if table.get("known", []) != [] else ()
    synonyms = {
        text(file, "tags.synonyms", tag): text(file, f"tags.synonyms.{shown(tag)}", right)
        for tag, right in subtable(file, "tags.synonyms", table.get("synonyms", {})).items()
    }
    replaced = {tag_key(tag) for tag, right in synonyms.items() if tag_key(tag) != tag_key(right)}
    for tag, right in synonyms.items():
        if right in synonyms or tag_key(right) in replaced:
            raise file.refuse(f"tags.synonyms.{shown(tag)}", f"= {right!r} is itself replaced; give the tag to use")
    return TagSettings(closed, known, synonyms)


def _read_table(file: ConfigFile, name: str, table: Mapping[str, Any], known: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a table by their flags."""
    for key in table:
        if key not in known:
            raise file.unknown(key, known, f"{name}.")
    return {known[key].flag: known[key].read(file, f"{name}.{key}", value) for key, value in table.items()}
