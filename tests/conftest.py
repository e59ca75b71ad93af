"""What several folders of tests share."""

import pytest
from hypothesis import settings

from tests.savedmodels import Models

settings.register_profile("postkin", deadline=None)  # how long a test takes says more of the machine than of the code
settings.load_profile("postkin")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Makes a SavedModel by its name in tests/savedmodels.py and returns its folder."""
    return Models(tmp_path_factory.mktemp("models"))
