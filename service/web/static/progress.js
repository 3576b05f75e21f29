// Follows a forecast that is not finished: `<div data-progress="/v1/forecasts/{id}/events">` with a <progress> and an
// element `[data-said]`. When it ends, the page loads again and shows the result.

export function begin(root) {
  for (const place of root.querySelectorAll("[data-progress]")) follow(place);
}

function follow(place) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[data-said]");
  const stream = new EventSource(place.dataset.progress);
  let last = said.textContent;
  const say = (text) => { if (said.textContent !== text) said.textContent = text; };

  const show = (event) => {
    const state = JSON.parse(event.data);
    if (state.status === "running") bar.value = Math.round(state.progress_fraction * 100);
    last = inWords(state);
    say(last);
    if (event.type === "finished") {
      stream.close();
      location.reload();
    }
  };
  stream.addEventListener("progress", show);
  stream.addEventListener("finished", show);
  // A stream that comes back sends nothing until something changes, so what was known last holds again.
  stream.addEventListener("open", () => say(last));
  stream.addEventListener("error", () => {
    // The browser connects again by itself, unless it was refused: then only the reader can.
    say(stream.readyState === EventSource.CLOSED
      ? "The progress cannot be followed any more. Load this page again to see how far it is."
      : "The connection is lost; trying again");
  });
  // A page that the browser kept would go on listening to a stream that is gone.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("pagehide", () => stream.close());
}

function inWords(state) {
  if (state.cancel_requested_at && state.status === "running") return "Stopping at the next step";
  // Quarters are enough for somebody who has every change read out.
  if (state.status === "running") return `Computing: ${Math.floor(state.progress_fraction * 4) * 25} %`;
  return state.status === "queued" ? "Waiting for a worker" : "Loading the result";
}
