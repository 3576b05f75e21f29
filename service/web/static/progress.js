// Follows a forecast that is not finished: `<div data-progress="/v1/forecasts/{id}/events">` with a <progress> and an
// element `[data-said]`. When it ends, the page loads again and shows the result.

export function begin(root) {
  for (const place of root.querySelectorAll("[data-progress]")) follow(place);
}

function follow(place) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[data-said]");
  const stream = new EventSource(place.dataset.progress);
  const show = (event) => {
    const state = JSON.parse(event.data);
    const done = Math.round((state.progress_fraction ?? 0) * 100);
    if (state.status === "running") { bar.value = done; said.textContent = `Computing: ${done} %`; }
    else if (state.status === "queued") said.textContent = "Waiting for a worker";
    if (event.type === "finished") { stream.close(); location.reload(); }
  };
  stream.addEventListener("progress", show);
  stream.addEventListener("finished", show);
  stream.addEventListener("open", () => place.removeAttribute("data-lost"));
  // The browser connects again by itself; the reader is told meanwhile.
  stream.addEventListener("error", () => { said.textContent = "The connection is lost; trying again"; });
}
