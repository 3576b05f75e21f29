// What is being typed, as a forecast beside the form: `<aside data-preview="workload">`, with the form before it.
// It asks half a second after the last key, drops the answer to anything older, and never takes the focus.

import { documentOf } from "./form_document.js";
import { controlAt, labelOf } from "./form_problems.js";
import { barsOf } from "./preview_bars.js";
import { send } from "./requests.js";

const PAUSE_MS = 500;

export function begin(root) {
  for (const aside of root.querySelectorAll("[data-preview]")) {
    follow(aside, aside.closest(".split").querySelector("form[data-form]"));
  }
}

function follow(aside, form) {
  const place = (name) => aside.querySelector(`[data-shown="${name}"]`);
  const kind = aside.dataset.preview;
  let asked = null;
  let timer = 0;
  let running = new AbortController();

  async function ask(body) {
    running = new AbortController();
    const { signal } = running;
    state("Computing what you typed …");
    try {
      const answer = await send("POST", "/v1/previews", { body: { [kind]: body }, signal });
      if (!signal.aborted) show(answer.document);
    } catch (problem) {
      if (signal.aborted) return;
      // What was refused for a reason of its own is refused again; anything else may be asked for once more.
      if (!problem.errors?.length) asked = null;
      refuse(problem);
    }
  }

  function changed(body) {
    const sent = JSON.stringify(body);
    if (sent === asked) return;
    clearTimeout(timer);
    running.abort();
    asked = sent;
    place("problems").replaceChildren();
    const missing = missingIn(form);
    if (missing.length) return state(`Still needed for a forecast: ${missing.join(", ")}.`);
    state("Waiting for you to pause …");
    timer = setTimeout(() => ask(body), PAUSE_MS);
  }

  function state(text) {
    aside.toggleAttribute("data-stale", !place("figures").hidden);
    place("state").textContent = text;
  }

  function show(found) {
    aside.removeAttribute("data-stale");
    const money = moneyIn(found.currency);
    const { effective, budget } = found.total;
    const time = new Date().toLocaleTimeString(undefined, { timeStyle: "medium" });
    place("state").textContent = `As of what you typed at ${time}.`;
    place("problems").replaceChildren();
    place("figures").hidden = false;
    place("expected").textContent = money(effective.mean);
    place("range").textContent = `${money(effective.p10)} to ${money(effective.p90)}`;
    place("budget").textContent = `${money(budget.amount)} at ${Math.round(budget.confidence * 100)} % confidence`;
    place("horizon").textContent = `${found.horizon.months} months from ${monthName(found.horizon.first_month)}, `
      + `${found.draws} draws; nothing is stored`;
    place("bars").replaceChildren(barsOf(found.monthly, money));
    fillRows(place("months"), found.monthly.map((one) =>
      [monthName(one.month), money(one.effective.mean), `${money(one.effective.p10)} to ${money(one.effective.p90)}`]));
    fillRows(place("fleets"), found.fleets.map((one) => [one.name, money(one.effective.mean), nodesOf(one), loadOf(one)]));
    place("fleets").closest("table").hidden = !found.fleets.length;
    fillList(place("notes"), [
      ...found.verdicts.map((one) => verdictOf(one, money)),
      ...found.warnings.map((one) => one.detail),
    ]);
    place("said").textContent = `Preview: ${money(effective.mean)} expected, ${money(budget.amount)} budget.`;
  }

  function refuse(problem) {
    const errors = problem.errors ?? [];
    state(errors.length ? "This cannot be forecast as it is:" : problem.message);
    const shown = errors.slice(0, 8).map(({ pointer, detail }) => {
      const control = controlAt(form, pointer.replace(`/${kind}`, ""));
      const item = document.createElement("li");
      item.textContent = control ? `${labelOf(control)}: ${detail}` : detail;
      return item;
    });
    if (errors.length > shown.length) {
      const item = document.createElement("li");
      item.textContent = `and ${errors.length - shown.length} more`;
      shown.push(item);
    }
    place("problems").replaceChildren(...shown);
  }

  form.addEventListener("tokencast:changed", (event) => changed(event.detail.document));
  changed(documentOf(form));
}

function moneyIn(currency) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency, maximumFractionDigits: 0 });
  return (amount) => format.format(Number(amount));
}

function monthName(month) {
  const [year, index] = month.split("-").map(Number);
  const day = new Date(Date.UTC(year, index - 1, 1));
  return day.toLocaleDateString(undefined, { month: "short", year: "numeric", timeZone: "UTC" });
}

function verdictOf({ fleet, workload, verdict, saving, reasons }, money) {
  const why = reasons.map((one) => one.code.replaceAll("_", " ")).join(", ");
  return `The decoder of ${fleet}, for ${workload}: ${verdict.replaceAll("_", " ")}, `
    + `saves ${money(saving.mean)} a year${why ? ` (${why})` : ""}.`;
}

// Asking for what cannot be forecast would only be refused.
function missingIn(form) {
  const empty = [...form.querySelectorAll("[aria-required='true']")]
    .filter((one) => !one.value.trim() && !one.closest("[hidden]") && !one.closest("[data-optional]"));
  return empty.map((one) => labelOf(one));
}

function nodesOf(fleet) {
  const [low, high] = spanOf(fleet.months.map((one) => one.nodes.mean));
  return low === high ? low.toFixed(low % 1 ? 1 : 0) : `${low.toFixed(1)} to ${high.toFixed(1)}`;
}

function loadOf(fleet) {
  const [low, high] = spanOf(fleet.months.map((one) => Math.round(one.utilization_fraction * 100)));
  return low === high ? `${low} %` : `${low} to ${high} %`;
}

const spanOf = (values) => [Math.min(...values), Math.max(...values)];

function fillRows(body, rows) {
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((text, index) => {
      const cell = document.createElement(index ? "td" : "th");
      if (index) cell.className = "number";
      else cell.scope = "row";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  }));
}

function fillList(list, texts) {
  list.replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}
