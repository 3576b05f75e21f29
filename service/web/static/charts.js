// Charts to point at: each picture is replaced by the same definition, drawn in the page, once it comes into view, and
// again when its width changes. The pictures stay where scripts or the drawing fail, and on paper.

const MOST_WIDTH = 1600;
const LEAST_WIDTH = 300;
// A window that is being resized is waited for.
const PAUSE = 250;

let drawing;

export function begin(root) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      keepDrawn(entry.target);
    }
  }, { rootMargin: "200px" });
  for (const chart of root.querySelectorAll("[data-chart]")) watcher.observe(chart);
}

function keepDrawn(chart) {
  const place = document.createElement("div");
  place.className = "drawn no-print";
  place.hidden = true;
  chart.querySelector("picture").after(place);
  let width = 0;
  let waiting;
  let drawn;
  const draw = async () => {
    const wanted = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, Math.floor(chart.clientWidth)));
    if (wanted === width) return;
    width = wanted;
    try {
      const found = await drawIn(place, chart, width);
      drawn?.finalize();
      drawn = found;
    } catch (error) { console.info(`the picture stays: ${error.message}`); }
  };
  new ResizeObserver(() => { clearTimeout(waiting); waiting = setTimeout(draw, width ? PAUSE : 0); }).observe(chart);
}

async function drawIn(place, chart, width) {
  drawing ??= import("./vega.js");
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const address = `${chart.dataset.chart}?theme=${dark ? "dark" : "light"}&width=${width}${chart.dataset.query}`;
  const [{ tokencastChart }, answer] = await Promise.all([drawing, fetch(address, { credentials: "same-origin" })]);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const definition = await answer.json();
  // Drawn beside the old one, so that nothing jumps; shown before, because what is hidden has no size.
  place.hidden = false;
  const found = await tokencastChart(place, definition);
  chart.querySelector("picture").classList.add("only-print");
  return found;
}
