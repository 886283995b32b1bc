import { describe, expect, test } from "vitest";
import { type Sharer, SocketBudget } from "../../../../src/cluster/socket-budget.js";

class Lane implements Sharer {
  size = 0;
  idle = 0;
  told = 0;

  readonly budget: SocketBudget;

  constructor(budget: SocketBudget, reserve: number) {
    this.budget = budget;
    budget.join(this, { sockets: reserve });
  }

  /** Opens as many as it may, up to `wanted`; says how many that were. */
  open(wanted: number): number {
    let opened = 0;
    for (; opened < wanted && this.budget.admits(this); opened++) this.size++;
    return opened;
  }

  close(): void {
    this.size--;
    this.budget.onFreed();
  }

  get idleSince(): number {
    return this.idle > 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  closeIdle(): boolean {
    if (this.idle === 0) return false;
    this.idle--;
    this.close();
    return true;
  }

  onBudgetFreed(): void {
    this.told++;
  }
}

describe("a budget of sockets", () => {
  test("keeps every lane's reserve from the others", () => {
    const budget = new SocketBudget(10);
    const [a, b, c] = [new Lane(budget, 3), new Lane(budget, 2), new Lane(budget, 1)];
    expect(a.open(100)).toBe(7);
    expect(b.open(100)).toBe(2);
    expect(c.open(100)).toBe(1);
  });

  test("leaves each lane its reserve even if that is more than there is", () => {
    const budget = new SocketBudget(1);
    const [a, b] = [new Lane(budget, 1), new Lane(budget, 1)];
    expect(a.open(5)).toBe(1);
    expect(b.open(5)).toBe(1);
  });

  test("takes back what lies idle beyond a reserve", () => {
    const budget = new SocketBudget(10);
    const [a, b] = [new Lane(budget, 3), new Lane(budget, 2)];
    a.open(8);
    a.idle = 8;
    expect(b.open(100)).toBe(7);
    expect([a.size, a.idle]).toEqual([3, 3]);
  });

  test("tells those that were turned away, once, when there may be room", () => {
    const budget = new SocketBudget(4);
    const [a, b, c] = [new Lane(budget, 1), new Lane(budget, 1), new Lane(budget, 1)];
    a.open(2);
    a.close();
    expect([b.told, c.told]).toEqual([0, 0]);
    a.open(1);
    expect(b.open(2)).toBe(1);
    a.close();
    a.close();
    expect([a.told, b.told, c.told]).toEqual([0, 1, 0]);
  });
});
