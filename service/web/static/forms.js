// Forms whose fields are named by JSON pointers: they become the document that the API takes, and the API's problems
// come back to the fields. `data-form="PUT /v1/fleets/{id}"`; `data-then` is the page behind success.
//
// Lists: `<div data-list="/routes">` holds `.item`s and a `<template>`; names inside an item begin below it. Buttons
// `data-add` and `data-remove` work on the list or item around them. A part that is `hidden` (or disabled) is left out.
// `<script type="application/json" data-document>` is the document as it was: what the form has no field for stays.
// Whoever wants to know what is typed listens to `tokencast:changed` on the form; `event.detail.document` has it.

import { filled, send, showProblem } from "./requests.js";

export function begin(root) {
  for (const form of root.querySelectorAll("form[data-form]")) prepare(form);
}

function prepare(form) {
  const key = crypto.randomUUID();
  form.noValidate = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form, key); });
  form.addEventListener("click", (event) => onList(form, event));
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => changed(form));
  form.addEventListener("input", (event) => clearProblem(event.target));
  for (const control of form.querySelectorAll("[data-shows]")) {
    control.addEventListener("change", () => showParts(form));
  }
  showParts(form);
  changed(form);
}

// A control with data-shows="NAME" shows the parts with data-part="NAME VALUE" of its value and hides the others.
function showParts(form) {
  for (const control of form.querySelectorAll("[data-shows]")) {
    for (const part of form.querySelectorAll(`[data-part^="${control.dataset.shows} "]`)) {
      part.hidden = !part.dataset.part.split(" ").slice(1).includes(control.value);
    }
  }
}

let number = 0;

function onList(form, event) {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (add) {
    const list = add.closest("[data-list]");
    const made = list.querySelector(":scope > template").content.cloneNode(true);
    number += 1;
    for (const one of made.querySelectorAll("[id]")) one.id += `#${number}`;
    for (const one of made.querySelectorAll("[for]")) one.htmlFor += `#${number}`;
    for (const one of made.querySelectorAll("[aria-describedby]")) {
      one.setAttribute("aria-describedby", `${one.getAttribute("aria-describedby")}#${number}`);
    }
    const item = made.querySelector(".item");
    add.before(made);
    item.querySelector("input, select, textarea")?.focus();
  } else if (remove) {
    const list = remove.closest("[data-list]");
    remove.closest(".item").remove();
    list.querySelector(":scope > [data-add]")?.focus();
  } else return;
  showParts(form);
  changed(form);
}

function changed(form) {
  form.dispatchEvent(new CustomEvent("tokencast:changed", { detail: { document: documentOf(form) } }));
}

// The document of a form: what was there, with every visible field put in its place.
export function documentOf(form) {
  const kept = form.querySelector("script[data-document]");
  const held = { value: kept ? JSON.parse(kept.textContent) : {} };
  fill(form, "", held);
  return held.value;
}

function fill(root, prefix, held) {
  for (const child of root.children) {
    if (child.hidden || child.disabled || child.tagName === "TEMPLATE" || child.tagName === "SCRIPT") continue;
    if (child.dataset.drops !== undefined) put(held, prefix + child.dataset.drops, undefined);
    if (child.dataset.list !== undefined) {
      const pointer = prefix + child.dataset.list;
      const items = [...child.children].filter((one) => one.classList.contains("item"));
      const before = get(held.value, pointer);
      // An item keeps what it had beside its fields only while it is at its old place.
      put(held, pointer, items.map((one) => structuredClone(before?.[one.dataset.was] ?? {})));
      items.forEach((item, index) => fill(item, `${pointer}/${index}`, held));
      if (!items.length && child.dataset.empty !== "list") put(held, pointer, undefined);
      continue;
    }
    if (child.name && child.dataset.kind) {
      child.dataset.pointer = prefix + child.name;
      put(held, prefix + child.name, valueOf(child));
    }
    fill(child, prefix, held);
  }
}

function valueOf(control) {
  const kind = control.dataset.kind;
  if (kind === "flag") return control.checked;
  const text = control.value.trim();
  if (text === "") {
    return { null: null, text: "", list: [] }[control.dataset.empty];
  }
  if (kind === "number" || kind === "integer") {
    const number = Number(text.replace(/[,_ ]/g, ""));
    // What is no number goes to the API as it is, which says so at the field.
    return Number.isFinite(number) ? number : text;
  }
  if (kind === "decimal") return text.replace(/[,_ ]/g, "");
  if (kind === "json") { try { return JSON.parse(text); } catch { return text; } }
  if (kind === "words") return text.split(/[\s,]+/).filter(Boolean);
  return text;
}

function get(value, pointer) {
  return pointer.split("/").slice(1).reduce((held, name) => held?.[name], value);
}

function put(held, pointer, value) {
  const names = pointer.split("/").slice(1);
  if (!names.length) { held.value = value; return; }
  let at = held.value;
  names.slice(0, -1).forEach((name, index) => {
    if (at[name] === null || typeof at[name] !== "object") {
      if (value === undefined) { at = {}; return; }
      at[name] = /^\d+$/.test(names[index + 1]) ? [] : {};
    }
    at = at[name];
  });
  const last = names.at(-1);
  if (value === undefined) delete at[last];
  else at[last] = value;
}

async function submit(form, key) {
  const [method, address] = form.dataset.form.split(" ");
  const button = form.querySelector("button.primary");
  for (const control of form.querySelectorAll("[aria-invalid]")) clearProblem(control);
  document.getElementById("notices").replaceChildren();
  button.disabled = true;
  try {
    const answer = await send(method, address, {
      body: documentOf(form), version: form.dataset.version, key,
    });
    if (form.dataset.then === "show") {
      form.dispatchEvent(new CustomEvent("tokencast:answered", { detail: answer, bubbles: true }));
    } else if (form.dataset.then) location.assign(filled(form.dataset.then, answer.document));
    else location.reload();
  } catch (problem) {
    showProblem(problem, placeProblems(form, problem.errors ?? []));
  } finally {
    button.disabled = false;
  }
}

// Puts each problem below its field, or the nearest field above it; answers those that have none.
export function placeProblems(form, errors) {
  const controls = [...form.querySelectorAll("[data-pointer]")].filter((one) => !one.closest("[hidden]"));
  const homeless = [];
  let first = null;
  for (const error of errors) {
    const exact = controls.filter((one) => error.pointer === one.dataset.pointer);
    const [home] = exact.length ? exact : controls
      .filter((one) => error.pointer.startsWith(one.dataset.pointer + "/"))
      .sort((one, other) => other.dataset.pointer.length - one.dataset.pointer.length);
    if (!home) { homeless.push(error); continue; }
    showAt(home, error.detail);
    first ??= home;
  }
  first?.focus();
  return homeless;
}

function showAt(control, detail) {
  control.setAttribute("aria-invalid", "true");
  const problem = document.createElement("span");
  problem.className = "problem";
  problem.id = `${control.id}-problem`;
  problem.textContent = detail;
  const described = control.getAttribute("aria-describedby");
  control.dataset.described ??= described ?? "";
  control.setAttribute("aria-describedby", `${problem.id} ${control.dataset.described}`.trim());
  control.closest(".field").append(problem);
}

export function clearProblem(control) {
  if (!control.hasAttribute?.("aria-invalid")) return;
  control.removeAttribute("aria-invalid");
  if (control.dataset.described) control.setAttribute("aria-describedby", control.dataset.described);
  else control.removeAttribute("aria-describedby");
  control.closest(".field")?.querySelectorAll(".problem").forEach((one) => one.remove());
}
