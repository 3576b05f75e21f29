// Charts to point at: each picture is replaced by the same definition, drawn in the page at the width that there is,
// once it comes into view. The pictures stay where scripts or the drawing fail, and on paper.

const LEAST_WIDTH = 300;
const MOST_WIDTH = 1600;
// Few widths, so that a definition that was fetched once serves again.
const WIDTHS_APART = 20;
const MILLISECONDS_AT_REST = 300;

const drawn = new WeakMap();
let drawing;

export function begin(root) {
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => atRest(target)));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      attempt(entry.target).then(() => sizes.observe(entry.target));
    }
  }, { rootMargin: "200px" });
  for (const chart of root.querySelectorAll("[data-chart]")) watcher.observe(chart);
}

function attempt(chart) {
  return draw(chart).catch((error) => console.warn(`the picture stays: ${error}`));
}

function atRest(chart) {
  const held = drawn.get(chart);
  if (!held || held.width === widthOf(chart)) return;
  clearTimeout(held.timer);
  held.timer = setTimeout(() => attempt(chart), MILLISECONDS_AT_REST);
}

async function draw(chart) {
  drawing ??= import("./vega.js");
  const width = widthOf(chart);
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const address = `${chart.dataset.chart}?theme=${dark ? "dark" : "light"}&width=${width}${chart.dataset.query}`;
  const [, answer] = await Promise.all([drawing, fetch(address, { credentials: "same-origin" })]);
  if (!answer.ok) return;
  const held = drawn.get(chart) ?? { place: placeIn(chart) };
  held.result?.finalize();
  held.result = await window.tokencastChart(held.place, await answer.json());
  held.width = width;
  drawn.set(chart, held);
  chart.querySelector("picture").classList.add("only-print");
}

function placeIn(chart) {
  const place = document.createElement("div");
  place.className = "drawn no-print";
  chart.querySelector("picture").after(place);
  return place;
}

function widthOf(chart) {
  const steps = Math.floor(chart.clientWidth / WIDTHS_APART) * WIDTHS_APART;
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, steps));
}
