// A small drawing of a year: a bar for each month's mean, a line from its P10 to its P90.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 312, HEIGHT = 110, BASE = HEIGHT - 16, TOP = 4;

export function barsOf(months, money) {
  const most = Math.max(...months.map((one) => Math.max(Number(one.effective.p90), Number(one.effective.mean)))) || 1;
  const least = Math.min(0, ...months.map((one) => Number(one.effective.p10)));
  const y = (amount) => BASE - ((Number(amount) - least) / (most - least)) * (BASE - TOP);
  const step = WIDTH / months.length;
  const drawn = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "bars", role: "img" });
  drawn.setAttribute("aria-label", `Months from ${money(least)} to ${money(most)}; the table below has the figures.`);
  months.forEach(({ month, effective }, index) => {
    const [left, width] = [index * step + step * 0.15, step * 0.7];
    const [top, zero] = [y(effective.mean), y(0)];
    const bar = element("rect", {
      x: left, y: Math.min(top, zero), width, height: Math.max(Math.abs(zero - top), 0.5), class: "bar",
    });
    const title = element("title");
    title.textContent = `${month}: ${money(effective.mean)} (${money(effective.p10)} to ${money(effective.p90)})`;
    bar.append(title);
    const middle = left + width / 2;
    drawn.append(bar, element("line", {
      x1: middle, x2: middle, y1: y(effective.p10), y2: y(effective.p90), class: "spread",
    }));
    if (index % Math.ceil(months.length / 6) === 0) {
      const label = element("text", { x: middle, y: HEIGHT - 3, "text-anchor": "middle" });
      label.textContent = month.slice(2);
      drawn.append(label);
    }
  });
  return drawn;
}

function element(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
