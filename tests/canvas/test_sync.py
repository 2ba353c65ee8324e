"""No click is lost and none is done twice, however the messages travel."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

WORLD = """
  // A server with two tabs: it does each operation of a client once, and says so when it is asked.
  class Server {
    constructor(model) {
      Object.assign(this, {states: [normal(model)], at: 0, revision: 1, acks: {}, log: []});
    }
    get model() { return this.states[this.at]; }
    take(client, ops) {
      for (const {seq, op} of ops) {
        if (seq <= (this.acks[client] ?? 0)) continue;
        this.acks[client] = seq;
        this.log.push(`${client}${seq}`);
        const travel = {undo: -1, redo: 1}[op.op];
        if (travel) {
          if (!this.states[this.at + travel]) continue;
          this.at += travel;
        } else {
          try { this.states.splice(++this.at, Infinity, apply(this.states[this.at - 1], op, rows)); }
          catch (error) { this.at -= 1; if (!(error instanceof Refused)) throw error; continue; }
        }
        this.revision += 1;
      }
    }
    news(client) { // as JSON, so that nothing is shared
      const {model, revision, acks} = this;
      return JSON.parse(JSON.stringify({model, revision, client, ack: acks[client] ?? 0}));
    }
  }
  const start = {nodes: [
    {id: "input_1", layer: "Input", params: {shape: [4]}, inputs: []},
    {id: "dense_1", layer: "Dense", params: {units: 4}, inputs: ["input_1"]},
  ], outputs: ["dense_1"]};
  const opened = (client = "a", server = new Server(start)) => {
    const tab = new Sync(client, rows);
    tab.receive(server.news(client));
    return {server, tab};
  };
  const add = (id) => ({op: "add", layer: "Dropout", id, linked: false});
  const ids = (model) => model.nodes.map((node) => node.id).join(" ");
  const refusal = (act) => { try { act(); } catch (error) { return error.message; } return "done"; };
  const wire = (tab) => JSON.parse(JSON.stringify(tab.pending));
