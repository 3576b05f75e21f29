// One request of the API as the signed-in reader; problems are exceptions that know their fields.

export class Problem extends Error {
  constructor(status, document) {
    super(document?.detail || document?.title || `The service answered with status ${status}.`);
    this.status = status;
    this.type = document?.type ?? "";
    this.errors = document?.errors ?? [];
  }
}

// `version` is an entity tag without quotes; `key` makes a repeated request harmless.
export async function send(method, address, asked = {}) {
  const { body, version, key, signal } = asked;
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (version) headers["If-Match"] = `"${version}"`;
  if (key && method === "POST") headers["Idempotency-Key"] = key;
  let answer;
  try {
    answer = await fetch(address, {
      method, headers, signal, credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "The service cannot be reached. Nothing was lost: try again." });
  }
  if (answer.status === 401) {
    // What was typed is still on the page: signing in happens beside it.
    throw new Problem(401, { detail: "You are signed out. Sign in again in another tab, then repeat this." });
  }
  const text = await answer.text();
  let document = null;
  try { document = text ? JSON.parse(text) : null; } catch { /* an answer that is no JSON has no document */ }
  if (document?.type === "/problems/csrf-refused" && !asked.again && await renewCsrf()) {
    return send(method, address, { ...asked, again: true });
  }
  if (!answer.ok) throw new Problem(answer.status, document);
  return { status: answer.status, document, headers: answer.headers };
}

// A name that no other request bears; also where the page is not served over TLS, which randomUUID would need.
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

// Whether the service refused: after a lost answer the same request must go again under the same key, so that what may
// have been done is not done twice.
export function wasAnswered(problem) {
  return problem.status >= 400 && problem.status < 500 && problem.type !== "/problems/idempotency-key-busy";
}

// What came of something that the reader asked for, at the top of the page where it is read out.
export function showNotice(text, kind = "") {
  const notice = document.createElement("div");
  notice.className = `notice ${kind}`;
  notice.append(paragraph(text));
  document.getElementById("notices").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

// Whoever signed in again beside this page has another session than the page knows; answers whether a token came.
export async function renewCsrf() {
  const token = await currentToken();
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (!token || !meta) return false;
  meta.content = token;
  return true;
}

// Whether somebody is signed in, in the session that this page was opened in.
export async function inSameSession() {
  const token = await currentToken();
  return Boolean(token) && unmasked(token) === unmasked(csrf());
}

// A token is a mask, new each time, and what is the session's own under it.
function unmasked(token) {
  const bytes = [...atob(token.replaceAll("-", "+").replaceAll("_", "/"))].map((one) => one.charCodeAt(0));
  const half = bytes.length / 2;
  return bytes.slice(0, half).map((one, index) => one ^ bytes[half + index]).join();
}

async function currentToken() {
  const answer = await fetch("/csrf-token", { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

// A problem that belongs to no field, at the top of the page where it is read out.
export function showProblem(problem, pointers = problem.errors ?? []) {
  const notices = document.getElementById("notices");
  notices.replaceChildren();
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.append(paragraph(stale(problem) ?? problem.message));
  if (pointers.length) {
    const list = document.createElement("ul");
    for (const { pointer, detail } of pointers) {
      const item = document.createElement("li");
      item.textContent = pointer ? `${pointer}: ${detail}` : detail;
      list.append(item);
    }
    notice.append(list);
  }
  notices.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function stale(problem) {
  return problem.status === 412
    ? "Somebody changed this since you opened it. Load the page again to see their change; yours was not stored."
    : null;
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

// "/forecasts/{id}" with what the answer holds under `id` (or `forecast.id`).
export function filled(address, document) {
  return address.replace(/\{([\w.]+)\}/g, (_, path) =>
    encodeURIComponent(path.split(".").reduce((held, name) => held?.[name], document) ?? ""));
}
