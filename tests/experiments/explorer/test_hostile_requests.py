"""Requests that no page of the explorer sends: each is answered in one line, and logs nothing."""

from __future__ import annotations

import copy
import json
import logging

import pytest

from experiments.explorer.app import make_app
from experiments.explorer.callback_requests import CALLBACKS, outputs_of, shape_of, value_checks
from experiments.explorer.simulation_jobs import SimulationPool
from experiments.explorer.web_answers import short_answer
from experiments.explorer.web_server import LARGEST_REQUEST_BYTES

PAGE = "0123456789abcdef" * 2
GOOD = {
    ("url", "search"): "?policy=cliff",
    ("page", "data"): PAGE,
    ("scenario", "data"): "policy=cliff",
    ("kept", "data"): [["Nobody", "policy=none"]],
    ("kept_names", "value"): ["Nobody"],
    ("uncertainty", "value"): "posterior",
    ("replicates", "value"): 20,
    ("reference", "value"): "Nobody",
    ("policy", "value"): "cliff",
    ("view", "value"): "measures",
    ("trade", "value"): "all",
    ("measures", "value"): ["shortfall_workers"],
    ("policy-leave_by", "value"): 47,
    ("levers_from", "value"): 24,
}
"""Values of a page; what is not here is a number of clicks, or not set yet."""
HOSTILE = [
    *(True, -1, 10**400, 1e999, float("nan"), 2.5, "x", "\x00", "\uff19", "../../etc/passwd"),
    *("policy.compliance=\uff17", "levers_from=2019-13", "<script>", "x" * 5000, b"".hex()),
    *([], [None], [{}], [[["x"]]], ["x"] * 2000, {}, {"$ne": 1}, {"__class__": "x"}),
]


class IdlePool(SimulationPool):
    """A pool that simulates nothing."""

    def _work(self, name):
        pass


@pytest.fixture(scope="module")
def app():
    """The application, without simulations."""
    made = make_app(IdlePool(1))
    assert made.server.test_client().get("/").status_code == 200
    return made


@pytest.fixture
def client(app):
    """A client of the application."""
    return app.server.test_client()


def requests_of_page(app):
    """A good request to each callback of the page, by its first output."""
    for name, known in app.callback_map.items():
        if "callback" in known:
            inputs, state = (
                [
                    {"id": element, "property": part, "value": GOOD.get((element, part))}
                    for element, part in shape_of(known[each])
                ]
                for each in ("inputs", "state")
            )
            first = inputs[0]
            yield {
                "output": name,
                "outputs": outputs_of(name),
                "inputs": inputs,
                "changedPropIds": [f"{first['id']}.{first['property']}"],
                "state": state,
            }


def post(client, body):
    """The answer to a body, which may be JSON that is none of the standard's, such as NaN."""
    return client.post(CALLBACKS, data=json.dumps(body), content_type="application/json")


def is_short(answer):
    """Whether an answer is a status in one line."""
    text = answer.get_data(as_text=True)
    return answer.mimetype == "text/plain" and text.count("\n") == 1 < len(text) < 60


def test_what_a_page_sends_is_answered(app, client):
    bodies = list(requests_of_page(app))
    assert len(bodies) == 5
    assert [post(client, body).status_code for body in bodies] == [200] * 5


def test_every_value_that_a_callback_reads_has_a_check(app):
    places = set(value_checks_of(app))
    for known in app.callback_map.values():
        if "callback" in known:
            assert places >= {*shape_of(known["inputs"]), *shape_of(known["state"])}


def value_checks_of(app):
    """The checks of values, with the trades of the shipped market."""
    from experiments.explorer.services import Services

    return value_checks(Services(None, {}, {}, ()))


def hostile_bodies(app):
    """Good requests with one value, one field or one place that is hostile."""
    for body in requests_of_page(app):
        for part in ("inputs", "state"):
            for number, _ in enumerate(body[part]):
                for value in HOSTILE:
                    changed = copy.deepcopy(body)
                    changed[part][number]["value"] = value
                    yield changed
                for place in ({}, None, [], {"id": "x", "property": "y"}, {"id": {"a": 1}}):
                    changed = copy.deepcopy(body)
                    changed[part][number] = place
                    yield changed
        for field in body:
            for value in (*HOSTILE, None):
                yield body | {field: value}
            yield {key: value for key, value in body.items() if key != field}
        yield body | {"extra": 1}
    yield from ([], 1, "x", None, {}, {"output": "graph.figure"})


def test_hostile_callback_values_are_refused_in_a_line_and_log_nothing(app, client, caplog, capfd):
    caplog.set_level(logging.WARNING)
    bodies = list(hostile_bodies(app))
    assert len(bodies) > 516
    answers = [(body, post(client, body)) for body in bodies]
    wrong = [
        (answer.status_code, body)
        for body, answer in answers
        if answer.status_code not in (200, 204)
        and not (answer.status_code == 400 and is_short(answer))
    ]
    assert wrong == []
    refused = sum(answer.status_code == 400 for _, answer in answers)
    assert refused > len(answers) * 0.85
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("output", ["evil.children", "..evil.a...evil.b..", "graph.figure", ""])
def test_callbacks_of_unknown_components_are_refused(app, client, output):
    body = next(requests_of_page(app)) | {"output": output, "outputs": []}
    answer = post(client, body)
    assert answer.status_code == 400
    assert is_short(answer)


@pytest.mark.parametrize(
    "path",
    ["evil/x.js", "dash/../../../etc/passwd", "dash/evil.js", "sys/x", "plotly/%00", "dash_html/x"],
)
def test_unknown_components_are_not_found(client, path, caplog):
    answer = client.get(f"/_dash-component-suites/{path}")
    assert answer.status_code == 404
    assert is_short(answer)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (LARGEST_REQUEST_BYTES + 1), 413),
        (b"[" * 100_000, 400),
        (b"[" * 50_000 + b"]" * 50_000, 400),
        (b"9" * 5000, 400),
        (b"\xff\xfe", 400),
        (b"", 400),
    ],
)
def test_oversized_and_malformed_bodies_are_refused(client, body, status, caplog):
    answer = client.post(CALLBACKS, data=body, content_type="application/json")
    assert (answer.status_code, is_short(answer)) == (status, True)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "elsewhere.example"}, 400),
        ({"Host": "localhost.elsewhere.example:8050"}, 400),
        ({"Host": "local host"}, 400),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[x"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Host": "127.0.0.1:8050", "Origin": "http://127.0.0.1:8050"}, 200),
    ],
)
def test_foreign_hosts_and_origins_are_refused(app, client, headers, status, caplog):
    body = json.dumps(next(requests_of_page(app)))
    answers = [
        client.get("/", headers=headers),
        client.post(CALLBACKS, data=body, content_type="application/json", headers=headers),
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert status == 200 or all(map(is_short, answers))
    assert caplog.records == []


def test_every_answer_forbids_frames_foreign_scripts_and_guessing_of_types(app, client):
    for answer in (client.get("/"), client.get("/assets/explorer.js"), client.get("/assets/x")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in scripts
        assert scripts.count("'sha256-") >= 2
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_fault_of_ours_is_logged_once_however_often_it_is_asked_for(caplog):
    faults = set()
    for number in range(50):
        try:
            raise ZeroDivisionError(f"{number}\n" * 1000)
        except ZeroDivisionError as error:
            answer = short_answer(error, faults)
        assert (answer.status_code, is_short(answer)) == (500, True)
    (record,) = caplog.records
    assert "ZeroDivisionError at" in record.getMessage()
    assert len(record.getMessage()) < 500
    assert "\n" not in record.getMessage()
