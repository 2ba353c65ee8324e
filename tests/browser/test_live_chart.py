"""The live chart in a real browser, on a page of its own: it follows a run and reruns nothing but on a change."""

from __future__ import annotations

import array
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.events import Epoch, Finished, Note, Started, Steps, encode
from core.spec import Project
from core.store import Store, status_change

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]

APP = """
import functools
import streamlit as st
from components import live
from core.store import Store

app = st.App({page!r}, routes=live.routes(functools.cache(lambda: Store({url!r}))))
"""

PAGE = """
import streamlit as st
from components.live_chart.live_chart import live_chart
from core.store import Store

st.session_state.runs = st.session_state.get("runs", 0) + 1
asked = st.query_params.get("run")
run = Store({url!r}).run(asked) if asked else None
live_chart(asked, key="live", epochs=4, metrics=["accuracy"], status=run.status if run else "")
st.text(f"drawn {{st.session_state.runs}} times, {{run.status if run else 'no run'}}")
"""


@pytest.fixture(autouse=True)
def _patience():
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'eagerly.db'}")
    yield store
    store.close()


@pytest.fixture
def address(tmp_path, store):
    page, app = tmp_path / "page.py", tmp_path / "app.py"
    page.write_text(PAGE.format(url=store.url))
    app.write_text(APP.format(page=str(page), url=store.url))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless=true", f"--server.port={port}"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert any(re.search(r"URL: http", line) for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def run(store, tmp_path):
    nodes = [{"id": "input_1", "layer": "Input", "params": {"shape": [4]}}]
    project = Project.model_validate({"data": {"source": "iris"}, "model": {"nodes": nodes, "outputs": ["input_1"]}})
    run = store.create_run(store.create_project(project), project, tmp_path / "runs")
    started = Started(epochs=4, steps_per_epoch=10, batch_size=8, parameters=9, execution="graph", loop="fit")
    store.append(run.id, [encode(started)], status_change("running", {}))
    return run


def epoch(number, loss):
    metrics = {"loss": loss, "accuracy": 0.5, "val_loss": loss + 0.1, "val_accuracy": 0.25}
    losses = Steps(first=number * 10, loss=array.array("f", [loss] * 10))
    done = Epoch(epoch=number, metrics=metrics, steps=number * 10 + 10, seconds=1.0, steps_per_second=10.0)
    return [encode(losses), encode(done)]


def test_without_a_run_it_says_what_to_do(page, address):
    page.goto(address)
    expect(page.get_by_text("Press Train. The first point usually comes within two seconds.")).to_be_visible()
    expect(page.get_by_role("button", name="Log")).to_have_attribute("aria-pressed", "false")


def test_it_follows_a_run_to_its_end_and_a_refresh_brings_all_of_it_back(page, address, store, run):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(error))
    page.goto(f"{address}/?run={run.id}")
    chart = page.locator("section.live")
    for number in range(3):
        store.append(run.id, epoch(number, 1.0 / (number + 1)))
        expect(chart).to_have_attribute("data-steps", str(number * 10 + 10))
    expect(page.get_by_text("drawn 1 times, running")).to_be_visible()
    expect(chart.get_by_text("0.3333", exact=True)).to_be_visible()
    expect(
        chart.get_by_role("img", name=re.compile(r"epoch 3 of 4: loss 0.3333, val loss 0.4333, accuracy 50.0 %"))
    ).to_be_visible()

    note = Note(message="EarlyStopping: <img src=x onerror=alert(1)> is only text.")
    end = Finished(metrics={}, steps=40, steps_per_second=10.0, execution="graph", epochs=4, seconds=4.0)
    store.append(run.id, [*epoch(3, 0.25), encode(note), encode(end)], status_change("finished", {}))
    expect(page.get_by_text("drawn 2 times, finished")).to_be_visible()
    expect(chart.get_by_text(note.message)).to_be_visible()
    expect(chart.locator("img")).to_have_count(0)

    page.reload()
    expect(chart).to_have_attribute("data-steps", "40")
    expect(page.get_by_text("drawn 1 times, finished")).to_be_visible()
    assert not complaints


def test_the_buttons_say_what_is_pressed_and_the_choice_stays_after_a_refresh(page, address, store, run):
    store.append(run.id, epoch(0, 1.0))
    page.goto(f"{address}/?run={run.id}")
    page.get_by_role("button", name="Log").click()
    page.get_by_role("button", name="Per epoch").press("Enter")
    expect(page.get_by_text("loss (log)")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Log")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Per batch")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("loss (log)")).to_be_visible()


def test_an_end_that_was_lost_on_its_way_is_told_again(page, address, store, run):
    lost = []

    def pass_on(browser):
        server = browser.connect_to_server()

        def from_browser(message):
            if b"finished" in message and not lost:
                lost.append(message)
            else:
                server.send(message)

        browser.on_message(from_browser)

    page.route_web_socket(re.compile("_stcore/stream"), pass_on)
    page.goto(f"{address}/?run={run.id}")
    expect(page.get_by_text("drawn 1 times, running")).to_be_visible()
    end = Finished(metrics={}, steps=10, steps_per_second=10.0, execution="graph", epochs=1, seconds=1.0)
    store.append(run.id, [*epoch(0, 0.25), encode(end)], status_change("finished", {}))
    expect(page.get_by_text("drawn 2 times, finished")).to_be_visible()
    assert len(lost) == 1


OVERTAKEN = """async ([script, plotly, run]) => {
  const module = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
  const parentElement = document.body.appendChild(document.createElement("div"));
  parentElement.id = "late";
  const data = {epochs: 4, metrics: [], status: "", ticket: 0, plotly, ahead: []};
  const call = (run) => module.default({parentElement, setStateValue() {}, data: {...data, run}});
  call(run);
  call(null)();  // an older call that came too late; Streamlit tells it at once that it is over
}"""


LINK = """() => {
  const link = Object.assign(document.createElement("a"), { href: "/elsewhere" });
  link.addEventListener("click", (event) => event.preventDefault()); // the server takes its time to answer
  document.body.append(link);
  link.click();
}"""


def test_who_goes_to_another_page_is_not_called_back(page, address, store, run):
    sent = []
    page.on("websocket", lambda line: line.on("framesent", lambda _: sent.append(1)))
    page.goto(f"{address}/?run={run.id}")
    store.append(run.id, epoch(0, 1.0))
    chart = page.locator("section.live")
    expect(chart).to_have_attribute("data-steps", "10")
    page.evaluate(LINK)
    before = len(sent)
    end = Finished(metrics={}, steps=20, steps_per_second=10.0, execution="graph", epochs=2, seconds=2.0)
    store.append(run.id, [*epoch(1, 0.5), encode(end)], status_change("finished", {}))
    expect(chart).to_have_attribute("data-steps", "20")
    assert before
    assert len(sent) == before, "a rerun of the page that is left would win over the link"
    expect(page.get_by_text("drawn 2 times, finished")).to_be_visible()  # who stayed is told after all


def test_an_older_call_that_comes_too_late_does_not_take_the_run_away(page, address, store, run):
    from components.live import plotly_version
    from components.live_chart import live_chart

    complaints = []
    page.on("pageerror", lambda error: complaints.append(error))
    store.append(run.id, epoch(0, 1.0))
    page.goto(address)
    expect(page.get_by_text("no run")).to_be_visible()
    page.evaluate(OVERTAKEN, [live_chart._read(live_chart._SCRIPTS), plotly_version(), run.id])
    late = page.locator("#late section.live")
    expect(late).to_have_attribute("data-steps", "10")
    expect(late.get_by_text("Press Train")).to_have_count(0)
    assert not complaints
