"""A journal is believed only where a run of this machine wrote it, for what runs write."""

import json
import shutil
from pathlib import Path

import pytest

from transforms.output import journal as module
from transforms.output.journal import ForeignJournalError, Journal, read_journal, write_journal
from transforms.output.publish import publish, recover, refuse_links, staging_folder

RUN = {"digest": "new"}


@pytest.fixture
def staging(tmp_path):
    return staging_folder(str(tmp_path / "out"), "one")


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(staging, content):
    file = Path(staging, module.JOURNAL)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def test_what_was_written_is_read(staging):
    journal = Journal(("run.json", "data/tags-00001-of-00002.jsonl"), ("report.html", "data/vectors.parquet"), "digest")
    write_journal(staging, journal)
    assert read_journal(staging, own=False) == journal
    assert read_journal(staging, own=True) == journal


FOREIGN = [
    "../../v/keys",
    "/etc/passwd",
    "data/../../v/keys",
    "data/notes.txt",
    "notes.txt",
    "data",
    "data/",
    "",
    "./run.json",
    "model/../run.json",
    "data/tags.jsonl/x",
    "data//tags.jsonl",
    "data\\tags.jsonl",
    "run.json\0",
    "run.json\n",
    7,
    None,
    ["run.json"],
]


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("field", ["aside", "incoming"])
@pytest.mark.parametrize("name", FOREIGN)
def test_other_names_are_refused_whoever_wrote_them(staging, name, field, own):
    names = {"aside": ("run.json",), "incoming": ("run.json",), field: ("run.json", name)}
    write_journal(staging, Journal(**names, run="digest"))
    with pytest.raises(ForeignJournalError, match=r"^\.staging-one/journal\.json was not written"):
        read_journal(staging, own=own)


@pytest.mark.parametrize("signature", [None, 7, "", "é", "0" * 64])
def test_a_journal_without_its_signature_is_refused(staging, signature):
    write_journal(staging, Journal(("run.json",), ("run.json",), "digest"))
    row = json.loads(Path(staging, module.JOURNAL).read_text())
    write(staging, {**row, "signature": signature})
    with pytest.raises(ForeignJournalError):
        read_journal(staging, own=False)
    del row["signature"]
    write(staging, row)
    with pytest.raises(ForeignJournalError):
        read_journal(staging, own=False)


@pytest.mark.parametrize("change", [{"aside": []}, {"incoming": ["run.json", "report.html"]}, {"run": "other"}])
def test_a_journal_that_was_changed_is_refused(staging, change):
    write_journal(staging, Journal(("run.json",), ("run.json",), "digest"))
    write(staging, {**json.loads(Path(staging, module.JOURNAL).read_text()), **change})
    with pytest.raises(ForeignJournalError):
        read_journal(staging, own=False)


def test_a_journal_of_another_place_or_machine_is_refused(staging, tmp_path, monkeypatch):
    write_journal(staging, Journal(("run.json",), ("run.json",), "digest"))
    elsewhere = shutil.copytree(staging, tmp_path / "other" / ".staging-one")
    with pytest.raises(ForeignJournalError):
        read_journal(str(elsewhere), own=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    module._secret.cache_clear()
    with pytest.raises(ForeignJournalError):
        read_journal(staging, own=False)
    module._secret.cache_clear()


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "7", "null", '{"aside": 7}', '{"aside": []}', '"run.json"'])
def test_what_is_no_journal_is_refused(staging, content):
    write(staging, content)
    with pytest.raises(ForeignJournalError):
        read_journal(staging, own=False)


def test_the_secret_is_kept_and_nobody_elses_to_read(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    module._secret.cache_clear()
    first = module._secret()
    module._secret.cache_clear()
    assert module._secret() == first
    assert [path.name for path in (tmp_path / "state/postkin").iterdir()] == ["secret"]
    assert (tmp_path / "state/postkin/secret").stat().st_mode & 0o77 == 0
    module._secret.cache_clear()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state/postkin/secret"))  # where no folder can be made
    assert len(module._secret()) == 32
    module._secret.cache_clear()


def test_a_hostile_journal_moves_nothing(tmp_path):
    outside, output = tmp_path / "v", tmp_path / "site/out"
    outside.mkdir()
    (outside / "keys").write_text("keys")
    (outside / "del").write_text("del")
    staging = staging_folder(str(output), "x")
    write(staging, {"aside": ["../../v/keys"], "incoming": ["../../v/del"], "run": "", "signature": ""})
    replaced = Path(staging, "replaced/../../v/keys")
    (output / "v").mkdir()
    replaced.parent.mkdir(parents=True, exist_ok=True)
    before = files_in(tmp_path)
    with pytest.raises(OSError, match=r"delete \.staging-x"):
        recover(str(output), alone=True)
    assert files_in(tmp_path) == before
    own = staging_folder(str(output), "two")
    write_files = {"report.html": "new"}
    for name, text in write_files.items():
        Path(own).mkdir()
        Path(own, name).write_text(text)
    publish(str(output), own, list(write_files), RUN)
    assert files_in(outside) == {"keys": b"keys", "del": b"del"}


LINKS = [
    *("data", "model", "run.json", "report.html", "summary.md", ".render", ".staging-x", ".staging-x/replaced"),
    *("data/tags.jsonl", "data/related-00000-of-00002.jsonl", "model/model.npz", "run.json.new", "metrics.json"),
    *("metrics.md.new", ".staging-x/journal.json", ".staging-x/replaced/data", ".staging-x/replaced/data/tags.jsonl"),
]


@pytest.mark.parametrize("place", LINKS)
@pytest.mark.parametrize("target", ["folder", "file", "nothing"])
def test_links_are_refused(tmp_path, place, target):
    output = tmp_path / "out"
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    link = output / place
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / target)
    with pytest.raises(OSError, match=f"^{place} is a link, which may lead anywhere: delete it$"):
        recover(str(output), alone=True)
    with pytest.raises(OSError, match="is a link"):
        publish(str(output), staging_folder(str(output), "two"), ["report.html"], RUN)
    assert link.is_symlink()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == []


def test_other_links_are_nobodys_business(tmp_path):
    for place in ("notes.txt", "data/notes.txt", "report.txt"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).symlink_to("/nowhere")
    refuse_links(str(tmp_path))
