import type { CampaignEvent, CampaignProgress } from "../../src/index.js";
import type { Io } from "../io.js";
import { LiveBars } from "./live-bars.js";
import { count, counted, duration, rate } from "./numbers.js";
import type { Reading } from "./progress-meter.js";
import type { Screen } from "./screen.js";
import { toJson } from "./to-json.js";

/** Shows how a campaign gets on, and what it decides. */
export interface CampaignDisplay {
  show(progress: CampaignProgress): void;
  tell(event: CampaignEvent): void;
  /** Leaves what is shown as it is. */
  stop(): void;
}

export function campaignDisplay(io: Io, screen: Screen, json: boolean): CampaignDisplay {
  if (json) return jsonDisplay(screen);
  return io.stderr.isTTY === true ? barDisplay(io, screen) : lineDisplay(io, screen);
}

/** One line about a decision; undefined for what bars show anyway. */
export function eventLine(event: CampaignEvent): string | undefined {
  switch (event.event) {
    case "slice":
      return undefined;
    case "rate":
      return `rate ${event.to === undefined ? "as the servers allow" : rate(event.to)}: ${event.reason}`;
    case "waiting":
    case "goingOn":
      return `${event.event === "waiting" ? "waits" : "goes on"}: ${event.reason}`;
    default:
      return `${event.event}: ${event.reason}`;
  }
}

function barDisplay(io: Io, screen: Screen): CampaignDisplay {
  const bars = new LiveBars(io, screen);
  return {
    show(progress) {
      const reading = readingOf(progress);
      const isActive = progress.state === "running";
      const slice = { ...reading, percent: progress.slicePercent ?? 0, msLeft: null };
      bars.show([
        { label: "campaign", state: isActive ? "active" : progress.state, reading },
        { label: "slice", state: progress.slice === null ? progress.reason : "active", reading: slice },
      ]);
    },
    tell(event) {
      const line = eventLine(event);
      if (line !== undefined) bars.tell(line);
    },
    stop: () => bars.stop(),
  };
}

function readingOf({ percent, succeeded, failed, filtered, measuredPerSecond, msLeft }: CampaignProgress): Reading {
  return { percent, changed: succeeded, failed, filtered, perSecond: measuredPerSecond, msLeft };
}

const LINE_EVERY_MS = 10_000;

function lineDisplay(io: Io, screen: Screen): CampaignDisplay {
  let nextAt = 0;
  let state: string | undefined;
  return {
    show(progress) {
      const now = io.clock.now();
      if (now < nextAt && progress.state === state) return;
      nextAt = now + LINE_EVERY_MS;
      state = progress.state;
      const { percent, succeeded, failed, measuredPerSecond, msLeft } = progress;
      const left = msLeft === null || msLeft === 0 ? "" : `, ${duration(msLeft)} left`;
      const speed = measuredPerSecond === null ? "" : `, ${rate(measuredPerSecond)}`;
      const failures = failed === 0 ? "" : `, ${count(failed)} failed`;
      screen.note(`${percent.toFixed(0)}% ${state}, ${counted(succeeded, "record")} changed${failures}${speed}${left}`);
    },
    tell(event) {
      const line = eventLine(event);
      if (line !== undefined) screen.note(line);
    },
    stop: () => undefined,
  };
}

function jsonDisplay(screen: Screen): CampaignDisplay {
  const print = (data: unknown): void => void screen.print(toJson(data)).catch(() => undefined);
  return {
    show: (progress) => print({ event: "progress", ...progress }),
    tell: (event) => print({ ...event, ...("error" in event && { error: String(event.error) }) }),
    stop: () => undefined,
  };
}
