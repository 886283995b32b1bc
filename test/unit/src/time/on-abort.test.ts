import { expect, it } from "vitest";
import { onAbort } from "../../../../src/time/on-abort.js";

/** A signal that counts its listeners. */
function watched() {
  const controller = new AbortController();
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  const count = { listeners: 0 };
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count.listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count.listeners--;
    remove(...args);
  };
  return { controller, signal, count };
}

it("calls all who wait, in their order, once", () => {
  const { controller, signal } = watched();
  const called: number[] = [];
  for (const i of [1, 2, 3]) onAbort(signal, () => called.push(i));
  controller.abort();
  controller.abort();
  expect(called).toEqual([1, 2, 3]);
});

it("has one listener however many wait, and none once nobody does", () => {
  const { signal, count } = watched();
  const stops = Array.from({ length: 50 }, () => onAbort(signal, () => undefined));
  expect(count.listeners).toBe(1);
  for (const stop of stops) stop();
  expect(count.listeners).toBe(0);
  for (const stop of stops) stop();
  expect(count.listeners).toBe(0);
  onAbort(signal, () => undefined);
  expect(count.listeners).toBe(1);
});

it("does not call who has taken it back, not even while others are called", () => {
  const { controller, signal } = watched();
  const called: string[] = [];
  onAbort(signal, () => {
    called.push("first");
    stopSecond();
  });
  const stopSecond = onAbort(signal, () => called.push("second"));
  const stopThird = onAbort(signal, () => called.push("third"));
  stopThird();
  controller.abort();
  expect(called).toEqual(["first"]);
  stopSecond();
});
