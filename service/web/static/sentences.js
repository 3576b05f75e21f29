// The sentences of a bridge, which is worked out when asked: `<ul data-sentences="/v1/forecasts/{id}/bridge?from=...">`,
// filled once it comes into view.

import { send } from "./requests.js";

export function begin(root) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      // Where this fails, the link above it leads to the same sentences.
      fill(entry.target).catch((problem) => { entry.target.replaceChildren(item(problem.message)); });
    }
  }, { rootMargin: "200px" });
  for (const list of root.querySelectorAll("[data-sentences]")) {
    list.append(item("Working out why…"));
    watcher.observe(list);
  }
}

async function fill(list) {
  const { document: bridge } = await send("GET", list.dataset.sentences);
  const told = bridge.sentences.map((one) => one.text);
  list.replaceChildren(...(told.length ? told : ["Nothing moved it that is worth a sentence."]).map(item));
}

function item(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}
