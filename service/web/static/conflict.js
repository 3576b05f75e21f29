// Somebody else saved first (412): what was typed stays, and the reader sees where the two differ before deciding.

import { documentOf } from "./form_document.js";
import { controlAt, labelOf } from "./form_problems.js";
import { send, showProblem } from "./requests.js";

export function showConflict(form, address, problem) {
  showProblem(problem, []);
  const notice = document.querySelector("#notices .notice");
  notice.querySelector("p").textContent =
    "Somebody changed this since you opened it. Nothing was saved, and what you typed is still here.";
  const button = make("button", "Show theirs");
  button.type = "button";
  button.addEventListener("click", () => showTheirs(form, address, notice, button));
  notice.append(button);
  button.focus();
}

async function showTheirs(form, address, notice, button) {
  button.disabled = true;
  let theirs;
  try {
    theirs = (await send("GET", address)).document;
  } catch (problem) {
    return showProblem(problem);
  }
  button.remove();
  const rows = differences(documentOf(form), theirs);
  notice.append(rows.length ? tableOf(form, rows) : make("p", "Theirs says the same as yours."));
  const over = make("button", "Save mine over theirs");
  over.type = "button";
  over.addEventListener("click", () => { form.dataset.version = theirs.version; form.requestSubmit(); });
  const load = make("button", "Take theirs and lose mine");
  load.type = "button";
  load.addEventListener("click", () => { delete form.dataset.guards; location.reload(); });
  const buttons = make("div");
  buttons.className = "buttons";
  buttons.append(over, load);
  notice.append(buttons);
  over.focus();
}

// Leaves that differ, as [pointer, mine, theirs]; what the row adds to the document is nobody's.
export function differences(mine, theirs) {
  const added = ["id", "version", "plan_id", "created_at", "updated_at"];
  const [one, other] = [leaves(mine), leaves(theirs)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((pointer) => !added.includes(pointer.slice(1)) && one.get(pointer) !== other.get(pointer))
    .map((pointer) => [pointer, one.get(pointer), other.get(pointer)]);
}

function leaves(value, pointer = "", found = new Map()) {
  if (value !== null && typeof value === "object") {
    for (const [name, inside] of Object.entries(value)) leaves(inside, `${pointer}/${name}`, found);
  } else if (value !== null && value !== undefined && value !== "") found.set(pointer, String(value));
  return found;
}

function tableOf(form, rows) {
  const table = make("table");
  table.createCaption().textContent = "Where the two differ";
  const head = table.createTHead().insertRow();
  for (const name of ["Field", "Yours", "Theirs"]) {
    const cell = make("th", name);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [pointer, mine, theirs] of rows) {
    const row = body.insertRow();
    const control = controlAt(form, pointer);
    const name = make("th", control ? labelOf(control) : pointer);
    name.scope = "row";
    row.append(name, make("td", mine ?? "–"), make("td", theirs ?? "–"));
  }
  const scroll = make("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Where the two differ");
  scroll.append(table);
  return scroll;
}

function make(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
