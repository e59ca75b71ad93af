import zipfile

import pytest

from jobs.flink.launch_jar import LAUNCHING, main

OTHERS = ("org/apache/beam/sdk/Pipeline.class", "org/apache/beam/runners/flink/FlinkRunner.class")


def write_job_server(path, names):
    with zipfile.ZipFile(path, "w") as jar:
        for name in names:
            jar.writestr(name, name)
    return str(path)


def test_only_what_must_come_with_a_job_is_written(tmp_path):
    wanted = [LAUNCHING[0], *(f"{name}{end}.class" for name in LAUNCHING[1:] for end in ("", "$1"))]
    job_server = write_job_server(tmp_path / "job-server.jar", [*OTHERS, *wanted])
    first, second = tmp_path / "launch.jar", tmp_path / "again.jar"
    main([job_server, str(first)])
    main([job_server, str(second)])
    with zipfile.ZipFile(first) as jar:
        assert {name: jar.read(name).decode() for name in jar.namelist()} == {name: name for name in wanted}
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("names", [OTHERS, (LAUNCHING[0],)])
def test_another_jar_is_refused(names, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main([write_job_server(tmp_path / "other.jar", names), str(tmp_path / "launch.jar")])
    assert ended.value.code == 2
    assert "give the jar of Beam's job server for Flink" in capsys.readouterr().err
    assert not (tmp_path / "launch.jar").exists()


def test_what_is_no_jar_is_refused(tmp_path, capsys):
    (tmp_path / "text").write_text("no jar")
    with pytest.raises(SystemExit):
        main([str(tmp_path / "text"), str(tmp_path / "launch.jar")])
    assert "File is not a zip file" in capsys.readouterr().err
