"""The stand-in against the vendor's OpenAPI file: what differs is listed with its reason, and nothing else is let pass."""

import pytest

from tests.contract.contract import Behaviour, Contract, Edit
from tests.contract.fuzz import Finding, findings_of, fuzz

CONTRACT = Contract()


def unexplained(found: list[Finding]) -> list[Finding]:
    return [
        finding
        for finding in found
        if not all(
            any(known.explains(finding.operation, finding.check, point) for known in CONTRACT.behaviour)
            for point in finding.says
        )
    ]


@pytest.mark.parametrize("operation", CONTRACT.operations)
def test_every_answer_fits_the_contract_or_a_listed_deviation(operation: str) -> None:
    assert unexplained(fuzz(CONTRACT.document(), operation)) == []


@pytest.mark.parametrize("edit", CONTRACT.edits, ids=lambda edit: edit.name)
def test_every_listed_correction_still_makes_a_difference(edit: Edit) -> None:
    corrected = findings_of(CONTRACT.document(), edit.operation, edit.example)
    assert unexplained(corrected) == []
    assert findings_of(CONTRACT.document(edit), edit.operation, edit.example) != corrected


@pytest.mark.parametrize("known", CONTRACT.behaviour, ids=lambda known: f"{known.check} {known.operation}")
def test_every_listed_behaviour_still_occurs(known: Behaviour) -> None:
    found = findings_of(CONTRACT.document(), known.operation, known.example)
    assert [f for f in found if all(known.explains(f.operation, f.check, point) for point in f.says)] != []
