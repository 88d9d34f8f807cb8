"""The server of the teaching page: what it answers, what it refuses, and who may talk to it."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient

import simsvc
from simsvc.demo import first_case, serving
from simsvc.demo.controls import controls
from simsvc.demo.hosts import is_loopback
from simsvc.demo.registry import Full, Gone, Many, Registry
from simsvc.demo.server import Offer, application
from simsvc.demo.session import MOST_AT_ONCE, MOST_DAYS, Beginning, Session
from simsvc.errors import InputError
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import setting_value

CLASSROOM = load_scenario("classroom")
CHARTS = ("traditional", "inverted")
LOCAL = "http://127.0.0.1:8410"


def offer(name: str = "classroom", charts: tuple[str, str] = CHARTS) -> Offer:
    return Offer(name, CLASSROOM, charts, None, {})


def session(seed: int = 1, charts: tuple[str, str] = CHARTS, **settings: Any) -> Session:
    return Session(Beginning("classroom", CLASSROOM, charts, seed, settings))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(application(offer(), "127.0.0.1"), base_url=LOCAL) as found:
        yield found


@pytest.fixture
def begun(client: TestClient) -> tuple[Callable[..., Any], dict[str, Any]]:
    """A function that asks for something in a session of its own, and what the session began with."""
    whole = client.post("/api/sessions", json={}).json()

    def ask(what: str, status: int = 200, **content: Any) -> Any:
        response = client.post(f"/api/sessions/{whole['session']}/{what}", json=content)
        assert response.status_code == status, response.text
        return response.json()

    return ask, whole


# -- the protocol ---------------------------------------------------------------------------------


def test_what_stories_need_is_compiled_once_however_many_pages_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], threading.Event()

    def slowly(*_: Any) -> None:
        begun.append(1)
        go_on.wait(60)

    monkeypatch.setattr(first_case, "_loaded", threading.Event())
    monkeypatch.setattr(first_case, "first_case", slowly)
    one, *others = (threading.Thread(target=first_case.load_stories) for _ in range(30))
    one.start()
    while not begun:
        time.sleep(0.01)
    for other in others:
        other.start()
        other.join(60)
    assert not first_case.stories_are_loaded()
    go_on.set()
    one.join(60)
    assert first_case.stories_are_loaded()
    assert len(begun) == 1


def test_a_session_steps_day_by_day(begun: Any) -> None:
    ask, whole = begun
    assert whole["frame"]["day"] == 0
    assert ask("step", days=1)["day"] == 1
    frame = ask("step", days=7)
    assert frame["day"] == 8
    assert [point[0] for point in frame["points"]] == [2, 3, 4, 5, 6, 7, 8]
    side = frame["sides"]["a"]
    assert len(side["staff"]) == 8
    assert len(side["managers"]) == 3
    assert all(sum(minutes) in range(97, 104) for minutes in side["time"])
    assert side["today"]["contacts"] > 0


def test_a_run_ends_after_ten_years_and_holds_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simsvc.demo.session.MOST_DAYS", 30)
    mine = session()
    mine.step(25)
    assert mine.step(25)["over"]
    assert mine.step(25)["points"] == []
    assert mine.day == 30
    assert MOST_DAYS == 2500


def test_a_structure_file_can_be_one_of_the_two(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('base = "traditional"\nlatitude = 0.9\n', encoding="utf-8")
    own = offer(charts=("traditional", str(file)))
    with TestClient(application(own, "127.0.0.1"), base_url=LOCAL) as client:
        whole = client.post("/api/sessions", json={}).json()
        assert whole["values"]["b"]["structure.latitude"] == 0.9
        assert whole["structures"] == ["traditional", "mine.toml"]
        assert str(tmp_path) not in client.get("/api/catalogue").text + str(whole)  # browsers are told no folder
        reset = {"scenario": "classroom", "structures": ["mine.toml", "flat"], "seed": 1}
        again = client.post(f"/api/sessions/{whole['session']}/reset", json=reset).json()
        assert again["values"]["a"]["structure.latitude"] == 0.9
        refused = client.post(f"/api/sessions/{whole['session']}/reset", json={**reset, "structures": ["o.toml"] * 2})
        assert refused.status_code == 400
    with pytest.raises(InputError, match="rename one of them"):
        offer(charts=(str(file), "mine.toml"))


def test_flipping_turns_one_organisation_and_flipping_again_turns_it_back(begun: Any) -> None:
    ask, _ = begun
    ask("step", days=5)
    told = ask("flip", side="a")
    assert told["frame"]["sides"]["a"]["turned"] == 1.0
    assert told["values"]["a"]["structure.latitude"] == 0.7
    assert "after day 5" in told["said"]
    assert ask("flip", side="a")["frame"]["sides"]["a"]["turned"] == 0.0
    assert ask("flip", side="b")["frame"]["sides"]["b"]["chart"] == "well_run_hierarchy"


def test_what_acts_live_acts_and_what_needs_a_reset_says_so(begun: Any) -> None:
    ask, _ = begun
    ask("step", days=3)
    told = ask("change", side="both", settings={"demand.contacts_per_year": 40.0})
    assert told["values"]["both"]["demand.contacts_per_year"] == 40.0
    assert "40 instead of 22" in told["said"]
    refused = ask("change", 400, side="both", settings={"workforce.frontline": 12})
    assert "needs a new run" in refused["error"]
    began = ask("reset", scenario="classroom", structures=["flat", "inverted"], seed=9,
                settings={"workforce.frontline": 12, "demand.contacts_per_year": 30.0},
                own={"b": {"structure.latitude": 0.1}})  # fmt: skip
    assert len(began["frame"]["sides"]["a"]["staff"]) == 12
    assert began["values"]["both"]["demand.contacts_per_year"] == 30.0
    assert began["values"]["b"]["structure.latitude"] == 0.1
    assert (began["seed"], began["structures"], began["frame"]["day"]) == (9, ["flat", "inverted"], 0)


def test_every_control_acts_on_the_page_as_it_says() -> None:
    mine = session()
    mine.step(2)
    for name, control in controls(CLASSROOM).items():
        settings = mine.sides["a"].model.settings
        value = control.options[-1] if control.options else control.ends(setting_value(settings, name))[0]
        side = "both" if control.scope == "both" else "a"
        if not control.live:
            with pytest.raises(InputError, match="needs a new run"):
                mine.change(side, {name: value})
            continue
        mine.change(side, {name: value})
        assert mine.values()[side][name] == value
        assert setting_value(mine.sides["a"].model.settings, name) == value
    assert mine.step(2)["day"] == 4


@pytest.mark.parametrize(
    ("what", "content", "message"),
    [
        ("step", {"days": 0}, "days = 0: allowed: 1 to 25"),
        ("step", {"days": MOST_AT_ONCE + 1}, "allowed"),
        ("step", {"days": True}, "should be a whole number"),
        ("step", {"days": 1e3}, "should be a whole number"),
        ("step", {}, "should be a whole number"),
        ("flip", {"side": "c"}, "side: allowed: a, b"),
        ("flip", {"side": ["a"]}, "side: allowed: a, b"),
        ("change", {"side": "both", "settings": {"market.population": 10}}, "cannot be set on this page"),
        ("change", {"side": "both", "settings": {"demand.contacts_per_years": 10}}, "did you mean"),
        ("change", {"side": "both", "settings": {"demand.contacts_per_year": 1e9}}, "allowed here"),
        ("change", {"side": "both", "settings": {"demand.contacts_per_year": "9"}}, "allowed here"),
        ("change", {"side": "both", "settings": 5}, "names with values"),
        ("change", {"side": "a", "settings": {"demand.contacts_per_year": 20}}, "belongs to both"),
        ("change", {"side": "both", "settings": {"structure.latitude": 0.2}}, "belongs to one"),
        ("change", {"side": "a", "settings": {"structure.escalation": "lost"}}, "allowed: blocked, parked"),
        ("change", {"side": "a", "settings": {"structure.share_control": 0.8}}, "only one day a day"),
        ("reset", {"scenario": "../secret.toml"}, "there is no scenario"),
        ("reset", {"scenario": "classroom", "structures": ["x.toml", "flat"]}, "should be two of"),
        ("reset", {"scenario": "classroom", "structures": ["flat", "flat"], "seed": -1}, "seed = -1"),
        ("reset", {"scenario": "classroom", "structures": ["flat", "flat"], "seed": 1, "own": 3}, "names with values"),
        ("reset", {"scenario": "classroom", "structures": ["flat", "flat"], "seed": 1,
                   "settings": {"workforce.frontline": 2.5}}, "allowed here: 4"),
        ("story", {"side": "a", "kind": "customer", "number": 10**9}, "there is no customer"),
        ("story", {"side": "a", "kind": "king", "number": 1}, "allowed: customer, staff, manager"),
        ("reset", {"scenario": ["classroom"]}, "there is no scenario"),
        ("change", {"side": "a", "settings": {"structure.latitude": 10**4000}}, "allowed here: 0 to 1"),
        ("lesson", {"lesson": "../x", "step": 0}, "there is no lesson"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(begun: Any, what: str, content: Any, message: str) -> None:
    ask, _ = begun
    ask("step", days=2)
    error = ask(what, 400, **content)["error"]
    assert message in error
    assert "\n" not in error
    assert ask("step", days=1)["day"] == 3  # the run goes on


def test_a_change_that_one_side_cannot_take_is_made_on_neither() -> None:
    mine = session()
    with pytest.raises(InputError):
        mine.change("b", {"structure.share_coaching": 0.6, "structure.share_causes": 0.6})
    assert mine.values()["b"]["structure.share_coaching"] == 0.3


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 9000, b'{"days": NaN}', b"\xff\xfe"])
def test_requests_that_are_no_json_objects_are_refused(client: TestClient, body: bytes) -> None:
    name = client.post("/api/sessions", json={}).json()["session"]
    response = client.post(f"/api/sessions/{name}/step", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


def test_half_a_character_is_refused_and_not_sent_back(client: TestClient) -> None:
    name = client.post("/api/sessions", json={}).json()["session"]
    body, kind = b'{"side": "a", "settings": {"\\ud800": 1}}', {"Content-Type": "application/json"}
    response = client.post(f"/api/sessions/{name}/change", content=body, headers=kind)
    assert response.status_code == 400
    assert "'?'' cannot be set on this page" in response.json()["error"]


def test_requests_from_forms_and_large_ones_are_refused(client: TestClient) -> None:
    assert client.post("/api/sessions", content="days=1").status_code == 400
    large = client.post("/api/sessions", content=b" " * 30_000, headers={"Content-Type": "application/json"})
    assert "at most" in large.json()["error"]


def test_files_outside_the_page_are_not_served(client: TestClient) -> None:
    for path in ("/../server.py", "/%2e%2e/server.py", "/js/../../server.py", "/js//etc/passwd"):
        assert client.get(path).status_code == 404


# -- who may talk to it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8410", 200), ("localhost", 200), ("[::1]:8410", 200), ("LOCALHOST:1", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example", 421), ("192.168.0.7", 421), ("", 421), ("[", 421)],
)  # fmt: skip
def test_only_requests_meant_for_this_machine_get_in(client: TestClient, host: str, status: int) -> None:
    assert client.get("/api/catalogue", headers={"Host": host}).status_code == status


def test_open_to_the_network_addresses_get_in_and_foreign_names_do_not() -> None:
    with TestClient(application(offer(), "0.0.0.0"), base_url="http://192.168.0.7:8410") as client:
        assert client.get("/api/catalogue").status_code == 200
        assert client.get("/api/catalogue", headers={"Host": f"{socket.gethostname()}:8410"}).status_code == 200
        assert client.get("/api/catalogue", headers={"Host": "rebound.example"}).status_code == 421


def test_pages_of_others_cannot_ask(client: TestClient) -> None:
    refused = client.post("/api/sessions", json={}, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert client.get("/api/catalogue", headers={"Origin": "http://["}).status_code == 403
    assert client.post("/api/sessions", json={}, headers={"Origin": LOCAL}).status_code == 201


def test_the_page_is_forbidden_to_ask_anywhere_else(client: TestClient) -> None:
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    for file in Path(str(simsvc.__file__)).parent.glob("demo/page/**/*.*"):
        addresses = re.findall(r"(?:https?:)?//[\w.]+", re.sub(r"(?m)//\s.*$", "", file.read_text(encoding="utf-8")))
        assert set(addresses) <= {"http://www.w3.org"}, file


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/api/catalogue", "/api/lessons/x"])
def test_browsers_keep_no_answer_and_guess_no_type(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_loopback_is_known() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("classroom.example")


# -- sessions -------------------------------------------------------------------------------------


def test_sessions_end_when_their_browser_is_silent() -> None:
    now = [0.0]
    registry = Registry(2, 100.0, lambda: now[0])
    first, _ = registry.begin(session)
    second, _ = registry.begin(session)
    with pytest.raises(Full):
        registry.begin(session)
    now[0] = 90.0
    registry.find(first)
    now[0] = 120.0
    third, _ = registry.begin(session)  # the second has been silent for too long and makes room
    assert registry.find(first) is not registry.find(third)
    with pytest.raises(Gone):
        registry.find(second)
    registry.end(first)
    registry.end(first)
    assert len(registry) == 1


def test_sessions_end_when_the_browser_leaves_or_falls_silent() -> None:
    app = application(offer(), "127.0.0.1", silence=0.4)
    with TestClient(app, base_url=LOCAL) as client:
        name = client.post("/api/sessions", json={}).json()["session"]
        assert client.post(f"/api/sessions/{name}/alive", json={}).status_code == 200
        assert client.post(f"/api/sessions/{name}/leave").status_code == 200
        gone = client.post(f"/api/sessions/{name}/step", json={"days": 1})
        assert gone.status_code == 410
        assert gone.json()["gone"]
        client.post("/api/sessions", json={})
        assert len(app.state.registry) == 1
        for _ in range(100):
            threading.Event().wait(0.05)
            if not len(app.state.registry):
                break
        assert len(app.state.registry) == 0


def test_a_full_demo_says_so() -> None:
    with TestClient(application(offer(), "127.0.0.1", most=1), base_url=LOCAL) as client:
        name = client.post("/api/sessions", json={}).json()["session"]
        refused = client.post("/api/sessions", json={})
        assert refused.status_code == 503
        assert "full" in refused.json()["error"]
        client.post(f"/api/sessions/{name}/leave")
        assert client.post("/api/sessions", json={}).status_code == 201


def test_thirty_students_at_once_get_each_their_own_run() -> None:
    with TestClient(application(offer(), "127.0.0.1"), base_url=LOCAL) as client:
        frames: dict[int, Any] = {}

        def student(number: int) -> None:
            name = client.post("/api/sessions", json={}).json()["session"]
            client.post(f"/api/sessions/{name}/reset", json={
                "scenario": "classroom", "structures": list(CHARTS), "seed": number})  # fmt: skip
            for _ in range(number % 5 + 1):
                answer = client.post(f"/api/sessions/{name}/step", json={"days": 2})
            frames[number] = answer.json()

        threads = [threading.Thread(target=student, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    for number in range(30):
        expected = session(seed=number)
        for _ in range(number % 5 + 1):
            frame = expected.step(2)
        assert frames[number]["sides"] == frame["sides"]
        assert frames[number]["day"] == 2 * (number % 5 + 1)


def test_names_and_texts_come_as_they_are_and_as_data() -> None:
    with TestClient(application(offer("<script>alert(1)</script>"), "127.0.0.1"), base_url=LOCAL) as client:
        response = client.get("/api/catalogue")
        assert response.headers["content-type"] == "application/json"
        assert response.json()["scenarios"][0]["name"] == "<script>alert(1)</script>"
        assert "<script>alert" not in client.get("/").text


def test_one_address_takes_three_quarters_of_all_sessions_at_most_and_a_session_that_fails_none() -> None:
    registry = Registry(4, 100.0)
    names = [registry.begin(session, "10.0.0.1")[0] for _ in range(3)]
    with pytest.raises(Many):
        registry.begin(session, "10.0.0.1")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            registry.begin(lambda: 1 / 0, "10.0.0.2")  # type: ignore[arg-type,return-value]
    registry.end(names[0])
    registry.begin(session, "10.0.0.1")
    registry.begin(session)  # this machine has no limit of its own
    with pytest.raises(Full):
        registry.begin(session)


def test_others_go_on_while_a_session_is_made() -> None:
    registry = Registry(4, 100.0)
    first, _ = registry.begin(session)

    def make() -> Session:
        found = []
        thread = threading.Thread(target=lambda: found.append(registry.find(first)))
        thread.start()
        thread.join(10)
        assert found  # the registry is not locked meanwhile
        return session()

    registry.begin(make)


@pytest.mark.parametrize(
    "asked", ["GET / HTTP/1.1\r\nHost: 127", "GET /api/catalogue HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]
)
def test_a_client_that_does_not_say_what_it_wants_or_does_not_take_it_is_dropped(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reads a byte now and then, so that its answer would be kept in memory for hours."""
    monkeypatch.setattr(serving, "PATIENCE", 0.5)
    listening = serving.listen("127.0.0.1", 0)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    port = listening.getsockname()[1]
    config = uvicorn.Config(application(offer(), "127.0.0.1"), log_level="error", http=serving._Impatient)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            slow.settimeout(30)
            slow.connect(("127.0.0.1", port))
            slow.sendall(asked.encode())
            taken = [slow.recv(1)]
            while server.server_state.connections and len(taken) < 200:
                time.sleep(0.1)
                taken.append(slow.recv(1))
            assert not server.server_state.connections
        assert httpx.get(f"http://127.0.0.1:{port}/api/catalogue").status_code == 200
    finally:
        server.should_exit = True
        thread.join(20)
