"""schemathesis against the published OpenAPI description: whatever is sent, no 5xx, and only what is described.

Property tests beside this one know what the bytes mean; this one knows nothing but the description.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from agent_sync.district.app import create_app
from agent_sync.district.verify import verify
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import FieldKit, Seat

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
OPERATIONS = 8


@pytest.fixture
def line(seat: Seat) -> Iterator[Browser]:
    browser = Browser(create_app(seat.home, seat.database, witness_worker=False))
    yield browser
    browser.close()


def aimed(case: Case, kit: FieldKit) -> Case:
    """Half of what is made up goes to a real area and device, or everything would end at the first door."""
    real = {"area": kit.area, "device": kit.device}
    if isinstance(case.path_parameters, dict) and len(str(case.path_parameters)) % 2:
        case.path_parameters |= {name: real[name] for name in case.path_parameters.keys() & real.keys()}
    return case


def fuzzed(cases: SearchStrategy[Case], send: Callable[[Case], None]) -> None:
    @settings(suppress_health_check=list(HealthCheck), max_examples=settings.default.max_examples // 3)
    @given(case=cases)
    def each(case: Case) -> None:
        send(case)

    each()


def test_schemathesis_finds_no_5xx(line: Browser, seat: Seat, kit: FieldKit) -> None:
    schema = schemathesis.openapi.from_dict(line.get("/v1/openapi.json").json())
    answered: Counter[str] = Counter()

    def send(case: Case) -> None:
        sent = aimed(case, kit).as_transport_kwargs(base_url="https://localhost")
        sent.pop("cookies", None)  # no operation has any
        body = sent.pop("data", None)
        answer = line.request(**sent, content=body if isinstance(body, bytes | str) else repr(body).encode())
        answered[f"{case.operation.label} {answer.status_code}"] += 1
        case.validate_response(answer, checks=CHECKS)

    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        bounded = bool(operation.path_parameters) and operation.path.startswith("/v1/")
        modes = list(GenerationMode) if bounded else [GenerationMode.POSITIVE]  # any text is right where none is wrong
        for mode in modes:
            fuzzed(operation.as_strategy(generation_mode=mode), send)
    assert len(operations) >= OPERATIONS
    assert {"200", "400", "404", "422"} <= {label.rsplit(" ", 1)[1] for label in answered}, answered
    assert verify(seat.home, seat.database).problems == []
