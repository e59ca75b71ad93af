"""The output folder is whole whenever a publication is cut off, once it is undone."""

import json
import os
import time
from pathlib import Path

import pytest

from transforms.output import publish as module
from transforms.output.journal import JOURNAL
from transforms.output.publish import CALLED_OFF, call_off, publish, recover, staging_folder, undo

OLD = {
    "run.json": "old run",
    "report.html": "old page",
    "data/tags.jsonl": "old",
    "data/related-00001-of-00002.jsonl": "s",
}
KEPT = {"mine.txt": "mine", "data/mine.txt": "mine", "data/tags.csv": "mine", "data/map-of-mine.jsonl": "mine"}
NEW = {"report.html": "new page", "data/tags.jsonl": "new", "data/related.jsonl": "new", "model/model.json": "new"}
RUN = {"digest": "new"}


class Killed(BaseException):
    """The process ends here."""


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def read(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


@pytest.fixture
def output(tmp_path):
    write(tmp_path, {**OLD, **KEPT})
    return tmp_path


@pytest.fixture
def staging(output):
    folder = staging_folder(str(output), "one")
    write(Path(folder), NEW)
    return folder


def published(output):
    files = read(output)
    assert json.loads(files.pop("run.json")) == RUN
    return files


def cut_off(monkeypatch, output, staging, at, *, undoes):
    """Publish, but raise before the move of that number, undone or not; returns whether there was such a move."""
    moves = iter(range(1000))
    move = module.move

    def move_or_die(source, target):
        if next(moves) == at:
            raise Killed
        move(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(module, "move", move_or_die)
        if not undoes:
            patched.setattr(module, "undo", lambda *_: None)
        try:
            publish(str(output), staging, list(NEW), RUN)
        except Killed:
            return True
    return False


MOVES = range(len(OLD) + len(NEW) + 1)


def test_published(output, staging):
    publish(str(output), staging, list(NEW), RUN)
    assert published(output) == {**KEPT, **NEW}
    assert not Path(staging).exists()


@pytest.mark.parametrize("undoes", [True, False], ids=["fails", "killed"])
@pytest.mark.parametrize("at", MOVES)
def test_undone_wherever_it_is_cut_off(monkeypatch, output, staging, at, undoes):
    assert cut_off(monkeypatch, output, staging, at, undoes=undoes)
    if not undoes:
        assert read(output).get("run.json") == ("old run" if at == 0 else None)
    undo(str(output), staging)
    staged = {f".staging-one/{name}": text for name, text in NEW.items()}
    left = read(output)
    assert json.loads(left.pop(".staging-one/run.json")) == RUN
    assert left == {**OLD, **KEPT, **staged}


def test_there_is_no_run_where_its_files_are_mixed(monkeypatch, output, staging):
    for at in MOVES[1:]:
        cut_off(monkeypatch, output, staging, at, undoes=False)
        assert not (output / "run.json").exists()
        undo(str(output), staging)


@pytest.mark.parametrize("at", MOVES)
def test_another_attempt_begins_anew(monkeypatch, output, staging, at):
    cut_off(monkeypatch, output, staging, at, undoes=False)
    (output / ".staging-one/report.html").write_text(NEW["report.html"])  # pages are made again, tables are not
    publish(str(output), staging, list(NEW), RUN)
    assert published(output) == {**KEPT, **NEW}


def test_another_attempt_after_all_was_done(output, staging):
    publish(str(output), staging, list(NEW), RUN)
    write(output, {".staging-one/report.html": NEW["report.html"]})
    publish(str(output), staging, list(NEW), RUN)
    assert {name for name in published(output) if not name.startswith(".")} == {*KEPT, *NEW}


def test_an_undoing_that_is_cut_off_is_repeated(monkeypatch, output, staging):
    cut_off(monkeypatch, output, staging, MOVES[-1], undoes=False)
    move, moves = module.move, []

    def move_or_die(source, target):
        moves.append(source)
        if len(moves) % 2 == 0:
            raise Killed
        move(source, target)

    monkeypatch.setattr(module, "move", move_or_die)
    for _ in range(100):
        try:
            undo(str(output), staging)
            break
        except Killed:
            continue
    assert {name: text for name, text in read(output).items() if not name.startswith(".")} == {**OLD, **KEPT}


def test_a_journal_that_is_half_written_tells_of_nothing(output, staging):
    write(output, {f".staging-one/{JOURNAL}": '{"aside": ["run.js'})
    undo(str(output), staging)
    assert read(output)["run.json"] == "old run"
    assert not (output / ".staging-one" / JOURNAL).exists()


@pytest.mark.parametrize("at", [*MOVES, MOVES[-1] + 1])
def test_what_another_run_has_published_since_is_not_undone(monkeypatch, output, staging, at):
    with monkeypatch.context() as patched:  # it is killed before its journal is deleted, at the latest
        patched.setattr(module, "delete", lambda _: None)
        cut_off(patched, output, staging, at, undoes=False)
    other = staging_folder(str(output), "two")
    write(Path(other), {**NEW, "report.html": "newer page"})
    publish(str(output), other, list(NEW), {"digest": "newer"})
    whole = {name: text for name, text in read(output).items() if not name.startswith(".")}
    assert json.loads(whole["run.json"]) == {"digest": "newer"}
    recover(str(output), alone=True)
    assert read(output) == whole


def test_what_killed_runs_left_is_discarded(monkeypatch, output, staging):
    cut_off(monkeypatch, output, staging, MOVES[-1], undoes=False)
    write(output, {".staging-two/begun": "", ".stagings": "mine"})
    recover(str(output), alone=True)
    assert read(output) == {**OLD, **KEPT, ".stagings": "mine"}


def leave_long_ago(folder):
    write(folder, {"data/tags.jsonl": ""})
    long_ago = time.time() - module.STALE_SECONDS - 60
    for place in (folder / "data/tags.jsonl", folder / "data", folder):
        os.utime(place, (long_ago, long_ago))


def test_what_other_runs_may_be_writing_is_left(output, staging):
    leave_long_ago(output / ".staging-old")
    recover(str(output), alone=False)
    assert {name.partition("/")[0] for name in read(output) if name.startswith(".")} == {".staging-one"}


def test_who_publishes_discards_what_was_left_long_ago(output, staging):
    leave_long_ago(output / ".staging-old")
    write(output, {".staging-two/begun": ""})
    publish(str(output), staging, list(NEW), RUN)
    assert published(output) == {**KEPT, **NEW, ".staging-two/begun": ""}


def test_a_run_that_was_called_off_is_not_published(output, staging):
    call_off(staging)
    with pytest.raises(OSError, match="called off"):
        publish(str(output), staging, list(NEW), RUN)
    assert {name: text for name, text in read(output).items() if not name.startswith(".")} == {**OLD, **KEPT}
    assert (output / ".staging-one" / CALLED_OFF).exists()
