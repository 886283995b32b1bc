import uPlot from "uplot";
import type { PagePlot } from "../page-types.js";

const HEIGHT = 180;
/** Of the lines; none that means good or bad. */
const COLORS = ["--fill", "--orange", "--teal", "--purple", "--pink", "--dim"];

/** A plot that is drawn anew when its lines, its width or the theme change, and else gets new points. */
export class LivePlot {
  readonly #box: HTMLElement;
  readonly #series: (plot: PagePlot) => Readonly<Record<string, readonly (number | null)[]>>;
  #plot: uPlot | undefined;
  #names = "";
  #latest: PagePlot | undefined;

  constructor(box: HTMLElement, series: (plot: PagePlot) => Readonly<Record<string, readonly (number | null)[]>>) {
    this.#box = box;
    this.#series = series;
    new ResizeObserver(() => this.#plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#names = "";
      if (this.#latest !== undefined) this.show(this.#latest);
    });
  }

  show(plot: PagePlot): void {
    this.#latest = plot;
    const series = this.#series(plot);
    const names = Object.keys(series).join();
    const data: uPlot.AlignedData = [[...plot.times], ...Object.values(series).map((points) => [...points])];
    if (this.#plot === undefined || names !== this.#names) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(Object.keys(series)), data, this.#box);
      this.#names = names;
    } else {
      this.#plot.setData(data);
    }
  }

  #options(names: readonly string[]): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const color = (variable: string): string => resolve(style.getPropertyValue(variable));
    const axis = {
      stroke: color("--dim"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line") },
    };
    return {
      width: this.#box.clientWidth,
      height: HEIGHT,
      legend: { show: names.length > 1 },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
      axes: [
        { ...axis, space: 70, values: (_plot, times) => times.map(clockTime) },
        { ...axis, size: 56 },
      ],
      series: [
        {},
        ...names.map((label, i) => ({ label, stroke: color(COLORS[i % COLORS.length] ?? "--fill"), width: 2 })),
      ],
    };
  }
}

/** Hours, minutes and seconds: the date is today's, and beside others there is no room for it on a phone. */
function clockTime(seconds: number): string {
  return new Date(1_000 * seconds).toLocaleTimeString(undefined, { hour12: false });
}

/** A canvas knows nothing of light-dark(): the browser says what it comes to. */
function resolve(value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
