// Replays a forecast: `<button data-replay="/v1/forecasts/{id}">`. The answer is told at the top of the page.

import { newKey, send, showNotice, showProblem } from "./requests.js";

const MILLISECONDS_BETWEEN_LOOKS = 1000;

export function begin(root) {
  for (const button of root.querySelectorAll("[data-replay]")) {
    button.addEventListener("click", () => replay(button));
  }
}

async function replay(button) {
  const address = button.dataset.replay;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    let { document: found } = await send("POST", `${address}/replay`, { key: newKey() });
    showNotice("Computing the forecast again from its frozen inputs…");
    while (found.status === "queued" || found.status === "running") {
      await new Promise((done) => setTimeout(done, MILLISECONDS_BETWEEN_LOOKS));
      found = (await send("GET", `${address}/replays/${found.id}`)).document;
    }
    showNotice(told(found), found.identical ? "good" : "warn");
  } catch (problem) {
    showProblem(problem);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

function told(found) {
  const versions = found.differing_versions
    .map((one) => `the ${one.part} was ${one.forecast} and is ${one.replay}`)
    .join("; ");
  if (found.status !== "succeeded") {
    return `The replay ended as ${found.status}. ${found.problem?.detail ?? ""}`;
  }
  if (found.identical) {
    return `The same inputs gave the same bytes${versions ? `, although ${versions}` : ""}.`;
  }
  return `The replay differs: ${found.differing_lines} lines, and the document ${
    found.document_identical ? "is the same" : "is another"}. ${versions ? `In between, ${versions}.` : ""}`;
}
