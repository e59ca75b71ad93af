"""What the import contract in pyproject.toml cannot see: empty packages, and what is really loaded."""

import subprocess
import sys
import tomllib
from pathlib import Path

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
    assert mirrored <= folders | {Path("browser"), Path("benchmarks"), Path("distributed"), Path("data"), Path()}


def _test_folders():
    return sorted({str(file.parent.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py")})


@pytest.mark.parametrize("contract", ["pure", "light"])
def test_what_is_not_to_be_imported_is_not_loaded(contract):
    contract = CONTRACTS[contract]
    assert set(contract["forbidden_modules"]) & loaded_by(contract["source_modules"]) == set()
