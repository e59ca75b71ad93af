"""What the import contract in pyproject.toml cannot see: empty packages, and what is really loaded."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}


def loaded_by(modules):
    """The top-level modules that are loaded once these are imported, in a process of their own."""
    script = f"import sys, {', '.join(modules)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_packages_are_empty():
    packages = [
        file for top in ("jobs", "reports", "templates", "transforms") for file in (ROOT / top).rglob("__init__.py")
    ]
    assert len(packages) > 20
    assert [file for file in packages if file.read_bytes()] == []


def test_tests_stand_where_what_they_test_stands():
    folders = {
        file.parent.relative_to(ROOT)
        for top in ("jobs", "reports", "transforms")
        for file in (ROOT / top).rglob("*.py")
    }
    mirrored = {folder.relative_to("tests") for folder in map(Path, _test_folders())}
    others = ("browser", "benchmarks", "ci", "distributed", "data", "flink", "sites", ".")
    assert mirrored <= folders | {*map(Path, others)}


def _test_folders():
    return sorted({str(file.parent.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py")})


def test_each_module_that_does_not_import_beam_is_held_to_that():
    contract = CONTRACTS["pure"]
    graph = grimp.build_graph(
        *("jobs", "reports", "transforms"),
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )
    for ignored in contract["ignore_imports"]:
        importer, imported = ignored.split(" -> ")
        graph.remove_import(importer=importer, imported=imported)
    ours = {name for top in ("jobs", "reports", "transforms") for name in graph.find_descendants(top)}
    modules = {name for name in ours if not graph.find_children(name) and not name.endswith("__main__")}
    held = {name for source in contract["source_modules"] for name in {source, *graph.find_descendants(source)}}
    assert modules - graph.find_downstream_modules("apache_beam") - held == set()


@pytest.mark.parametrize("contract", ["pure", "light"])
def test_what_is_not_to_be_imported_is_not_loaded(contract):
    contract = CONTRACTS[contract]
    assert set(contract["forbidden_modules"]) & loaded_by(contract["source_modules"]) == set()
