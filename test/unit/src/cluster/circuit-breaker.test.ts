import { expect, test } from "vitest";
import { CircuitBreaker } from "../../../../src/cluster/circuit-breaker.js";

function countErrors(breaker: CircuitBreaker, count: number): void {
  for (let i = 0; i < count; i++) breaker.countError();
}

test("opens above the limit and closes with the window", () => {
  const breaker = new CircuitBreaker({ maxErrorRate: 3, errorRateWindow: 1 });
  countErrors(breaker, 3);
  expect(breaker.isOpen).toBe(false);
  breaker.countError();
  expect(breaker.isOpen).toBe(true);
  breaker.onTend();
  expect(breaker.isOpen).toBe(false);
});

test("allows half as many errors after a bad window, at least one, and twice as many after a good one", () => {
  const breaker = new CircuitBreaker({ maxErrorRate: 10, errorRateWindow: 1 });
  const limits: number[] = [];
  for (const errors of [11, 6, 3, 2, 0, 0, 0, 0, 0]) {
    countErrors(breaker, errors);
    breaker.onTend();
    limits.push(breaker.limit);
  }
  expect(limits).toEqual([5, 2, 1, 1, 2, 4, 8, 10, 10]);
});

test("counts over as many tends as the window has", () => {
  const breaker = new CircuitBreaker({ maxErrorRate: 3, errorRateWindow: 3 });
  countErrors(breaker, 2);
  breaker.onTend();
  countErrors(breaker, 2);
  expect(breaker.isOpen).toBe(true);
  breaker.onTend();
  expect(breaker.isOpen).toBe(true);
  breaker.onTend();
  expect(breaker.isOpen).toBe(false);
});

test("never opens with a limit of 0", () => {
  const breaker = new CircuitBreaker({ maxErrorRate: 0, errorRateWindow: 1 });
  countErrors(breaker, 1_000);
  expect(breaker.isOpen).toBe(false);
  breaker.onTend();
  expect(breaker.isOpen).toBe(false);
});

test("forgets what was before the node started anew", () => {
  const breaker = new CircuitBreaker({ maxErrorRate: 4, errorRateWindow: 1 });
  countErrors(breaker, 5);
  breaker.onTend();
  countErrors(breaker, 5);
  breaker.reset();
  expect(breaker.isOpen).toBe(false);
  expect(breaker.limit).toBe(4);
});
