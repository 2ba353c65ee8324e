// Everything that can be done, once: keys, toolbar, menu and the list of keys read this table.

import { adding, portions } from "./adding.js";
import { freshId } from "./document.js";
import { allPositions, onGrid } from "./placing.js";
import { several } from "./words.js";

const named = (items) => (items.length === 1 ? items[0].title : several(items.length, "layer"));

/** {name, group, label, keys, act(editor), can(editor)}; keys as `mod+shift+z`, where mod is Ctrl, or Cmd on a Mac. */
export const ACTIONS = [
  { name: "add", group: "Build", label: "Add behind the selected layer", keys: ["/"], act: (editor) => openAdd(editor, "behind") },
  { name: "insert", group: "Build", label: "Insert before it, or on the selected link", keys: ["i"], act: insert },
  { name: "connect", group: "Build", label: "Connect it to another layer", keys: ["c"], can: hasCurrent, act: (editor) => editor.connecting.start() },
  { name: "links", group: "Build", label: "Select its next incoming link", keys: ["l"], can: hasCurrent, act: nextLink },
  { name: "remove", group: "Build", label: "Delete; the chain heals", keys: ["delete", "backspace"], can: hasAny, act: (editor) => remove(editor) },
  { name: "cut_out", group: "Build", label: "Delete with its links", keys: ["shift+delete", "shift+backspace"], can: hasAny, act: (editor) => remove(editor, false) },
  { name: "duplicate", group: "Build", label: "Duplicate", keys: ["mod+d"], can: hasAny, act: duplicate },
  { name: "rename", group: "Build", label: "Rename", keys: ["f2"], can: hasCurrent, act: (editor) => editor.gestures.rename() },
  { name: "parameters", group: "Build", label: "Go to its parameters", keys: ["enter"], can: hasCurrent, act: toParameters },
  { name: "copy", group: "Edit", label: "Copy", keys: ["mod+c"], isNative: true, can: hasAny, act: (editor) => editor.clipboard.copy() },
  { name: "cut", group: "Edit", label: "Cut", keys: ["mod+x"], isNative: true, can: hasAny, act: (editor) => editor.clipboard.copy() && remove(editor) },
  { name: "paste", group: "Edit", label: "Paste", keys: ["mod+v"], isNative: true, act: (editor) => editor.clipboard.paste() },
  { name: "undo", group: "Edit", label: "Undo", keys: ["mod+z"], can: (editor) => editor.canUndo, act: (editor) => editor.do({ op: "undo" }, { say: "Undone." }) },
  { name: "redo", group: "Edit", label: "Redo", keys: ["mod+shift+z", "mod+y"], can: (editor) => editor.canRedo, act: (editor) => editor.do({ op: "redo" }, { say: "Done again." }) },
  { name: "block", group: "Blocks", label: "Make a block of the selected layers", keys: ["g"], can: hasAny, act: makeBlock },
  { name: "dissolve", group: "Blocks", label: "Dissolve the block", keys: ["shift+g"], can: hasBlock, act: dissolve },
  { name: "open", group: "Blocks", label: "Open or close the block", keys: ["o"], can: hasBlock, act: (editor) => toggleBlock(editor, blockOf(editor)?.id) },
  { name: "all", group: "Select", label: "Select all", keys: ["mod+a"], act: (editor) => editor.selection.choose(editor.model.nodes.map(({ id }) => id)) },
  { name: "toggle", group: "Select", label: "Select or unselect, keeping the others", keys: [" "], shown: "Space", can: hasCurrent, act: (editor) => editor.selection.chooseItem(editor.selection.current, { toggle: true }) },
  { name: "none", group: "Select", label: "Select nothing", keys: ["escape"], act: (editor) => editor.selection.choose([], { active: null }) },
  { name: "problem", group: "Select", label: "Go to the next problem", keys: ["p"], act: nextProblem },
  { name: "tidy", group: "View", label: "Tidy: lay everything out", keys: ["t"], act: tidy },
  { name: "fit", group: "View", label: "Fit the whole graph", keys: ["f"], act: (editor) => editor.fit() },
  { name: "closer", group: "View", label: "Zoom in", keys: ["+", "="], shown: "+", act: (editor) => editor.viewport.zoom(1.2) },
  { name: "farther", group: "View", label: "Zoom out", keys: ["-"], act: (editor) => editor.viewport.zoom(1 / 1.2) },
  { name: "actual", group: "View", label: "Actual size", keys: ["0"], act: (editor) => editor.viewport.zoom(1 / editor.viewport.scale) },
  { name: "code", group: "View", label: "Show or hide the code", keys: ["k"], act: (editor) => editor.code.toggle() },
  { name: "menu", group: "View", label: "Menu of actions", keys: ["contextmenu", "shift+f10"], shown: "Shift F10", act: (editor) => editor.menu.openAtCurrent() },
  { name: "help", group: "View", label: "This list", keys: ["?", "shift+?"], shown: "?", act: (editor) => editor.help.open() },
];