"""


@pytest.fixture
def ran(scripts):
    return lambda code: scripts.evaluate("() => {" + WORLD + code + "}")


def test_a_burst_is_shown_at_once_and_arrives_whole(ran):
    found = ran("""
      const {server, tab} = opened();
      for (let i = 0; i < 50; i++) tab.send({op: "place", positions: {dense_1: [i, 0]}});
      tab.send(add("late"));
      const shown = JSON.stringify(tab.document());
      server.take("a", wire(tab));
      server.take("a", wire(tab)); // state is sent again with every rerun
      tab.receive(server.news("a"));
      return {shown, now: JSON.stringify(tab.document()), pending: tab.pending.length, log: server.log};
    """)
    assert found["shown"] == found["now"]
    assert '"position":[49,0]' in found["now"]
    assert found["pending"] == 0
    assert found["log"] == [f"a{number}" for number in range(1, 52)]


def test_older_news_is_passed_over(ran):
    found = ran("""
      const {server, tab} = opened();
      const old = server.news("a");
      tab.send(add("x"));
      server.take("a", wire(tab));
      const taken = [tab.receive(server.news("a")), tab.receive(old), tab.receive(server.news("a"))];
      return {taken, ids: ids(tab.document()), revision: tab.revision};
    """)
    assert found == {"taken": [True, False, False], "ids": "input_1 dense_1 x", "revision": 2}


def test_an_acknowledgement_that_comes_late_repeats_nothing(ran):
    found = ran("""
      const {server, tab} = opened();
      tab.send({op: "duplicate", node: "dense_1", id: "dense_2"});
      server.take("a", wire(tab));
      const late = server.news("a");
      tab.send({op: "duplicate", node: "dense_2", id: "dense_3"});
      tab.send(add("x"));
      tab.receive(late);
      return {ids: ids(tab.document()), pending: tab.pending.map(({seq}) => seq), blocked: tab.blocked};
    """)
    assert found == {"ids": "input_1 dense_1 dense_2 dense_3 x", "pending": [2, 3], "blocked": []}


def test_another_tabs_change_comes_in_under_what_is_pending(ran):
    found = ran("""
      const {server, tab} = opened();
      tab.send({op: "connect", source: tab.send(add("mine")) && "dense_1", node: "mine"});
      server.take("b", [{seq: 1, op: add("theirs")}]);
      tab.receive(server.news("a"));
      const between = ids(tab.document());
      server.take("a", wire(tab));
      tab.receive(server.news("a"));
      return {between, after: ids(tab.document()), outputs: tab.document().outputs};
    """)
    assert found["between"] == "input_1 dense_1 theirs mine"
    assert found["after"] == found["between"]
    assert found["outputs"] == ["mine"]


def test_an_operation_that_no_longer_applies_is_not_shown_and_its_end_is_awaited(ran):
    found = ran("""
      const {server, tab} = opened();
      tab.send({op: "rename", node: "dense_1", to: "trunk"});
      tab.send(add("x"));
      server.take("b", [{seq: 1, op: {op: "remove", node: "dense_1"}}]);
      tab.receive(server.news("a"));
      const between = {ids: ids(tab.document()), blocked: tab.blocked.map(({seq, reason}) => [seq, reason])};
      const before = tab.revision;
      server.take("a", wire(tab).slice(0, 1)); // refused: the revision stays, the acknowledgement comes
      const isNews = tab.receive(server.news("a"));
      return {between, isNews, sameRevision: tab.revision === before, pending: tab.pending.map(({seq}) => seq),
              blocked: tab.blocked, ids: ids(tab.document())};
    """)
    assert found["between"]["ids"] == "input_1 x"
    assert found["between"]["blocked"] == [[1, "dense_1: there is no layer 'dense_1' in this model."]]
    assert found["isNews"]
    assert found["sameRevision"]
    assert found["pending"] == [2]
    assert found["blocked"] == []
    assert found["ids"] == "input_1 x"


def test_what_is_refused_at_once_is_not_sent(ran):
    found = ran("""
      const early = new Sync("a", rows);
      const {tab} = opened();
      return {
        early: refusal(() => early.send(add("x"))),
        circle: refusal(() => tab.send({op: "connect", source: "dense_1", node: "dense_1"})),
        pending: tab.pending.length, seq: tab.seq, next: tab.send(add("x")).seq,
      };
    """)
    assert "not here yet" in found["early"]
    assert "cannot feed itself" in found["circle"]
    assert (found["pending"], found["seq"], found["next"]) == (0, 0, 1)


def test_undo_takes_back_what_is_pending_and_the_server_agrees(ran):
    found = ran("""
      const {server, tab} = opened();
      const seen = [];
      const look = () => seen.push(ids(tab.document()));
      for (const op of [add("x"), add("y"), {op: "undo"}, {op: "undo"}, {op: "redo"}, add("z"), {op: "redo"}]) {
        tab.send(op);
        look();
      }
      server.take("a", wire(tab));
      tab.receive(server.news("a"));
      look();
      tab.send({op: "undo"}); // what it takes back only the server knows
      look();
      server.take("a", wire(tab));
      tab.receive(server.news("a"));
      look();
      return seen.map((line) => line.replace("input_1 dense_1", "").trim());
    """)
    assert found == ["x", "x y", "x", "", "x", "x z", "x z", "x z", "x z", "x"]


def test_another_clients_acknowledgement_is_not_ours(ran):
    found = ran("""
      const {server, tab} = opened();
      tab.send(add("x"));
      server.take("b", [1, 2, 3].map((seq) => ({seq, op: add(`b${seq}`)})));
      tab.receive(server.news("b"));
      return {pending: tab.pending.length, ids: ids(tab.document())};
    """)
    assert found == {"pending": 1, "ids": "input_1 dense_1 b1 b2 b3 x"}


def test_another_project_gets_nothing_of_what_was_meant_for_the_first(ran):
    found = ran("""
      const tab = new Sync("a", rows);
      tab.receive({...new Server(start).news("a"), revision: 40, project: "one"});
      tab.send(add("x"));
      tab.receive({...new Server({nodes: [], outputs: []}).news("a"), project: "two"});
      return {ids: ids(tab.document()), pending: tab.pending, revision: tab.revision};
    """)
    assert found == {"ids": "", "pending": [], "revision": 1}


def test_a_page_that_is_loaded_again_goes_on_with_what_was_pending(ran):
    found = ran("""
      const {server, tab} = opened();
      for (const id of ["x", "y", "z"]) tab.send(add(id));
      server.take("a", wire(tab).slice(0, 1));
      const again = new Sync("a", rows, wire(tab)), bare = new Sync("a", rows);
      again.receive(server.news("a"));
      bare.receive(server.news("a"));
      return {pending: again.pending.map(({seq}) => seq), ids: ids(again.document()),
              next: again.send(add("w")).seq, bare: bare.send(add("v")).seq};
    """)
    assert found == {"pending": [2, 3], "ids": "input_1 dense_1 x y z", "next": 4, "bare": 2}


def test_two_tabs_and_a_slow_line_end_with_one_document(ran):
    """400 worlds: messages are late, repeated and out of order; each operation is done once, in its client's order."""
    found = ran("""
      const faults = [];
      for (let seed = 1; seed <= 400; seed++) {
        let state = seed;
        const chance = (most) => (state = (state * 48271) % 2147483647) % most;
        const server = new Server(start);
        const tabs = ["a", "b"].map((client) => opened(client, server).tab);
        const up = [], down = [];
        for (let step = 0; step < 120; step++) {
          const tab = tabs[chance(2)];
          const names = tab.document().nodes.map((node) => node.id);
          const node = names[chance(names.length)] ?? "none", other = names[chance(names.length)] ?? "none";
          const wish = [
            () => ({op: "add", layer: ["Dense", "Add"][chance(2)], id: `${tab.client}${step}`, linked: false}),
            () => ({op: "connect", source: other, node}),
            () => ({op: "remove", node, heal: chance(2) === 0}),
            () => ({op: "place", positions: {[node]: [step, chance(100)]}}),
            () => ({op: "make_block", id: `block${step}`, nodes: [node, other]}),
            () => ({op: ["undo", "redo"][chance(2)]}),
          ][chance(6)];
          if (step < 80) try { tab.send(wish()); up.push([tab.client, wire(tab)]); }
            catch (error) { if (!(error instanceof Refused)) throw error; }
          if (chance(3) === 0 && up.length) { // an old message may come again, behind newer ones
            const [client, ops] = up[chance(up.length)];
            server.take(client, ops);
            for (const each of tabs) down.push([each, server.news(each.client)]);
          }
          if (chance(2) === 0 && down.length) { const [each, news] = down[chance(down.length)]; each.receive(news); }
        }
        for (const tab of tabs) server.take(tab.client, wire(tab));
        for (const tab of tabs) tab.receive(server.news(tab.client));
        const truth = JSON.stringify(server.model);
        for (const tab of tabs) {
          const log = server.log.filter((entry) => entry[0] === tab.client).map((entry) => Number(entry.slice(1)));
          if (JSON.stringify(tab.document()) !== truth) faults.push(`${seed}: ${tab.client} shows something else`);
          if (tab.pending.length) faults.push(`${seed}: ${tab.client} still waits`);
          if (log.join() !== [...Array(tab.seq).keys()].map((n) => n + 1).join()) faults.push(`${seed}: ${log}`);
        }
      }
      return faults.slice(0, 5);
    """)
    assert found == []
