// The API's problems at the fields they point to: shown below them, tied to them for who listens, cleared by typing.

// Puts each problem at the control, item, list or group of its pointer, else at the nearest one around it; answers
// those that have no place. What is folded is opened.
export function placeProblems(form, errors) {
  const places = [...form.querySelectorAll("[data-pointer]")].filter((one) => !one.closest("[hidden]"));
  const homeless = [];
  for (const error of errors) {
    const home = homeOf(places, error.pointer);
    if (home) showAt(home, error.detail);
    else homeless.push(error);
  }
  return homeless;
}

export function focusFirstProblem(form) {
  const first = form.querySelector("[aria-invalid='true']");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
  return first;
}

// The longest pointer that is the problem's own or lies above it; of two alike a control is nearer than a group.
function homeOf(places, pointer) {
  let found = null;
  for (const place of places) {
    const own = place.dataset.pointer;
    if (!own || (own !== pointer && !pointer.startsWith(`${own}/`))) continue;
    const longer = !found || own.length > found.dataset.pointer.length;
    if (longer || (own === found.dataset.pointer && isControl(place) && !isControl(found))) found = place;
  }
  return found;
}

// The control that fills a pointer, or the nearest place around it.
export function controlAt(form, pointer) {
  return homeOf([...form.querySelectorAll("[data-pointer]")].filter((one) => !one.closest("[hidden]")), pointer);
}

// What a reader calls a place: "Step 2, Share 1, Model".
export function labelOf(place) {
  const around = [];
  for (let item = place.closest(".item"); item; item = item.parentElement.closest(".item")) {
    if (item !== place) around.unshift(item.getAttribute("aria-label"));
  }
  const own = place.labels?.[0] ?? place.querySelector(":scope > legend");
  const name = own ? own.textContent.replace("*", "") : place.getAttribute("aria-label") ?? "";
  return [...around, name.trim()].filter(Boolean).join(", ");
}

const isControl = (place) => place.matches("input, select, textarea");

let number = 0;

function showAt(place, detail) {
  for (let folded = place.closest("details"); folded; folded = folded.parentElement.closest("details")) {
    folded.open = true;
  }
  const problem = document.createElement("span");
  number += 1;
  problem.className = "problem";
  problem.id = `problem-${number}`;
  problem.textContent = detail;
  // What is wrong with a group or an item as a whole is said at its head, and leads to its first control.
  const control = isControl(place) ? place : firstControl(place);
  if (isControl(place)) (place.closest(".field") ?? place.parentElement).append(problem);
  else headOf(place).after(problem);
  if (!control) return;
  control.setAttribute("aria-invalid", "true");
  const described = control.getAttribute("aria-describedby");
  control.dataset.described ??= described ?? "";
  control.setAttribute("aria-describedby", `${problem.id} ${described ?? ""}`.trim());
  control.setAttribute("data-problems", `${control.dataset.problems ?? ""} ${problem.id}`.trim());
}

function headOf(place) {
  const legend = place.querySelector(":scope > legend");
  if (legend) return legend;
  const head = document.createElement("span");
  head.className = "problem-head";
  place.prepend(head);
  return head;
}

function firstControl(place) {
  return [...place.querySelectorAll("input, select, textarea, [data-add]")].find((one) => !one.closest("[hidden]"));
}

export function clearProblem(control) {
  if (!control.hasAttribute?.("aria-invalid")) return;
  control.removeAttribute("aria-invalid");
  for (const id of (control.dataset.problems ?? "").split(" ")) document.getElementById(id)?.remove();
  delete control.dataset.problems;
  if (control.dataset.described) control.setAttribute("aria-describedby", control.dataset.described);
  else control.removeAttribute("aria-describedby");
}

export function clearProblems(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) clearProblem(control);
  for (const problem of form.querySelectorAll(".problem, .problem-head")) problem.remove();
}

// What is wrong with a group may be put right by any field of it.
export function clearProblemsAround(control) {
  clearProblem(control);
  for (let group = control.closest("[data-pointer]:not(input, select, textarea)"); group;
    group = group.parentElement.closest("[data-pointer]:not(input, select, textarea)")) {
    for (const problem of group.querySelectorAll(":scope > .problem")) {
      const marked = group.querySelector(`[data-problems~="${problem.id}"]`);
      if (marked) clearProblem(marked);
      problem.remove();
    }
  }
}
