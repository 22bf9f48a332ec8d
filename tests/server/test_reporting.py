"""`eventdesk report`: the page of `event_summary` as a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.cli import main

FAIR = "demo-eventtia:harbor-design-days"


pytestmark = pytest.mark.usefixtures("desk_of_its_own")


def data_in(path: Path) -> dict[str, Any]:
    place = path.read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    return json.loads(place)


def test_the_page_holds_the_events_figures_and_is_for_its_owner_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", FAIR, "--html", "fair.html"]) == 0
    path = Path("fair.html")
    data = data_in(path)
    assert [event["ref"] for event in data["events"]] == [FAIR]
    assert data["sandbox"] is True
    assert data["now"] == "2027-03-01T09:00+00:00"
    assert path.stat().st_mode & 0o777 == 0o600
    told = capsys.readouterr()
    assert told.out == "fair.html: 1 of 1 events.\n"
    assert "1 of 1 events" in told.err


def test_a_file_that_is_there_is_replaced_only_with_force(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("fair.html")
    path.write_text("mine")
    assert main(["report", FAIR, "--html", "fair.html"]) == 1
    assert path.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert main(["report", FAIR, "--html", "fair.html", "--force"]) == 0
    assert data_in(path)["events"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("nowhere/fair.html", "no folder"), (".", "not an ordinary file"), ("link.html", "not an ordinary file")],
)
def test_a_place_where_no_file_can_be_is_refused_before_anything_is_read(
    name: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("link.html").symlink_to("elsewhere.html")
    assert main(["report", FAIR, "--html", name, "--force"]) == 1
    told = capsys.readouterr()
    assert says in told.err
    assert "events" not in told.err
    assert not Path("elsewhere.html").exists()


def test_an_event_that_does_not_exist_is_told_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "demo-eventtia:nowhere", "--html", "fair.html"]) == 1
    assert "no such record" in capsys.readouterr().err
    assert not Path("fair.html").exists()
