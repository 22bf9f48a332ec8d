"""A pytest plugin: a run in which any test did not run, or ran none, has failed. Live tests alone may be deselected."""

from typing import Any

import pytest


class _Watch:
    def __init__(self) -> None:
        self.left_out: list[str] = []
        self.ran = 0

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out += [f"deselected {item.nodeid}" for item in items if "live" not in item.keywords]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.left_out.append(f"skipped {report.nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call" and report.passed
        if report.skipped or hasattr(report, "wasxfail"):
            self.left_out.append(f"{'expected to fail' if hasattr(report, 'wasxfail') else 'skipped'} {report.nodeid}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a worker of pytest-xdist left out while it collected, which reaches nobody else."""
        self.left_out += [
            line for line in getattr(node, "workeroutput", {}).get("left_out", ()) if line not in self.left_out
        ]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (output := getattr(session.config, "workeroutput", None)) is not None:
            output["left_out"] = self.left_out
        elif session.exitstatus == pytest.ExitCode.OK and (self.left_out or not self.ran):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.left_out:
            terminalreporter.write_line(f"NOT RUN: {line}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Watch(), "no-skips")
