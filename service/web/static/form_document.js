// A form to the document that the API takes: what was there, with every visible field put in its place.
//
// Every control with `name` (a JSON pointer) and `data-kind` fills one place; inside an `.item` of a `data-list` its
// pointer begins below the item. Controls, groups, lists and items get their whole pointer as `data-pointer`, which is
// where problems of the API find them. What is `hidden` or disabled is left out. Pointers in `data-drops`, of a part that
// is visible or of the chosen option, are taken out, and so is a `data-optional` group whose text fields are all empty.
// `<script type="application/json" data-document>` is the document as it was: what no field fills stays.

export function documentOf(form) {
  const kept = form.querySelector("script[data-document]");
  const held = { value: kept ? JSON.parse(kept.textContent) : {} };
  fill(form, "", held);
  return held.value;
}

function fill(root, prefix, held) {
  for (const child of root.children) {
    if (child.hidden || child.disabled || child.tagName === "TEMPLATE" || child.tagName === "SCRIPT") continue;
    const marks = child.dataset;
    dropAll(marks.drops, prefix, held);
    if (marks.shows !== undefined) dropAll(child.selectedOptions[0]?.dataset.drops, prefix, held);
    if (marks.list !== undefined) { fillList(child, prefix + marks.list, held); continue; }
    if (marks.group !== undefined) marks.pointer = prefix + marks.group;
    if (marks.optional !== undefined && isBlank(child)) {
      put(held, marks.pointer, undefined);
      // Its fields learn their pointers all the same, for problems that say that one of them is needed.
      fill(child, prefix, { value: {} });
      continue;
    }
    if (child.name && marks.kind) {
      marks.pointer = prefix + child.name;
      put(held, marks.pointer, valueOf(child));
    }
    if (child.tagName !== "SELECT") fill(child, prefix, held);
  }
}

function dropAll(pointers, prefix, held) {
  for (const pointer of (pointers ?? "").split(" ").filter(Boolean)) put(held, prefix + pointer, undefined);
}

function fillList(list, pointer, held) {
  const items = [...list.children].filter((one) => one.classList.contains("item"));
  const before = get(held.value, pointer);
  list.dataset.pointer = pointer;
  // An item keeps what it had beside its fields, wherever it stands now.
  const kept = items.map((one) => structuredClone(before?.[one.dataset.was] ?? {}));
  put(held, pointer, kept.length || list.dataset.empty === "list" ? kept : undefined);
  items.forEach((item, index) => {
    item.dataset.pointer = `${pointer}/${index}`;
    fill(item, item.dataset.pointer, held);
  });
}

function isBlank(group) {
  return [...group.querySelectorAll("input:not([type=checkbox]), textarea")].every((one) => one.value.trim() === "");
}

export function valueOf(control) {
  const kind = control.dataset.kind;
  if (kind === "flag") return control.checked;
  const text = control.value.trim();
  if (text === "") return { null: null, text: "", list: [] }[control.dataset.empty];
  switch (kind) {
    case "number": case "integer": return numberOf(text);
    case "decimal": return ungrouped(text);
    case "numbers": return text.split(/[\s,;]+/).filter(Boolean).map(numberOf);
    case "rows": return linesOf(text).map((line) => line.split(/[\s,;]+/).filter(Boolean).map(numberOf));
    case "pairs": return pairsOf(text);
    case "words": return text.split(/[\s,]+/).filter(Boolean);
    case "json": try { return JSON.parse(text); } catch { return text; }
    default: return text;
  }
}

const GROUPED = /^[-+]?[1-9]\d{0,2}([,_ \u00a0\u202f]\d{3})+(\.\d+)?$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

// 1,250,000 is a number in groups of three; 1,25 or 0,250 may be anybody's guess, so it stays as it is and the API refuses it.
function ungrouped(text) {
  return GROUPED.test(text) ? text.replace(/[^\d.+-]/g, "") : text;
}

// What is no number goes to the API as the text it is, which says so at the field.
function numberOf(text) {
  const plain = ungrouped(text);
  return NUMBER.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : text;
}

function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

function pairsOf(text) {
  const pairs = linesOf(text).map((line) => line.match(/^([^:]+?)\s*:\s*(.*)$/));
  return pairs.every(Boolean) ? Object.fromEntries(pairs.map(([, name, value]) => [name, value])) : text;
}

export function get(value, pointer) {
  return pointer.split("/").slice(1).reduce((held, name) => held?.[name], value);
}

// Sets the value at a pointer, making what lies between; undefined takes it out and makes nothing.
export function put(held, pointer, value) {
  const names = pointer.split("/").slice(1);
  if (!names.length) { held.value = value; return; }
  let at = held.value;
  for (const name of names.slice(0, -1)) {
    if (at[name] === null || typeof at[name] !== "object") {
      if (value === undefined) return;
      at[name] = {};
    }
    at = at[name];
  }
  if (value === undefined) delete at[names.at(-1)];
  else at[names.at(-1)] = value;
}
