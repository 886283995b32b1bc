import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideRate,
  firstRate,
  type NodeSigns,
  type ProbeReport,
  p99,
  type RateState,
} from "../../../../src/campaign/politeness.js";

const limits = { maxLatencyMs: 10, least: 100, ceiling: 10_000 };
const quiet: NodeSigns = { node: "A1", deviceQueue: 0, writesInProgress: 0, busyKeys: 0, timeouts: 0 };

function seen(p99Ms: number | undefined, failed = 0): ProbeReport {
  return { answered: p99Ms === undefined ? 0 : 250, failed, p99Ms };
}

function at(rate: number, state: Partial<RateState> = {}): RateState {
  return { rate, tooMuch: undefined, quietSlices: 0, pausedMs: 0, ...state };
}

describe("the rate of a polite campaign", () => {
  it("begins at a tenth of the ceiling, and at 1,000 a second at most", () => {
    expect(firstRate(limits)).toEqual(at(1_000));
    expect(firstRate({ least: 100, ceiling: 1_000_000 }).rate).toBe(1_000);
    expect(firstRate({ least: 100, ceiling: 5_000 }).rate).toBe(500);
    expect(firstRate({ least: 100, ceiling: 200 }).rate).toBe(100);
    expect(firstRate({ least: 100, ceiling: 50 }).rate).toBe(50);
  });

  it.each([
    ["much faster with plenty of room", seen(2), 1_500],
    ["a little faster with some", seen(7), 1_150],
    ["the same with little", seen(9), 1_000],
    ["the same when no probe was answered", seen(undefined), 1_000],
    ["slower above the ceiling, by as much as it is too much", seen(16), 500],
    ["never slower than a quarter in one step", seen(1_000), 250],
    ["half when probes fail", seen(2, 1), 500],
  ])("is %s", (_, probes, rate) => {
    expect(decideRate(at(1_000), probes, [quiet], limits).state.rate).toBe(rate);
  });

  it.each<[string, Partial<NodeSigns>, string]>([
    ["a device that can't keep up", { deviceQueue: 0.5 }, "its device's write queue is 50 % full"],
    ["replicas that can't", { writesInProgress: 5_000 }, "5000 writes wait for replicas"],
    ["records that too many want", { busyKeys: 3 }, "3 commands met a record that too many wanted"],
    ["commands that run out of time", { timeouts: 2 }, "2 commands ran out of time"],
  ])("is halved by %s, and says so", (_, sign, reason) => {
    const decision = decideRate(at(1_000), seen(1), [quiet, { ...quiet, node: "A2", ...sign }], limits);
    expect(decision).toMatchObject({ state: { rate: 500 }, pauseMs: 0, reason: `node A2: ${reason}` });
  });

  it("pauses where it can't be slower, longer each time, and goes on when it is quiet", () => {
    const first = decideRate(at(100), seen(50), [quiet], limits);
    expect(first).toMatchObject({ state: { rate: 100 }, pauseMs: 1_000 });
    const second = decideRate(first.state, seen(50), [quiet], limits);
    expect(second.pauseMs).toBe(2_000);
    let { state } = second;
    for (let i = 0; i < 10; i++) ({ state } = decideRate(state, seen(50), [quiet], limits));
    expect(decideRate(state, seen(50), [quiet], limits).pauseMs).toBe(60_000);
    expect(decideRate(state, seen(1), [quiet], limits).state.pausedMs).toBe(0);
  });

  it("stays below what was too much for a while, then tries again", () => {
    let { state } = decideRate(at(2_000), seen(20), [quiet], limits);
    const rates: number[] = [];
    for (let i = 0; i < 12; i++) {
      ({ state } = decideRate(state, seen(1), [quiet], limits));
      rates.push(state.rate);
    }
    expect(Math.max(...rates.slice(0, 10))).toBe(1_800);
    expect(rates.at(-1)).toBeGreaterThan(2_000);
  });

  it("is never above the ceiling nor below the least, whatever is seen", () => {
    const probe = fc.record({
      answered: fc.nat(1_000),
      failed: fc.nat(3),
      p99Ms: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    });
    const signs = fc.record({
      node: fc.constant("A"),
      deviceQueue: fc.double({ min: 0, max: 5, noNaN: true }),
      writesInProgress: fc.nat(10_000),
      busyKeys: fc.nat(5),
      timeouts: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(probe, fc.array(signs, { maxLength: 3 })), { maxLength: 50 }), (steps) => {
        let state = firstRate(limits);
        for (const [probes, nodes] of steps) {
          const decision = decideRate(state, probes, nodes, limits);
          ({ state } = decision);
          expect(state.rate).toBeGreaterThanOrEqual(limits.least);
          expect(state.rate).toBeLessThanOrEqual(limits.ceiling);
          expect(decision.reason).not.toBe("");
        }
      }),
    );
  });
});

describe("99 of 100", () => {
  it("leaves out the slowest of a few, and one in a hundred of many", () => {
    expect(p99([])).toBeUndefined();
    expect(p99([5])).toBe(5);
    expect(p99([1, 900])).toBe(1);
    expect(p99(Array.from({ length: 100 }, (_, i) => i))).toBe(98);
    expect(p99(Array.from({ length: 1_000 }, (_, i) => i))).toBe(989);
  });
});
