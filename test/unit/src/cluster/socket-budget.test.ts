import { describe, expect, test } from "vitest";
import { type Sharer, SocketBudget, type SocketReserve } from "../../../../src/cluster/socket-budget.js";

class Lane implements Sharer {
  size = 0;
  idle = 0;
  told = 0;

  readonly budget: SocketBudget;

  onClose: () => void = () => undefined;

  constructor(budget: SocketBudget, reserve: number | SocketReserve) {
    this.budget = budget;
    budget.join(this, typeof reserve === "number" ? { sockets: reserve } : reserve);
  }

  /** Opens as many as it may, up to `wanted`; says how many that were. */
  open(wanted: number): number {
    let opened = 0;
    for (; opened < wanted && this.budget.admits(this); opened++) this.size++;
    return opened;
  }

  close(): void {
    this.size--;
    this.onClose();
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

  test("asks those who share a reserve in the order of coming, one socket at a time", () => {
    const budget = new SocketBudget(3);
    const moments = { sockets: 1 };
    const order: string[] = [];
    const lane = (name: string): Sharer & { size: number; wants: number } => ({
      size: 0,
      wants: 0,
      idleSince: Number.POSITIVE_INFINITY,
      closeIdle: () => false,
      onBudgetFreed() {
        while (this.wants > 0 && budget.admits(this)) {
          this.size++;
          this.wants--;
          order.push(name);
        }
      },
    });
    const [a, b, c] = [lane("a"), lane("b"), lane("c")];
    for (const one of [a, b, c]) budget.join(one, moments);
    budget.join(lane("stream"), { sockets: 1 });
    a.wants = 4;
    a.onBudgetFreed();
    b.wants = 1;
    b.onBudgetFreed();
    c.wants = 1;
    c.onBudgetFreed();
    expect(order).toEqual(["a", "a"]);
    for (let i = 0; i < 4; i++) {
      a.size = Math.max(0, a.size - 1);
      budget.onFreed();
    }
    b.size = 0;
    budget.onFreed();
    expect(order).toEqual(["a", "a", "a", "b", "c", "a"]);
  });

  test("who gave up waiting holds nobody up", () => {
    const budget = new SocketBudget(2);
    const moments = { sockets: 1 };
    const [a, b, c] = [new Lane(budget, moments), new Lane(budget, moments), new Lane(budget, moments)];
    a.open(2);
    expect(b.open(1)).toBe(0);
    a.size = 0;
    // b was turned away and wants nothing any more.
    expect(c.open(1)).toBe(1);
  });

  test("where closing takes a while, one socket is closed for each who waits, and none opened before it is gone", () => {
    let closing = 0;
    const budget = new SocketBudget(3, () => closing);
    const moments = { sockets: 1 };
    const [a, b] = [new Lane(budget, moments), new Lane(budget, moments)];
    a.open(3);
    a.idle = 3;
    a.onClose = () => {
      closing++;
    };
    expect([b.open(1), b.open(1), b.open(1)]).toEqual([0, 0, 0]);
    expect([a.size, a.idle, closing]).toEqual([2, 2, 1]);
    closing = 0;
    expect(b.open(1)).toBe(1);
  });
});
