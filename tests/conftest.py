"""What several folders of tests share."""

import pytest

from tests.savedmodels import Models


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Makes a SavedModel by its name in tests/savedmodels.py and returns its folder."""
    return Models(tmp_path_factory.mktemp("models"))
