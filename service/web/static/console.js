// The entry of every page's script: what all pages share, and the parts that a page asks for by its markup.

import { csrf, filled, inSameSession, newKey, send, showProblem, wasAnswered } from "./requests.js";

themeSwitch();
localTimes(document);
closeMenuOutside();
hideFromOthers();
document.addEventListener("click", onSend);
// Until its part is there, a form must not leave the page with what was typed.
document.addEventListener("submit", (event) => { if (event.target.matches("form[data-form]")) event.preventDefault(); });

const parts = [
  ["form[data-form]", "./forms.js"],
  ["[data-preview]", "./preview.js"],
  ["[data-chart]", "./charts.js"],
  ["[data-progress]", "./progress.js"],
  ["[data-replay]", "./replay.js"],
  ["[data-sentences]", "./sentences.js"],
  ["[data-copy]", "./copying.js"],
  ["[data-members]", "./members.js"],
  ["[data-rule]", "./rules.js"],
  ["form[data-secret]", "./secrets.js"],
  ["form[data-upload]", "./uploads.js"],
];
for (const [selector, module] of parts) {
  if (document.querySelector(selector)) import(module).then((part) => part.begin(document));
}

function themeSwitch() {
  document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    // The server draws pictures in the theme, so it has to know; a year, for this site alone.
    document.cookie = `tokencast_theme=${dark ? "light" : "dark"}; Path=/; Max-Age=31536000; SameSite=Lax`;
    location.reload();
  });
}

// The server writes UTC; the reader's own clock is what a meeting is held by. The title keeps UTC.
export function localTimes(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.valueOf()) || time.title) continue;
    time.title = time.textContent;
    time.textContent = format.format(moment);
  }
}

function closeMenuOutside() {
  const menu = document.querySelector(".menu");
  if (!menu) return;
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

// The browser keeps pages that were left. Who goes back to one after signing out, or in as somebody else, must not see it.
function hideFromOthers() {
  addEventListener("pageshow", async (event) => {
    if (!event.persisted || !csrf()) return;
    document.documentElement.hidden = true;
    if (await inSameSession()) document.documentElement.hidden = false;
    else location.reload();
  });
}

// Buttons that are one request: data-send="POST /v1/...", optionally a body, a version, a question, a page to go to.
async function onSend(event) {
  const button = event.target.closest("[data-send]");
  if (!button) return;
  if (button.dataset.ask && !confirm(button.dataset.ask)) return;
  const [method, address] = button.dataset.send.split(" ");
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const answer = await send(method, address, {
      body: button.dataset.body ? JSON.parse(button.dataset.body) : undefined,
      version: button.dataset.version,
      key: (button.dataset.key ??= newKey()),
    });
    if (button.dataset.then) location.assign(filled(button.dataset.then, answer.document));
    else location.reload();
  } catch (problem) {
    showProblem(problem);
    button.disabled = false;
    button.removeAttribute("aria-busy");
    // What was refused may be asked again once its reason is gone, and then it is a new request.
    if (wasAnswered(problem)) delete button.dataset.key;
  }
}
