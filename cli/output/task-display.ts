import type { TaskProgress } from "../../src/index.js";
import type { Io } from "../io.js";
import { LiveBars } from "./live-bars.js";
import { counted, duration, rate } from "./numbers.js";
import { ProgressMeter, type Reading } from "./progress-meter.js";
import type { Screen } from "./screen.js";
import { toJson } from "./to-json.js";

/** Shows how a task gets on. */
export interface TaskDisplay {
  show(progress: TaskProgress): void;
  /** Leaves what is shown as it is; the next `show` begins anew below. */
  stop(): void;
}

/** Live bars on a terminal, a line now and then elsewhere, JSON lines where they are asked for. */
export function taskDisplay(io: Io, screen: Screen, json: boolean): TaskDisplay {
  if (json) return jsonDisplay(io, screen);
  return io.stderr.isTTY === true ? barDisplay(io, screen) : lineDisplay(io, screen);
}

const TOTAL = "all nodes";

function barDisplay(io: Io, screen: Screen): TaskDisplay {
  const meters = new Meters();
  const bars = new LiveBars(io, screen);
  return {
    show(progress) {
      const now = io.clock.now();
      const nodes = Object.values(progress.perNode);
      const room = Math.max(1, (io.stderr.rows ?? 24) - 3);
      const parts = nodes.map((part) => ({
        label: part.node,
        state: part.state,
        reading: meters.read(part.node, part, now),
      }));
      const all = { label: TOTAL, state: progress.state, reading: meters.read(TOTAL, progress, now) };
      bars.show([...(nodes.length === 1 ? [] : [all]), ...parts.slice(0, room)]);
    },
    stop: () => bars.stop(),
  };
}

/** A log needs no more than this. */
const LINE_EVERY_MS = 10_000;

function lineDisplay(io: Io, screen: Screen): TaskDisplay {
  const meters = new Meters();
  let nextAt = 0;
  let state: string | undefined;
  return {
    show(progress) {
      const now = io.clock.now();
      const reading = meters.read(TOTAL, progress, now);
      // Nothing is known yet of a task that was attached.
      if (progress.state === "unknown" || (reading.percent === null && reading.changed === null)) return;
      if (now < nextAt && progress.state === state) return;
      nextAt = now + LINE_EVERY_MS;
      state = progress.state;
      screen.note(progressLine(progress.state, reading));
    },
    stop: () => undefined,
  };
}

function progressLine(state: string, { percent, perSecond, msLeft, changed, failed }: Reading): string {
  const left = msLeft === null || msLeft === 0 ? "" : `, ${duration(msLeft)} left`;
  const speed = perSecond === null ? "" : `, ${rate(perSecond)}`;
  const done = changed === null ? "? records changed" : `${counted(changed, "record")} changed`;
  return `${percent === null ? "?" : percent.toFixed(0)}% ${state}, ${done}${failed === 0 ? "" : `, ${failed ?? "?"} failed`}${speed}${left}`;
}

function jsonDisplay(io: Io, screen: Screen): TaskDisplay {
  const meters = new Meters();
  return {
    show(progress) {
      const { perSecond, msLeft } = meters.read(TOTAL, progress, io.clock.now());
      void screen.print(toJson({ event: "progress", ...progress, perSecond, msLeft })).catch(() => undefined);
    },
    stop: () => undefined,
  };
}

/** A meter for each node, and one for the whole. */
class Meters {
  readonly #meters = new Map<string, ProgressMeter>();

  read(id: string, counters: Parameters<ProgressMeter["read"]>[0], now: number): Reading {
    let meter = this.#meters.get(id);
    if (meter === undefined) {
      meter = new ProgressMeter();
      this.#meters.set(id, meter);
    }
    return meter.read(counters, now);
  }
}
