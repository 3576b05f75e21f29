// Files to the API: `<form data-upload="/v1/...">` with a file field, a <progress> and `[data-said]`. Each named control
// is a parameter of the query; the format is what the file's name ends in.

import { csrf, newKey, Problem, renewCsrf, showProblem, wasAnswered } from "./requests.js";

export function begin(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); upload(form); });
  }
}

async function upload(form) {
  const file = form.querySelector("input[type=file]").files[0];
  const button = form.querySelector("button.primary");
  const said = form.querySelector("[data-said]");
  document.getElementById("notices").replaceChildren();
  if (!file) { said.textContent = "Choose a file first."; return; }
  const asked = new URLSearchParams({ format: file.name.split(".").pop().toLowerCase() });
  for (const control of form.querySelectorAll("input[type=checkbox]")) asked.set(control.name, control.checked);
  button.disabled = true;
  try {
    const key = (form.dataset.key ??= newKey());
    const again = () => sent(`${form.dataset.upload}?${asked}`, file, key, form.querySelector("progress"), said);
    const answer = await again().catch(async (problem) => {
      if (problem.type === "/problems/csrf-refused" && await renewCsrf()) return again();
      throw problem;
    });
    delete form.dataset.key;
    const counts = Object.entries(answer ?? {}).map(([what, count]) => `${count} ${what}`);
    said.textContent = `Done: ${counts.join(", ")}.`;
    form.querySelector("[data-again]").hidden = false;
  } catch (problem) {
    if (wasAnswered(problem)) delete form.dataset.key;
    said.textContent = problem.status ? "Nothing was stored." : "";
    showProblem(problem, (problem.errors ?? []).map(placed));
  } finally {
    button.disabled = false;
  }
}

// A fetch does not tell how far it is; this does.
function sent(address, file, key, bar, said) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    bar.hidden = false;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((100 * event.loaded) / event.total);
      said.textContent = bar.value < 100 ? `Sending: ${bar.value} %` : "Sent; being read";
    });
    request.addEventListener("load", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* an answer that is no JSON has no document */ }
      if (request.status < 300) resolve(answer);
      else reject(new Problem(request.status, answer));
    });
    request.addEventListener("error", () => reject(new Problem(0, { detail: "The service cannot be reached: try again." })));
    request.send(file);
  });
}

// Rows count from 0 behind the header; people see the header as line 1.
function placed({ pointer, detail }) {
  const found = /^\/rows\/(\d+)(?:\/(.*))?$/.exec(pointer);
  if (!found) return { pointer, detail };
  return { pointer: `Row ${Number(found[1]) + 1}${found[2] ? `, ${found[2]}` : ""}`, detail };
}
