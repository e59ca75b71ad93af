"""The README, the pages in docs/, the flags, the files that a run writes and the commands agree."""

import argparse
import ast
import importlib
import os
import re
import subprocess
import sys
from importlib.metadata import metadata
from urllib.parse import unquote

import pytest

import postkin
from jobs import compare, doctor, export, init, next, render, similar  # noqa: A004
from jobs.check import config as check
from jobs.evaluate import config as evaluate
from jobs.fix import config as fix
from jobs.options.beam import beam_flags
from jobs.options.configured import SWITCHES_OFF
from jobs.options.settings import CHECK_KEYS, EXPORT_KEYS, FIELDS_FLAG, FLAGS_ALONE, KEYS, TAG_KEYS
from jobs.report import config as report
from jobs.version import REPOSITORY
from tests.jobs.pages import (
    DOCS,
    PAGES,
    README,
    anchors,
    code,
    flags_in,
    headings,
    links,
    long_lines,
    prose,
    rows,
    section,
    tables,
)
from tests.jobs.results import BLOG, CONTRACT, OTHER_FILES, ROOT, OrLacking
from transforms.output.layout import RUN, TABLES, table_file
from transforms.site.data_file import NAMES as NAMES_OF_DATA

JOBS = {
    "report": report,
    "evaluate": evaluate,
    "render": render,
    "doctor": doctor,
    "compare": compare,
    "export": export,
    "init": init,
    "next": next,
    "similar": similar,
    "fix": fix,
    "check": check,
}
TAKE_BEAM = ("report", "evaluate")
OF_POSTS = ["--input", str(BLOG), "--output", "out"]
PARSERS = {
    "report": (report.parse_config, ["--input", str(BLOG)]),
    "evaluate": (evaluate.parse_config, OF_POSTS),
    "doctor": (doctor.parse_flags, []),
    "compare": (compare.parse_config, ["one", "two"]),
    "export": (export.parse_config, ["run"]),
    "init": (init.parse_config, []),
    "next": (next.parse_config, ["run", "--history", "-"]),
    "similar": (similar.parse_config, ["run", "--like", "post"]),
    "fix": (fix.parse_config, ["posts"]),
    "check": (check.parse_config, ["--input", str(BLOG)]),
}
"""What reads a command's flags, and those that it needs."""
IN_WORDS = {"today", "all"}
"""Defaults that no value of their flag stands for."""
FLAGS = {
    command: [
        action for action in job.make_parser().flags if action.option_strings and action.help != argparse.SUPPRESS
    ]
    for command, job in JOBS.items()
}
EACH = [(command, action) for command, actions in FLAGS.items() for action in actions]
of_each = pytest.mark.parametrize(
    ("command", "action"), [pytest.param(*each, id=f"{each[0]} {each[1].option_strings[0]}") for each in EACH]
)
NAMES = {name for _, action in EACH for name in action.option_strings}
OF_OTHERS = {
    "docs/dataflow.md": {"--parameters", "--max-workers", "--additional-experiments"},
    "docs/flink.md": {"--service_port", "--worker_pool"},
}
"""Flags of another program, in docs/dataflow.md."""
SITE_TITLES = {"vitepress": "VitePress", "json": "Other generators"}
TAKEN_BACK = set(SWITCHES_OFF)
"""What takes back a switch of a config, for which there is no row."""
FLAG_PAGE = DOCS["docs/flags.md"]
FILE_PAGE = DOCS["docs/files.md"]
WORDS = {str: "string", int: "whole number", float: "number", bool: "true or false"}


def describe(shape, path=""):
    """The fields of a shape of the contract, as docs/files.md names them: path and type."""
    for key, value in shape.items():
        at = f"{path}.{key}".removeprefix(".")
        yield at, type_of(value)
        if isinstance(value, list) and isinstance(value[0], dict):
            yield from describe(value[0], f"{at}[]")
        elif isinstance(value, dict) and isinstance(value.get(str), dict):
            yield from describe(value[str], f"{at}.*")
        elif isinstance(value, dict) and str not in value:
            yield from describe(value, at)
        elif isinstance(value, tuple) and isinstance(value[0], dict):
            yield from describe(value[0], at)


def type_of(value):
    """The type of a value of the contract, in words."""
    if isinstance(value, dict):
        return "object of whole numbers" if value.get(str) is int else "object"
    if isinstance(value, list):
        return "list of objects" if isinstance(value[0], dict) else f"list of {WORDS[value[0]]}s"
    if isinstance(value, OrLacking):
        return type_of(value[0])
    if isinstance(value, tuple):
        return f"{type_of(value[0])} or null"
    if value in WORDS:
        return WORDS[value]
    (some,) = set(value.__args__) - {type(None)}
    return f"{WORDS[some]} or null"


