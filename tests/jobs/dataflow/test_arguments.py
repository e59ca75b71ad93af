"""What a template's launcher passes becomes flags of the job and of Beam."""

import pytest

from jobs.dataflow import main as launcher
from jobs.dataflow.arguments import from_template
from jobs.options.errors import UsageError
from jobs.report.config import make_parser, parse_config
from tests.jobs.dataflow.cloud import PASSED


def flags(*arguments):
    return from_template(arguments, make_parser())


def test_what_the_service_passes_goes_to_beam_as_it_is():
    argv = flags("--input=gs://bucket/posts", "--output=gs://bucket/out", *PASSED)
    assert parse_config(argv).beam_args == tuple(PASSED)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("--input=gs://b/x", ["--input", "gs://b/x"]),
        ("--input=gs://b/x, gs://b/y z", ["--input", "gs://b/x", "gs://b/y z"]),
        ("--field=tags=topics,tag", ["--field=tags=topics,tag"]),
        ("--field=tags=topics,tag; title=name", ["--field=tags=topics,tag", "--field=title=name"]),
        ("--prefer_recent=true", ["--prefer-recent"]),
        ("--prefer-recent=True", ["--prefer-recent"]),
        ("--prefer_recent=false", []),
        ("--title=a=b, c", ["--title=a=b, c"]),
        ("--title=-x", ["--title=-x"]),
        ("--model=", []),
        ("--model= ", []),
        ("--tags=means", ["--tags=means"]),
        ("--tag_vectors=means", ["--tags=means"]),
        ("--thumbnails=link", ["--thumbnails=link"]),
        ("--help", ["--help"]),
        ("--network=", []),
        ("--use_public_ips=true", ["--use_public_ips"]),
        ("--use_public_ips=false", ["--no_use_public_ips"]),
        ("--no_use_public_ips=true", ["--no_use_public_ips"]),
        ("--enable_hot_key_logging=false", []),
        ("--dry_run=True", ["--dry_run=True"]),
    ],
)
def test_translated(argument, expected):
    assert flags(argument) == expected


def test_a_flag_that_nobody_knows_is_dropped_with_a_remark(capsys):
    assert flags("--save_heap_dumps_to_gcs_path=gs://b/x", "--quiet=true") == ["--quiet"]
    assert "--save_heap_dumps_to_gcs_path" in capsys.readouterr().err


def test_a_switch_is_true_or_false():
    with pytest.raises(UsageError, match="--quiet 'yes' is neither true nor false"):
        flags("--quiet=yes")


def test_a_launch_reads_no_config(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "postkin.toml").write_text("postz = 1")
    assert launcher.main(["--input=nowhere", "--output=out"]) == 2
    assert "'nowhere' is not there" in capsys.readouterr().err