export const action = (name) => ACTIONS.find((one) => one.name === name);

export function run(editor, name) {
  const { can, act } = action(name);
  if (!can || can(editor)) act(editor);
}

function hasCurrent(editor) {
  return Boolean(editor.selection.current);
}

function hasAny(editor) {
  return Boolean(editor.selection.chosen.size || editor.selection.link || editor.selection.current);
}

function hasBlock(editor) {
  return Boolean(blockOf(editor));
}

/** The layers that an action is about: the selected ones, else the focused one. */
export function subjects(editor) {
  const { ids, current } = editor.selection;
  return ids.length ? ids : current?.members ?? [];
}

function blockOf(editor) {
  const ids = subjects(editor);
  return editor.model.blocks.find((block) => block.nodes.includes(ids.at(-1)));
}

/** Open the box in which a layer is chosen, where the new layer will stand. */
function openAdd(editor, way) {
  const { current } = editor.selection;
  if (!current) return editor.quickAdd.open({ where: {}, at: editor.viewport.centre });
  const at = { x: current.x + current.width / 2, y: way === "behind" ? current.y + current.height + 12 : current.y - 30 };
  editor.quickAdd.open({ where: { ...whereBehind(editor) }, at });
}

/** Behind what is selected; behind nothing in particular where nothing is. */
export function whereBehind(editor, layer = null) {
  const ids = subjects(editor);
  const isMerge = editor.catalog[layer]?.arity === "many";
  if (isMerge && editor.selection.ids.length > 1) return { merge: ids };
  const item = editor.item(ids.at(-1));
  if (!item) return {};
  return { after: item.block ? item.members.at(-1) : item.id };
}

function insert(editor) {
  const { link, current } = editor.selection;
  const on = editor.link(link) ?? editor.scene.links.find(({ to }) => to === current?.id);
  if (!on) return editor.speaker.toast("No link leads here. Select a layer that something feeds, or a link.");
  const [from, to] = [editor.item(on.from), editor.item(on.to)];
  const at = { x: (from.x + to.x + from.width) / 2, y: (from.y + from.height + to.y) / 2 };
  return editor.quickAdd.open({ where: { link: on }, at });
}

function nextLink(editor) {
  const { selection, scene } = editor;
  const links = scene.links.filter(({ to }) => to === selection.current.id);
  if (!links.length) return editor.speaker.toast("Nothing feeds this layer.");
  const link = links[(links.findIndex(({ key }) => key === selection.link) + 1) % links.length];
  selection.chooseLink(link.key);
  return editor.speaker.say(`Link from ${link.source} selected. Delete cuts it, I inserts a layer.`);
}

export function add(editor, layer, where) {
  const { op, id } = adding(editor, layer, where);
  return editor.do(op, { say: `${id} added.`, choose: [id] });
}

