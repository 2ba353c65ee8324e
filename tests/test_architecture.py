"""The house rules, checked."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).parents[1]
STATE_DOOR = ROOT / "components" / "state.py"
COMPONENTS = sorted((ROOT / "components").rglob("*.py"))
SOURCES = sorted([*COMPONENTS, *(ROOT / "core").rglob("*.py"), ROOT / "app.py"])


def name(path):
    return str(path.relative_to(ROOT))


def test_imports_flow_one_way(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_session_state_has_one_door(path):
    attributes = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert path == STATE_DOOR or "session_state" not in attributes, "go through components.state"


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_components_draw_nothing_on_import(path):
    loose = [
        node.lineno
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and path.name != "main.py"
    ]
    assert not loose, f"line {loose[:1]} calls something at import time; move it into a function"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_one_thing(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "a module opens with one plain sentence"
    assert text.count("\n") <= 300, "there is another room in this file"
    assert "unsafe_allow_html" not in text


def test_nothing_in_core_runs_a_users_text():
    found = {
        name(path): node.func.id
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")
    }
    assert not found


def test_the_page_process_stays_light():
    code = (
        "import sys\n"
        "import components.navigation.main, components.live, core.runner.service\n"
        "print(sorted({'keras', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
