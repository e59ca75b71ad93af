"""The rows of results: each name leads to its module, and no more is imported than is asked for."""

from __future__ import annotations

import ast
import dataclasses
import pickle
import pkgutil
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path

import pytest

from transforms import results, rows

MODULES = [module.name for module in pkgutil.iter_modules(rows.__path__)]


def _defined(module: str) -> set[str]:
    """The names that a module's own statements define."""
    tree = ast.parse(Path(rows.__path__[0], f"{module}.py").read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return names.union(*({target.id for target in node.targets} for node in tree.body if isinstance(node, ast.Assign)))


@pytest.mark.parametrize("module", MODULES)
def test_every_name_of_a_module_is_found_in_the_package(module: str) -> None:
    assert set(results._NAMES[module].split()) == _defined(module)
    for name in _defined(module):
        assert getattr(results, name) is getattr(import_module(f"transforms.rows.{module}"), name)


def test_type_checkers_know_every_module() -> None:
    tree = ast.parse(Path(results.__file__ or "").read_text(encoding="utf-8"))
    known = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {f"transforms.rows.{module}" for module in MODULES} <= known
    assert results._NAMES.keys() == set(MODULES)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = results.Nothing


@pytest.mark.parametrize("module", MODULES)
def test_the_types_of_all_fields_are_known_where_a_row_is_made(module: str) -> None:
    classes = [value for value in vars(import_module(f"transforms.rows.{module}")).values() if isinstance(value, type)]
    for row in filter(dataclasses.is_dataclass, classes):
        assert typing.get_type_hints(row).keys() == {field.name for field in dataclasses.fields(row)}


def test_rows_travel_between_processes() -> None:
    row = results.Links("a", ("b",), 1)
    assert pickle.loads(pickle.dumps(row)) == row


def test_no_module_is_imported_but_those_asked_for() -> None:
    code = "import sys; from transforms.results import Links; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = {name for name in run.stdout.split() if name.startswith("transforms.")}
    assert modules == {"transforms.results", "transforms.rows", "transforms.rows.links"}