def files_of(cell):
    return re.findall(r"`([^`]+)`", cell)


def commands(text):
    """The postkin commands in blocks of code: the job and the rest of the line."""
    lines = "\n".join(block for _, block in code(text)).replace("\\\n", " ")
    return re.findall(rf"\bpostkin ({'|'.join(JOBS)})\b([^\n#]*)", lines)


@of_each
def test_each_flag_has_a_help_of_its_own(command, action):
    same = [other.dest for other in FLAGS[command] if other.help == action.help]
    assert same == [action.dest]
    assert flags_in(action.help) <= set(action.option_strings)
    assert action.help % vars(action)


def said_defaults():
    """The defaults that help names by one word that may be given: the command, the flag and the word."""
    for command, action in EACH:
        said = re.search(r"\(default: (\S+)\)", action.help % vars(action))
        if said and said[1] not in IN_WORDS:
            yield pytest.param(command, action.option_strings[0], said[1], id=f"{command} {action.option_strings[0]}")


@pytest.mark.parametrize(("command", "flag", "value"), [*said_defaults()])
def test_a_default_that_is_given_changes_nothing(command, flag, value):
    parse, needed = PARSERS[command]
    assert parse([*needed, flag, value]) == parse(needed)


@of_each
def test_each_flag_of_each_command_has_its_row(command, action):
    name, *older = action.option_strings
    found = [row for row in rows(section(FLAG_PAGE, f"postkin {command}"), "flag") if flags_in(row[0]) == {name}]
    assert len(found) == 1
    first, what = found[0]
    if action.metavar:
        many = {"+": f" {action.metavar} …", "*": f" {action.metavar} …", "?": f" [{action.metavar}]"}
        assert first == f"`{name}{many.get(action.nargs, f' {action.metavar}')}`"
    for other in older:
        assert re.search(rf"`{other}` is an older name", what)


@pytest.mark.parametrize("command", JOBS)
def test_each_row_is_of_a_flag_of_its_command(command):
    named = [flags_in(row[0]) for row in rows(section(FLAG_PAGE, f"postkin {command}"), "flag")]
    assert sorted(map(sorted, named)) == sorted([action.option_strings[0]] for action in FLAGS[command])


@pytest.mark.parametrize(
    ("title", "keys", "command"),
    [("Keys of the report", KEYS, "report"), ("Keys of the export", EXPORT_KEYS, "export")],
)
def test_each_key_of_the_config_has_its_row(title, keys, command):
    (found,) = tables(section(DOCS["docs/config.md"], title))
    assert found[0] == ["key", "flag", "value"]
    assert [row[:2] for row in found[1:]] == [[f"`{key.name}`", f"`{key.flag}`"] for key in keys.values()]
    flags = {name for action in FLAGS[command] for name in action.option_strings}
    assert {key.flag for key in keys.values()} <= flags


def test_each_key_for_checks_has_its_row():
    found = tables(section(DOCS["docs/config.md"], "Keys for checks of posts"))
    named = [[row[0] for row in table[1:]] for table in found]
    assert named == [[f"`{key}`" for key in keys] for keys in (CHECK_KEYS, TAG_KEYS)]


def test_each_flag_of_the_report_stands_in_a_config_or_is_refused_there():
    flags = {name.removeprefix("--") for action in FLAGS["report"] for name in action.option_strings}
    decided = {key.flag.removeprefix("--") for key in KEYS.values()} | {*FLAGS_ALONE, FIELDS_FLAG.removeprefix("--")}
    tables_and_own_names = {"tags", "export", "input", "clusters", "theme", "config", "no-config"}
    assert flags - decided == tables_and_own_names - decided
    assert not {*FLAGS_ALONE} & {*KEYS}


@pytest.mark.parametrize("name", [*NAMES_OF_DATA])
def test_each_template_is_the_one_that_init_prints(name):
    title = SITE_TITLES.get(name, name.capitalize())
    assert section(DOCS["docs/site.md"], title).strip() == init.snippet(name)


def test_each_page_names_one_repository():
    named = {address for page in PAGES.values() for address in re.findall(r"git\+([^'\s@]+)", page)}
    assert named == {REPOSITORY}


@pytest.mark.parametrize("page", PAGES)
def test_each_flag_that_is_mentioned_exists(page):
    mentioned = flags_in("\n".join(line for _, line in prose(PAGES[page])) + str(tables(PAGES[page])))
    others = OF_OTHERS.get(page, set())
    assert mentioned - NAMES - beam_flags() - others - TAKEN_BACK - {"--help", "--version"} == set()


@pytest.mark.parametrize("page", PAGES)
def test_each_command_has_flags_that_exist(page):
    for command, rest in commands(PAGES[page]):
        ours = {name for action in FLAGS[command] for name in action.option_strings}
        assert flags_in(rest) <= ours | (beam_flags() if command in TAKE_BEAM else set()), rest


