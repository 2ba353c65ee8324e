"""How files come in, in a real browser: streamed past the server's memory, taken back, or a whole folder at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_story import LONG, go

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

TABLE = b"height,kind\n" + b"".join(b"%d,%s\n" % (i % 7, b"ab"[i % 2 : i % 2 + 1]) for i in range(120))

DROP = """(zone, text) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}));
  zone.dispatchEvent(new DragEvent('drop', {dataTransfer: dropped, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def own(page, server):
    """The Data page, ready for a file."""
    page.goto(server.url)
    go(page, "Data")
    expect(page.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own data").click()
    expect(page.get_by_text("Drop a file here")).to_be_visible(timeout=LONG)
    return page


def memory(server):
    """Of the server's process, in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())[1]) / 1000


def kept(server):
    return {path.name for path in (server.home / "uploads").glob("*")}


def test_a_file_passes_by_the_servers_memory_and_a_bad_one_leaves_nothing(own, server, tmp_path):
    file = tmp_path / "large.csv"
    file.write_bytes(b"a,y\n1,2\n" + bytes(40_000_000))
    before, there = memory(server), kept(server)
    own.locator("input[type=file]").set_input_files(file)
    expect(own.get_by_text("has a NUL byte in line 3")).to_be_visible(timeout=LONG)
    assert memory(server) - before < 20
    assert kept(server) == there
    own.locator(".zone").evaluate(DROP, TABLE.decode().replace("height", "width"))
    expect(own.get_by_text("120 rows").first).to_be_visible(timeout=LONG)
    expect(own.get_by_text("has a NUL byte")).to_have_count(0)


def test_a_file_is_taken_back_and_another_is_chosen_by_keyboard(own, server, tmp_path):
    file, there = tmp_path / "good.csv", kept(server)
    file.write_bytes(TABLE)
    own.route("**/upload/*", lambda route: None)
    with own.expect_request("**/upload/*"):
        own.locator("input[type=file]").set_input_files(file)
    own.get_by_role("button", name="Cancel").click()
    expect(own.get_by_role("status").get_by_text("Cancelled")).to_be_visible()
    assert kept(server) == there
    own.unroute("**/upload/*")
    field = own.get_by_label("File", exact=True)
    expect(field).to_be_focused()
    with own.expect_file_chooser() as chooser:
        field.press("Enter")
    chooser.value.set_files(file)
    expect(own.get_by_text("120 rows").first).to_be_visible(timeout=LONG)
    assert len(kept(server) - there) == 1
    own.get_by_role("button", name="undo icon").click()
    expect(own.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    expect(own.get_by_text("120 rows")).to_have_count(0)  # the file that was sent before does not come back by itself


def dropped(page, *paths):
    """As a hand does it: Chromium opens the paths itself, folders too."""
    place = page.locator(".zone").bounding_box()
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    hand = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"x": place["x"] + 9, "y": place["y"] + 9}
        hand.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})
    hand.detach()


def pets(folder, count=24):
    for number in range(count):
        file = folder / "pets" / ("cat" if number % 2 else "größe") / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number * 2 % 256, 0, 0)).save(file)
    (folder / "pets" / ".hidden.png").write_text("no picture")
    return folder / "pets"


def test_a_folder_can_be_dropped_however_many_files_it_has(own, tmp_path):
    dropped(own, pets(tmp_path, count=250))  # a browser lists a folder by the hundred
    expect(own.get_by_text("250 in 2 classes")).to_be_visible(timeout=LONG)
    (tmp_path / "pets" / "cat" / "deep").mkdir()
    (tmp_path / "pets" / "cat" / "1.png").rename(tmp_path / "pets" / "cat" / "deep" / "1.png")
    dropped(own, tmp_path / "pets" / "cat", tmp_path / "pets" / "größe")
    expect(own.get_by_text("250 in 3 classes")).to_be_visible(timeout=LONG)


def test_several_files_are_taken_together_or_not_at_all(own, server, tmp_path):
    there, loose = kept(server), [pets(tmp_path) / "cat" / f"{number}.png" for number in range(1, 24, 2)]
    tables = [tmp_path / "labels.csv", tmp_path / "other.csv"]
    for table in tables:
        table.write_text("file,label\n" + "".join(f"{file.name},{'ab'[i % 2]}\n" for i, file in enumerate(loose)))
    (tmp_path / "empty").mkdir()
    (tmp_path / "large").mkdir()
    with (tmp_path / "large" / "1.png").open("wb") as file:
        file.truncate(60_000_000)
    for files, sentence in (
        (loose, "“1.png” and 11 more are in no folder, so the class is unknown"),
        (loose[:1], "“1.png” is a single picture"),
        (tables, "One table is taken at a time, but 2 files came"),
        ([tmp_path / "empty"], "There are no files in it"),
        ([tmp_path / "large"], "That is more than 50 MB"),
    ):
        dropped(own, *files)
        expect(own.get_by_role("status").get_by_text(sentence)).to_be_visible(timeout=LONG)
    assert kept(server) == there, "the first of them was sent"
    own.locator("input[type=file]").set_input_files([*loose, tables[0]])
    expect(own.get_by_text("12 in 2 classes")).to_be_visible(timeout=LONG)
    expect(own.get_by_role("status").get_by_text("no folder")).to_have_count(0)


def test_a_file_that_changes_while_it_is_sent_is_not_taken(own, tmp_path):
    file = tmp_path / "growing.csv"
    file.write_bytes(TABLE)

    def changes(route):
        file.write_bytes(TABLE + b"1,a\n")
        route.fulfill(json={"reference": "upload:" + "0" * 64})

    own.route("**/upload/*", changes)
    own.locator("input[type=file]").set_input_files(file)
    expect(own.get_by_role("status").get_by_text("was changed or removed while it was sent")).to_be_visible(
        timeout=LONG
    )
    expect(own.get_by_text("no longer on this server")).to_have_count(0)


def test_who_leaves_the_page_takes_the_file_back(own, server, tmp_path):
    file, there = tmp_path / "left.csv", kept(server)
    file.write_bytes(TABLE + b"3,a\n")
    own.route("**/upload/*", lambda route: None)
    with own.expect_request("**/upload/*"):
        own.locator("input[type=file]").set_input_files(file)
    with own.expect_event("requestfailed", lambda request: "/upload/" in request.url):
        go(own, "Model")
    assert kept(server) == there


def test_a_chosen_folder_of_pictures_is_one_file_with_a_class_for_each_folder(own, server, tmp_path):
    (pets(tmp_path) / "notes.txt").write_text("no picture")
    with own.expect_file_chooser() as chooser:
        own.get_by_role("button", name="Choose a folder of pictures").click()
    chooser.value.set_files(tmp_path / "pets")
    expect(own.get_by_text("24 in 2 classes")).to_be_visible(timeout=LONG)
    expect(own.get_by_text("größe").first).to_be_visible(timeout=LONG)
