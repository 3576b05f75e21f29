// Charts to point at: each picture is replaced by the same definition, drawn in the page, once it comes into view.
// The pictures stay where scripts or the drawing fail, and on paper.

let drawing;

export function begin(root) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target).catch((error) => console.warn(`the picture stays: ${error}`));
    }
  }, { rootMargin: "200px" });
  for (const chart of root.querySelectorAll("[data-chart]")) watcher.observe(chart);
}

async function draw(chart) {
  drawing ??= import("./vega.js");
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const address = `${chart.dataset.chart}?theme=${dark ? "dark" : "light"}${chart.dataset.query}`;
  const [{ tokencastChart }, answer] = await Promise.all([drawing, fetch(address, { credentials: "same-origin" })]);
  if (!answer.ok) return;
  const place = document.createElement("div");
  place.className = "drawn no-print";
  const picture = chart.querySelector("picture");
  picture.after(place);
  await tokencastChart(place, await answer.json());
  picture.classList.add("only-print");
}
