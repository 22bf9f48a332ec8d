"""What commands are run with: a folder to write to, and settings of nobody's."""

from pathlib import Path

import pytest


@pytest.fixture
def desk_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write to, and settings that pin the clock instead of those of the person who runs the tests."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = tmp_path / "config.toml"
    path.write_text('now = "2027-03-01T09:00Z"\n')
    monkeypatch.setenv("EVENTDESK_CONFIG", str(path))
    return path