export function remove(editor, heal = true) {
  const link = editor.link(editor.selection.link);
  if (link) return editor.do({ op: "disconnect", node: link.node, link: link.slot }, { say: "Link cut." });
  const ids = subjects(editor);
  const items = editor.selection.items;
  const next = heirOf(editor, ids);
  const edits = ids.map((node) => ({ op: "remove", node, ...(heal ? {} : { heal }) }));
  const say = `${items.length ? named(items) : ids[0]} deleted.`;
  for (const op of portions(edits)) if (!editor.do(op, { say, choose: next ? [next] : [] })) return false;
  return true;
}

/** What gets the focus when these layers are gone: what fed them, else what they fed. */
function heirOf(editor, ids) {
  const gone = new Set(ids);
  const { links } = editor.scene;
  const above = links.find(({ node, from }) => gone.has(node) && !editor.item(from).members.some((id) => gone.has(id)));
  const below = links.find(({ source, node }) => gone.has(source) && !gone.has(node));
  return above ? editor.item(above.from).members.at(-1) : below?.node;
}

function duplicate(editor) {
  const ids = subjects(editor);
  if (ids.length > 1) return editor.clipboard.duplicate(ids);
  const node = editor.model.nodes.find(({ id }) => id === ids[0]);
  const id = freshId(editor.model, node.layer);
  const item = editor.item(ids[0]);
  const place = editor.scene.isPlaced ? { position: [onGrid(item.x + 40), onGrid(item.y + item.height + 30)] } : {};
  return editor.do({ op: "duplicate", node: node.id, id, ...place }, { say: `${id} is a copy of ${node.id}.`, choose: [id] });
}

function makeBlock(editor) {
  const id = freshId(editor.model, "block");
  editor.do({ op: "make_block", id, nodes: subjects(editor) }, { say: `${id} made. O closes it.`, choose: subjects(editor) });
}

function dissolve(editor) {
  const block = blockOf(editor);
  editor.do({ op: "dissolve", block: block.id }, { say: `${block.id} dissolved; its layers stay.` });
}

export function toggleBlock(editor, id) {
  const block = editor.model.blocks.find((one) => one.id === id);
  if (!block) return;
  const say = `${block.id} ${block.open ? "closed" : "opened"}.`;
  editor.do({ op: "set_block", block: block.id, open: !block.open }, { say, choose: [...block.nodes] });
}

function nextProblem(editor) {
  const bad = [...editor.scene.items.values()].filter(({ problems }) => problems.length);
  if (!bad.length) return editor.speaker.toast("No layer has a problem.");
  const now = bad.findIndex(({ id }) => id === editor.selection.current?.id);
  editor.selection.chooseItem(bad[(now + 1) % bad.length]);
  return editor.selection.focus();
}

function tidy(editor) {
  if (editor.scene.isPlaced) editor.do({ op: "tidy" }, { say: "Tidied." });
  editor.fit();
}

/** Move what is selected by so many pixels; from then on every layer has its place. */
export function nudge(editor, right, down) {
  const positions = moved(editor, subjects(editor), right, down);
  if (positions) editor.do({ op: "place", positions }, { say: "Moved." });
}

export function moved(editor, ids, right, down) {
  const { scene } = editor;
  const known = allPositions(scene);
  const own = Object.fromEntries(ids.map((id) => [id, [onGrid(known[id][0] + right), onGrid(known[id][1] + down)]]));
  if (!ids.length) return null;
  return scene.isPlaced ? own : { ...known, ...own };
}

/** The parameters stand in Streamlit's own panel beside the canvas. */
function toParameters(editor) {
  const { selection } = editor;
  if (!selection.items.length) selection.chooseItem(selection.current);
  const until = performance.now() + 1500;
  const seek = () => {
    const panel = document.querySelector(".st-key-panel");
    const isHere = panel?.textContent.includes(selection.current?.title ?? "");
    const field = isHere && panel.querySelector("input, textarea, [role=combobox]");
    if (field) field.focus();
    else if (performance.now() < until) setTimeout(seek, 60);
  };
  seek();
}