def test_commands_are_found():
    assert {command for page in PAGES.values() for command, _ in commands(page)} == set(JOBS)
    assert commands("```sh\npostkin report --a \\\n  --b # --c\n```") == [("report", " --a    --b ")]


def test_each_file_that_is_written_has_its_row():
    files = [file for row in rows(section(FILE_PAGE, "The files"), "file") for file in files_of(row[0])]
    assert sorted(files) == sorted([*CONTRACT, *OTHER_FILES])
    assert {RUN, *map(table_file, TABLES), table_file("vectors")} <= set(files)


@pytest.mark.parametrize("file", CONTRACT)
def test_each_field_of_a_file_has_its_row(file):
    described = [(name.strip("`"), kind) for name, kind, _ in rows(section(FILE_PAGE, file), "field")]
    assert described == list(describe(CONTRACT[file]))


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_repository_lead_somewhere(page):
    folder = (ROOT / page).parent
    for link in links(PAGES[page]):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (folder / unquote(path)).resolve() if path else ROOT / page
        assert target.is_file(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", DOCS)
def test_each_page_begins_with_its_purpose(page):
    title, empty, purpose, after = DOCS[page].splitlines()[:4]
    assert re.fullmatch("# [A-Z].+", title)
    assert (empty, after) == ("", "")
    assert re.fullmatch(r"[A-Z].{30,}\.", purpose)
    assert [level for level, _, _ in headings(DOCS[page])].count(1) == 1


def test_the_readme_leads_to_each_page():
    assert set(DOCS) <= set(links(README))


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_lines_are_wrapped(page):
    assert long_lines((ROOT / page).read_text(encoding="utf-8")) == []


def test_long_lines_are_found():
    wide = "word " * 20 + "word"
    assert long_lines(f"{wide}\n\n- {wide}\n") == [1, 3]
    assert long_lines(f"```\n{wide}\n```\n\n| a |\n|---|\n| {wide} |\n\n[a link]({'x' * 100})\n") == []


def test_the_readme_is_short():
    assert 700 <= len(README.split()) <= 1_000


@pytest.mark.parametrize("page", PAGES)
def test_extras_exist(page):
    extras = set(re.findall(r"postkin\[(\w+)\]", PAGES[page]))
    assert extras <= set(metadata("postkin").get_all("Provides-Extra"))


@pytest.mark.parametrize("page", PAGES)
def test_what_python_imports_exists(page):
    for language, block in code(PAGES[page]):
        for node in ast.walk(ast.parse(block if language == "python" else "")):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(node.module)
                assert [name.name for name in node.names if not hasattr(module, name.name)] == []


LIBRARY = [block for language, block in code(DOCS["docs/library.md"]) if language == "python"]


@pytest.mark.parametrize("block", LIBRARY, ids=range(len(LIBRARY)))
def test_the_examples_of_the_library_run(block, blog, tmp_path):
    """Where a blog's posts and a run's output stand as in the example; Beam and TensorFlow are never loaded."""
    for place, target in (("blog/posts", BLOG), ("build/postkin", blog.folder)):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).symlink_to(target)
    heavy = ["apache_beam", "sklearn", "tensorflow", *([] if "load_run" in block else ["pandas", "pyarrow"])]
    script = f"{block}\nimport sys\nprint([name for name in {heavy} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    *said, loaded = run.stdout.splitlines()
    assert len(said) > 5
    assert loaded == "[]"


def test_each_name_of_the_library_has_its_row():
    table = str(rows(DOCS["docs/library.md"], "name"))
    offered = set(postkin.__all__)
    offered |= {
        name
        for kind in (postkin.Posts, postkin.Blog, postkin.Run)
        for name in (*vars(kind), *getattr(kind, "__dataclass_fields__", ()))
        if not name.startswith("_")
    }
    assert [name for name in sorted(offered) if not re.search(rf"\b{name}\b", table)] == []


def test_the_changelog_has_a_place_for_what_comes():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert section(changelog, "Unreleased").strip().startswith("- ")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (["report", "POSTS=x"], r"\S*postkin report --input 'x' --output \S+"),
        (
            ["test"],
            r"\S*pytest -n 2 --dist worksteal --ignore=tests/distributed --ignore=tests/flink --ignore=tests/sites",
        ),
        (["test-distributed"], r"\S*pytest tests/distributed"),
        (["test-flink"], r"\S*pytest tests/flink"),
        (["test-sites"], r"\S*pytest tests/sites"),
    ],
)
def test_the_makefile_runs_the_commands(target, line):
    made = subprocess.run(["make", "-n", *target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [found for found in made.stdout.splitlines() if re.fullmatch(line, found)]
