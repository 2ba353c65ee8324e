"""Real harm to a real server: kill -9 of each process, a second server on its home, a disk without a byte left."""

from __future__ import annotations

import os
import re
import select
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser]

LONG = 90_000
HEADERS = {"x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN", "referrer-policy": "no-referrer"}
STEP = """() => {
  for (const host of document.querySelectorAll('*')) {
    for (const term of host.shadowRoot?.querySelectorAll('dt') ?? []) {
      if (term.textContent.trim() === 'step') return parseInt(term.nextElementSibling.textContent.replaceAll(',', ''));
    }
  }
  return 0;
}"""


def button(page, name):
    return page.get_by_role("button", name=re.compile(name)).first


def steps_go_beyond(page, number):
    page.wait_for_function(f"() => ({STEP})() > {number}", timeout=LONG)
    return page.evaluate(STEP)


def train_long(page, server):
    """A run that ends only when somebody ends it; the number of the step that the page shows."""
    page.goto(server.url)
    expect(button(page, "^Train")).to_be_visible(timeout=LONG)
    epochs = page.get_by_label("Epochs", exact=True).first
    epochs.fill("100000")
    epochs.press("Enter")
    expect(page.locator(".st-key-undo button").first).to_be_enabled(timeout=LONG)
    button(page, "^Train").click()
    return steps_go_beyond(page, 50)


def the_run(disk):
    [[run_id, status, steps, message, keeper]] = disk.ask(
        "SELECT id, status, steps, message, keeper_pid FROM runs ORDER BY created DESC LIMIT 1"
    )
    return {"id": run_id, "status": status, "steps": steps, "message": message, "keeper": keeper}


def trainer_of(keeper):
    return int(Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()[0])


def status_of(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}


def test_a_server_that_is_killed_comes_back_with_the_curve_and_the_run_went_on(page, fragile, disk):
    seen = train_long(page, fragile)
    address = page.url
    fragile.kill()
    acknowledged = the_run(disk)["steps"]
    fragile.start()
    page.goto(address.replace("/?", "/model?"))  # the first visit of this server, and not to its first page
    expect(page.locator(".surface")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Train", exact=True).first.click()
    expect(button(page, "^Stop")).to_be_visible(timeout=LONG)
    assert steps_go_beyond(page, max(acknowledged, seen)) > seen
    assert page.url == address
    page.get_by_role("button", name="Stop").first.click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    run = the_run(disk)
    assert run["status"] == "stopped"
    assert run["steps"] >= acknowledged
    assert "Traceback" not in page.locator("body").inner_text()


@pytest.mark.parametrize("victim", ["trainer", "keeper"])
def test_a_process_of_a_run_that_is_killed_is_a_sentence_and_the_run_can_go_on(page, fragile, disk, victim):
    train_long(page, fragile)
    run = the_run(disk)
    os.kill(trainer_of(run["keeper"]) if victim == "trainer" else run["keeper"], signal.SIGKILL)
    expect(page.get_by_text(re.compile("Training stopped unexpectedly")).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text(re.compile(r"Everything up to step [\d,]+ is kept")).first).to_be_visible()
    after = the_run(disk)
    assert after["status"] == "failed"
    assert after["steps"] >= run["steps"]
    assert page.evaluate(STEP) == after["steps"]
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    button(page, "^Continue").click()
    expect(button(page, "^Stop")).to_be_visible(timeout=LONG)
    steps_go_beyond(page, after["steps"])
    expect(page.get_by_text("Training stopped unexpectedly")).to_have_count(0)
    button(page, "^Stop").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    assert the_run(disk)["id"] == run["id"], "it is the same run, not a new one"


def test_a_full_disk_is_said_and_nothing_is_lost(page, fragile, disk):
    train_long(page, fragile)
    before = the_run(disk)
    trainer = os.pidfd_open(trainer_of(before["keeper"]))
    disk.fill()
    try:
        page.reload()
        expect(page.get_by_text(re.compile("The disk with .* is full: 0 MB are free")).first).to_be_visible(
            timeout=LONG
        )
        assert select.select([trainer], [], [], LONG / 1000)[0], "it ends when it cannot keep its weights"
        epochs = page.get_by_label("Epochs", exact=True).first
        epochs.fill("90000")
        epochs.press("Enter")
        refused = page.get_by_text(re.compile("The disk is full, so the project could not be saved")).first
        shown = page.locator("code", has_text="epochs=90000").first  # the database may have had room of its own
        expect(refused.or_(shown).first).to_be_visible(timeout=LONG)
        is_saved = not refused.is_visible()
    finally:
        os.close(trainer)
        disk.free()
    page.reload()
    expect(page.get_by_text("The disk with")).to_have_count(0)
    expect(epochs).to_have_value("90000" if is_saved else "100000", timeout=LONG)
    expect(page.get_by_text(re.compile("The run could not write its files")).first).to_be_visible(timeout=LONG)
    after = the_run(disk)
    assert after["status"] == "failed"
    assert after["steps"] >= before["steps"] > 0
    button(page, "^Continue").click()
    steps_go_beyond(page, after["steps"])
    button(page, "^Stop").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    [[check]] = disk.ask("PRAGMA integrity_check")
    assert check == "ok"


def test_a_second_server_on_the_same_home_says_so(page, fragile, disk, tmp_path):
    second = type(fragile)(tmp_path, disk)
    try:
        page.goto(second.url)
        expect(page.get_by_text(re.compile("Another Eagerly uses the folder"))).to_be_visible(timeout=LONG)
    finally:
        second.stop()
    page.goto(fragile.url)
    expect(button(page, "^Train")).to_be_visible(timeout=LONG)


def test_strange_addresses_hosts_and_headers(fragile):
    status, headers = status_of(fragile.url)
    assert (status, {name: headers[name] for name in HEADERS}) == (200, HEADERS)
    for path in ("/live/nothere", "/live/%3Cscript%3E", "/live/" + "a" * 5000):
        status, headers = status_of(fragile.url + path)
        assert status == 404, path
        assert "text/html" not in headers["content-type"] or "script>" not in path
    assert status_of(fragile.url, Host="evil.example")[0] in (400, 403)
    assert status_of(f"{fragile.url}/live/nothere", Host="evil.example")[0] in (400, 403)
