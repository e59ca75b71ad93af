"""What several folders of tests share."""

import pytest
from hypothesis import settings as hypothesis_settings

from jobs.options import settings
from tests.jobs.results import BLOG, postkin
from tests.savedmodels import Models

hypothesis_settings.register_profile(
    "postkin", deadline=None
)  # how long a test takes says more of the machine than of the code
hypothesis_settings.load_profile("postkin")


@pytest.fixture(scope="session", autouse=True)
def state_folder(tmp_path_factory):
    """Keeps what runs remember of a machine out of the one that tests run on."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_stray_config(tmp_path_factory):
    """Keeps a config that somebody has in the checkout, or above it, out of the tests."""
    find = settings.find_config
    below = tmp_path_factory.getbasetemp().resolve()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "find_config", lambda folder: find(folder) if folder.is_relative_to(below) else None)
        yield


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Makes a SavedModel by its name in tests/savedmodels.py and returns its folder."""
    return Models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def mapped(tmp_path_factory):
    """The results of tests/data/blog with the maps that the job draws by default."""
    return postkin(BLOG, tmp_path_factory.mktemp("mapped") / "out", "--map", "tsne,pca")
