"""The jar that a launch adds its job to, where Flink has Beam's job server among its own jars.

`python -m jobs.flink.launch_jar JOB_SERVER.jar LAUNCH.jar`. Flink drops what came with a job whenever no step of it is
at work, and the Python workers with it. What is among its own jars stays from step to step.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

RUNNERS = "org/apache/beam/runners"
LAUNCHING = (
    "META-INF/MANIFEST.MF",
    f"{RUNNERS}/flink/FlinkPipelineRunner",
    f"{RUNNERS}/flink/FlinkPortableRunnerResult",
    f"{RUNNERS}/flink/FlinkRunnerResult",
    f"{RUNNERS}/jobsubmission/PortablePipelineJarUtils",
)
"""How the names of the files begin that must come with a job: they look for it where they come from themselves."""


def write_launch_jar(job_server: Path, launch: Path) -> None:
    """Write what of a job server's jar must come with a job; raises ValueError for a jar that lacks any of it."""
    with zipfile.ZipFile(job_server) as whole:
        chosen = {name: whole.read(name) for name in whole.namelist() if name.startswith(LAUNCHING)}
    missing = [begin for begin in LAUNCHING if not any(name.startswith(begin) for name in chosen)]
    if missing:
        raise ValueError(f"{job_server} has no {missing[0]}: give the jar of Beam's job server for Flink")
    with zipfile.ZipFile(launch, "w") as thin:
        for name, content in chosen.items():
            thin.writestr(zipfile.ZipInfo(name), content)


def main(argv: list[str] | None = None) -> None:
    """Write the jar."""
    parser = argparse.ArgumentParser(prog="python -m jobs.flink.launch_jar", description="Write the jar of a launch.")
    parser.add_argument("job_server", type=Path, help="the jar of Beam's job server for Flink")
    parser.add_argument("launch", type=Path, help="the jar to write")
    given = parser.parse_args(argv)
    try:
        write_launch_jar(given.job_server, given.launch)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
