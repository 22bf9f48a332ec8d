"""What is changed, and by which tests it is judged."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

_TOOLS = "tools/eventdesk_tools"
_SERVER = "server/eventdesk_server"

MODULES: dict[str, tuple[str, ...]] = {
    "the write path": (
        f"{_TOOLS}/writes.py",
        f"{_TOOLS}/carrying.py",
        f"{_TOOLS}/agreeing.py",
        f"{_SERVER}/journal/journal.py",
        f"{_SERVER}/journal/entries.py",
        f"{_SERVER}/journal/store.py",
        f"{_SERVER}/journal/owners.py",
        f"{_SERVER}/journal/listing.py",
    ),
    "the gate": (
        f"{_SERVER}/journal/previews.py",
        f"{_SERVER}/approval.py",
        f"{_TOOLS}/permissions.py",
    ),
    "redaction": (
        f"{_SERVER}/http/redaction.py",
        f"{_TOOLS}/privacy.py",
        f"{_TOOLS}/text.py",
        f"{_SERVER}/journal/audit.py",
    ),
    "refs": (f"{_TOOLS}/refs.py",),
}
ALL = tuple(module for modules in MODULES.values() for module in modules)
MOST = 60
"""Changes of one module that are judged, drawn by their names."""
TESTS = ("tests/tools", "tests/journal", "tests/http", "tests/hostile", "tests/server", "tests/mcp")
"""Folders of tests that may judge; the platforms' own tests take too long."""
_NOT_JUDGING = frozenset(
    "test_reaching test_walking test_budgets test_files test_money test_times test_searching test_summaries "  # far from the scope
    "test_large_operations test_matrix test_currencies test_times_read test_times_written "
    "test_cli test_approve test_stdio test_operations_command "  # run the server in a process of its own, which stays unchanged
    "test_every_answer test_hostile_text test_keys_never_leave test_long_work test_registering_a_hundred "
    "test_agreed_batches test_ending_many test_fan_out test_registering_many test_registering_within_limits test_partial_answers "
    "test_nothing_personal test_reading_filtered test_reading_to_the_end test_reading_what_is_told test_creating_from_another "
    "test_making_and_changing test_operations test_filters_and_columns test_structured_content".split()
)
"""Files of tests in these folders that take long and tell little of the scope."""


def judging() -> list[str]:
    """The files of tests that judge."""
    return [
        str(path.relative_to(ROOT))
        for folder in TESTS
        for path in sorted((ROOT / folder).rglob("test_*.py"))
        if path.stem not in _NOT_JUDGING
    ]
