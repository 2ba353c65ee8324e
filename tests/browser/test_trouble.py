"""What people get wrong, in a real browser: each ends in a sentence on the page, and the next right thing works."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import document, gallery
from core.store import Store
from tests.browser.test_story import LONG, LOSS_ON_THE_PAGE, button, go, number

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

HTML = '<img src=x onerror="alert(1)"><b>bold</b>'
GOOD_TABLE = "height,width,kind\n" + "".join(f"{one % 7},{one % 5},{'ab'[one % 7 > 3]}\n" for one in range(120))
BAD_TABLES = [
    ("empty.csv", b"", "The uploaded file is empty"),
    ("header.csv", b"a,b,y\n", "has column names but no rows below them"),
    ("ragged.csv", b"a,b,y\n1,2,3\n1,2\n", "line 3 has 2 values, but the header names 3 columns"),
    ("binary.csv", bytes(range(256)) * 20, "has a NUL byte in line 1"),
    ("names.csv", b"a,y\n" + b"".join(b"1,n%d\n" % one for one in range(500)), "too many to be classes"),
    ("one.csv", b"a,y\n" + b"".join(b"%d,cat\n" % one for one in range(30)), "the same value ('cat') in all 30 rows"),
]
BAD_PROJECTS = [
    ("This is no JSON", b"{"),
    ("made by a newer Eagerly", b'{"version": 99}'),
    ("Eagerly knows no such field", b'{"version": 1, "colour": "red"}'),
    ("nests at most", b"[" * 5000),
]
STEP = LOSS_ON_THE_PAGE.replace("'loss'", "'step'")


def changed(change):
    project = document.to_dict(gallery.load())
    change(project)
    return document.from_dict(project)


@pytest.fixture
def opened(page, server):
    """Opens the address of a project that somebody made."""

    def open_(project):
        store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
        token = store.create_project(project)
        store.close()
        page.goto(f"{server.url}/?project={token}")
        expect(button(page, "^Train")).to_be_visible(timeout=LONG)
        return page

    return open_


def upload(page, name, content):
    mime = "application/json" if name.endswith("json") else "text/csv"
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": mime, "buffer": content})


def says(page, words):
    expect(page.get_by_text(re.compile(words)).first).to_be_visible(timeout=LONG)


def steps(page):
    return int(page.evaluate(STEP).split("/")[0].replace(",", ""))


def test_bad_tables_are_refused_and_a_good_one_trains(opened):
    page = opened(gallery.load())
    says(page, "1,797 images")
    go(page, "Data")
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own data").click()
    for name, content, words in BAD_TABLES:
        upload(page, name, content)
        says(page, re.escape(words))
    upload(page, "good.csv", GOOD_TABLE.encode())
    says(page, "120 rows")
    go(page, "Train")
    button(page, "^Repair all").click()
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    button(page, "^Train").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)


def test_a_learning_rate_of_a_billion_is_explained(opened):
    optimizer = {"name": "SGD", "params": {"learning_rate": 1e9}}
    page = opened(changed(lambda project: project["compile"].update(optimizer=optimizer)))
    button(page, "^Train").click()
    says(page, "The loss became (NaN|infinite) at epoch 1, step")
    says(page, "Try a lower learning rate")
    expect(button(page, "^Train")).to_be_enabled()


def test_a_batch_that_is_larger_than_the_data_is_repaired(opened):
    page = opened(changed(lambda project: project["training"].update(batch_size=100_000)))
    says(page, "there are 1,438 rows to train on, got 100,000")
    expect(button(page, "^Train")).to_be_disabled()
    button(page, "Set .*32").click()
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    expect(number(page, "Batch size")).to_have_value("32")


def test_a_formula_that_would_run_code_is_refused_and_a_good_one_trains(opened):
    page = opened(gallery.load("custom_loss"))
    field = page.get_by_label("Formula", exact=True).first
    field.fill("def loss(y_true, y_pred):\n    return __import__('os').system('true')")
    field.press("Control+Enter")
    says(page, "[Ll]ine 2, column 12: Only functions of")
    expect(button(page, "^Train")).to_be_disabled(timeout=LONG)
    field.fill("def loss(y_true, y_pred):\n    return tf.reduce_mean(tf.square(y_true - y_pred))")
    field.press("Control+Enter")
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    epochs = number(page, "Epochs")
    epochs.fill("1")
    epochs.press("Enter")
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    button(page, "^Train").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)


def test_files_that_are_no_project_are_refused_and_html_stays_text(opened):
    alerts = []
    page = opened(gallery.load())
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    go(page, "Export")
    for words, content in BAD_PROJECTS:
        upload(page, "project.json", content)
        says(page, words)
    named = document.dump(changed(lambda project: project.update(name=HTML, description=HTML)))
    upload(page, "html.json", named.encode())
    says(page, re.escape(HTML))
    button(page, "^Open as a new project").click()
    for title in ("Data", "Model", "Runs", "Inspect", "Export", "Train"):
        go(page, title)
        says(page, re.escape(HTML))
    assert page.locator("img[src=x]").count() == 0
    assert alerts == []


def test_pause_step_epoch_and_resume_count_right(opened):
    page = opened(changed(lambda project: project["training"].update(epochs=50_000)))
    button(page, "^Train").click()
    button(page, "^Pause").click()
    expect(button(page, "^Resume")).to_be_visible(timeout=LONG)
    paused = steps(page)
    button(page, "^Step").click()
    page.wait_for_function(f"() => ({STEP})().replaceAll(',', '').startsWith('{paused + 1}')", timeout=LONG)
    expect(button(page, "^Resume")).to_be_visible(timeout=LONG)
    assert steps(page) == paused + 1
    button(page, "^Epoch").click()
    page.wait_for_function(f"() => parseInt(({STEP})().replaceAll(',', '')) > {paused + 1}", timeout=LONG)
    expect(button(page, "^Resume")).to_be_visible(timeout=LONG)
    assert steps(page) % 45 == 0, "45 steps are an epoch"
    here = steps(page)
    button(page, "^Resume").click()
    page.wait_for_function(f"() => parseInt(({STEP})().replaceAll(',', '')) > {here + 45}", timeout=LONG)
    button(page, "^Stop").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)


def test_a_project_without_layers_opens_on_every_page(opened):
    page = opened(changed(lambda project: project.update(model={"nodes": [], "outputs": []})))
    expect(button(page, "^Train")).to_be_disabled(timeout=LONG)
    says(page, "The model has no layers")
    for title in ("Data", "Model", "Inspect", "Runs", "Export"):
        go(page, title)
        expect(page.get_by_role("link", name=title, exact=True).first).to_be_visible()
        expect(page.get_by_text("Something went wrong")).to_have_count(0)


def test_a_table_of_60_mb_is_refused_at_the_door(opened):
    page = opened(gallery.load())
    go(page, "Data")
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own data").click()
    input_ = page.locator("input[type=file]").first
    input_.wait_for(state="attached")
    input_.evaluate("""(field) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(60_000_000)], 'large.csv', {type: 'text/csv'}));
      field.files = files.files;
      field.dispatchEvent(new Event('change', {bubbles: true}));
    }""")
    says(page, "50(\\.0)?\\s*MB or smaller|must be 50")
