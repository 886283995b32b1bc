// Small plots as SVG: panels side by side, lines over logarithmic axes.

const WIDTH = 420;
const HEIGHT = 300;
const MARGIN = { left: 64, right: 16, top: 40, bottom: 44 };
const COLOURS = ["#c2410c", "#0369a1", "#15803d", "#7e22ce", "#a16207", "#0f766e"];
/** Legible on white and on the dark pages of repositories. */
const INK = "#64748b";

const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function shorten(value) {
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e3) return `${value / 1e3}k`;
  return String(Number(value.toPrecision(3)));
}

/** A logarithmic scale, with ticks at powers of ten, or of two where the values are such. */
function scaleOf(values, from, to, ticksAt) {
  const step = ticksAt === "doubling" ? 2 : 10;
  const low = step ** Math.floor(Math.log(Math.min(...values)) / Math.log(step) + 1e-9);
  const high = Math.max(low * step, step ** Math.ceil(Math.log(Math.max(...values)) / Math.log(step) - 1e-9));
  const place = (value) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
  const ticks = [];
  for (let tick = low; tick <= high * 1.0001; tick *= step) ticks.push(tick);
  return { place, ticks };
}

const text = (x, y, content, more = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${INK}" ${more}>${escaped(content)}</text>`;

function panel({ title, x: xLabel, y: yLabel, series }, offset) {
  const points = series.flatMap((each) => each.points);
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const areDoubling = points.every(([x]) => Number.isInteger(Math.log2(x)));
  const x = scaleOf(
    points.map(([value]) => value),
    MARGIN.left,
    right,
    areDoubling ? "doubling" : "tens",
  );
  const y = scaleOf(
    points.map(([, value]) => value),
    bottom,
    MARGIN.top,
    "tens",
  );
  const lines = [];
  for (const tick of y.ticks) {
    const at = y.place(tick);
    lines.push(`<path d="M${MARGIN.left} ${at.toFixed(1)}H${right}" stroke="${INK}" stroke-opacity="0.25"/>`);
    lines.push(text(MARGIN.left - 6, at + 4, shorten(tick), 'text-anchor="end"'));
  }
  for (const tick of x.ticks) lines.push(text(x.place(tick), bottom + 16, shorten(tick), 'text-anchor="middle"'));
  lines.push(text(MARGIN.left, 16, title, 'font-weight="bold"'));
  lines.push(text((MARGIN.left + right) / 2, HEIGHT - 8, xLabel, 'text-anchor="middle"'));
  lines.push(text(MARGIN.left, 32, yLabel));
  series.forEach(({ name, points: own }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const places = own.map(([px, py]) => `${x.place(px).toFixed(1)} ${y.place(py).toFixed(1)}`);
    lines.push(`<path d="M${places.join("L")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const place of places) {
      const [cx, cy] = place.split(" ");
      lines.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`);
    }
    lines.push(`<text x="${right}" y="${16 + 14 * i}" fill="${colour}" text-anchor="end">${escaped(name)}</text>`);
  });
  return `<g transform="translate(${offset} 0)">\n${lines.join("\n")}\n</g>`;
}

/**
 * @param panels each with title, labels of both axes, and series of points [x, y], all above 0
 * @returns an SVG document
 */
export function plot(panels) {
  const size = `width="${panels.length * WIDTH}" height="${HEIGHT}" viewBox="0 0 ${panels.length * WIDTH} ${HEIGHT}"`;
  const body = panels.map((each, i) => panel(each, i * WIDTH)).join("\n");
  const title = `<title>${escaped(panels.map((each) => `${each.title}, ${each.y}, by ${each.x}`).join("; "))}</title>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${title}\n${body}\n</svg>\n`;
}
