// Forms that speak to the API: what is typed becomes one document, and the API's problems come back to the fields.
//
// `data-form="PUT /v1/fleets/{id}"` is the request; `data-then` is the page behind success ("show" hands the answer to
// the page as `tokencast:answered`, nothing loads the page again and says `data-said`); `data-version` is the If-Match.
// `data-guards` asks whoever leaves with something typed, but not at a `data-leave` link.
// form_document.js says how fields are named. Lists: `[data-list]` holds `.item`s and a `<template>`; `data-add` and
// `data-remove` are buttons in them, `data-add-to="/routes"` is one elsewhere on the page. A control with
// `data-shows="NAME"` shows the parts `data-part="NAME VALUE ..."` of its value and hides the others around it.
// Whoever wants to know what is typed listens to `tokencast:changed` on the form; `event.detail.document` has it.

import { documentOf } from "./form_document.js";
import { clearProblem, clearProblems, clearProblemsAround, focusFirstProblem, placeProblems } from "./form_problems.js";
import { filled, newKey, send, showNotice, showProblem, wasAnswered } from "./requests.js";

export { clearProblem, documentOf, placeProblems };

const SAID = "tokencast:said";

export function begin(root) {
  for (const form of root.querySelectorAll("form[data-form]")) prepare(form);
  root.addEventListener("click", (event) => {
    const list = event.target.closest("[data-add-to]")?.dataset.addTo;
    if (list) root.querySelector(`[data-list="${list}"] > [data-add]`)?.click();
  });
  const said = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
  if (said) showNotice(said);
}

function prepare(form) {
  form.noValidate = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form); });
  form.addEventListener("click", (event) => onList(form, event));
  form.addEventListener("input", (event) => { clearProblemsAround(event.target); changed(form); });
  form.addEventListener("change", (event) => {
    clearProblemsAround(event.target);
    if (event.target.dataset.shows) showParts(form);
    changed(form);
  });
  // A page that comes back from the browser's memory is not sending any more.
  window.addEventListener("pageshow", (event) => { if (event.persisted) busy(form, false); });
  showParts(form);
  changed(form);
  if (form.dataset.guards !== undefined) guard(form);
}

// Whoever leaves with something typed and not saved is asked first, unless leaving is what they pressed.
function guard(form) {
  const saved = JSON.stringify(documentOf(form));
  window.addEventListener("beforeunload", (event) => {
    const leaves = form.hasAttribute("data-busy") || form.dataset.guards === undefined;
    if (!leaves && JSON.stringify(documentOf(form)) !== saved) event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) delete form.dataset.guards;
  });
}

function showParts(form) {
  for (const control of form.querySelectorAll("[data-shows]")) {
    const around = control.closest(".item") ?? form;
    for (const part of around.querySelectorAll(`[data-part^="${control.dataset.shows} "]`)) {
      part.hidden = !part.dataset.part.split(" ").slice(1).includes(control.value);
    }
  }
}

let number = 0;

function onList(form, event) {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (!add && !remove) return;
  const list = (add ?? remove).closest("[data-list]");
  if (add) {
    const item = itemFrom(list.querySelector(":scope > template"));
    add.before(item);
    item.querySelector("input, select, textarea")?.focus();
  } else {
    remove.closest(".item").remove();
    list.querySelector(":scope > [data-add]").focus();
  }
  // Problems of the list and its items point to places that are now others.
  clearProblems(list);
  [...list.children].filter((one) => one.classList.contains("item")).forEach((item, index) => {
    item.setAttribute("aria-label", `${item.dataset.said ?? "Item"} ${index + 1}`);
  });
  showParts(form);
  changed(form);
}

// A new item with ids of its own, so that labels lead to its fields.
function itemFrom(template) {
  const made = template.content.cloneNode(true);
  number += 1;
  for (const one of made.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, `${one.getAttribute(name)}-${number}`);
    }
  }
  return made.querySelector(".item");
}

function changed(form) {
  form.dispatchEvent(new CustomEvent("tokencast:changed", { detail: { document: documentOf(form) } }));
}

function busy(form, is) {
  form.toggleAttribute("data-busy", is);
  for (const button of form.querySelectorAll("button.primary")) button.disabled = is;
}

async function submit(form) {
  if (form.hasAttribute("data-busy")) return;
  const [method, address] = form.dataset.form.split(" ");
  const body = documentOf(form);
  clearProblems(form);
  document.getElementById("notices").replaceChildren();
  busy(form, true);
  try {
    const answer = await send(method, address, { body, version: form.dataset.version, key: keyOf(form, body) });
    // A form that stays on its page may be meant to do the same once more.
    if (!form.dataset.then || form.dataset.then === "show") forgetKey(form);
    if (form.dataset.then === "show") {
      busy(form, false);
      form.dispatchEvent(new CustomEvent("tokencast:answered", { detail: answer, bubbles: true }));
      return;
    }
    // The form stays busy until the next page is there: a second click finds nothing to do.
    if (form.dataset.said) sessionStorage.setItem(SAID, form.dataset.said);
    if (form.dataset.then) location.assign(filled(form.dataset.then, answer.document));
    else location.reload();
  } catch (problem) {
    busy(form, false);
    await refused(form, method, address, problem);
  }
}

async function refused(form, method, address, problem) {
  if (wasAnswered(problem)) forgetKey(form);
  // Only what is replaced whole can be set beside what was typed.
  if (problem.status === 412 && method === "PUT") {
    const { showConflict } = await import("./conflict.js");
    return showConflict(form, address, problem);
  }
  showProblem(problem, placeProblems(form, problem.errors ?? []));
  focusFirstProblem(form);
}

// The same thing sent twice, by a double click, after an answer was lost or after going back, bears the same key and is
// made once. The key is kept with the page in the browser's history. A refusal ends it: the next try is a new request.
function keyOf(form, body) {
  const sent = JSON.stringify(body);
  const held = history.state?.[form.dataset.form];
  if (held?.sent === sent) return held.key;
  const key = newKey();
  history.replaceState({ ...history.state, [form.dataset.form]: { key, sent } }, "");
  return key;
}

function forgetKey(form) {
  history.replaceState({ ...history.state, [form.dataset.form]: undefined }, "");
}
