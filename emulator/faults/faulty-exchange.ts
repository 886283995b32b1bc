import { Writer } from "../../protocol/bytes/writer.js";
import type { Runtime } from "../../runtime/runtime.js";
import { writeEnd, writeResult } from "../command/reply.js";
import type { Exchange } from "../node/exchange.js";
import type { Session } from "../node/session.js";
import type { AnswerOrder } from "./answer-order.js";
import type { CommandKind } from "./command-kind.js";
import type { Fault } from "./fault.js";

/** Bytes that start no message: version 0x21. */
const GARBAGE = new Uint8Array(64).fill(0x21);

/** Keeps a whole reply back until the order that it is part of lets it leave. */
export class OrderedExchange implements Exchange {
  readonly out = new Writer();
  readonly #session: Session;
  readonly #order: AnswerOrder;
  readonly #node: number;

  constructor(session: Session, order: AnswerOrder, node: number) {
    this.#session = session;
    this.#order = order;
    this.#node = node;
  }

  get peer(): string {
    return this.#session.peer;
  }

  get isOpen(): boolean {
    return this.#session.isOpen;
  }

  flush(then: () => void): void {
    then();
  }

  finish(): void {
    this.#order.queue(this.#node, () => {
      this.#session.sendRaw(this.out.take());
      this.#session.finish();
    });
  }

  hangUp(): void {
    this.#session.hangUp();
  }
}

/** A reply that a fault gets hold of. */
export class FaultyExchange implements Exchange {
  readonly out = new Writer();
  readonly #session: Session;
  readonly #fault: Fault;
  readonly #runtime: Runtime;
  /** Bytes of the reply that have gone out. */
  #sent = 0;
  #isOver = false;

  constructor(session: Session, fault: Fault, runtime: Runtime) {
    this.#session = session;
    this.#fault = fault;
    this.#runtime = runtime;
  }

  /** False when the request must not be carried out: the fault has answered, or never will. */
  begin(kind: CommandKind): boolean {
    const { spec } = this.#fault;
    if (spec.do === "answer") {
      // A batch has rows before its end, which look like any other reply.
      if (kind === "batch") writeEnd(this.out, spec.resultCode);
      else writeResult(this.out, spec.resultCode);
      this.#session.sendRaw(this.out.take());
      this.#session.finish();
      return false;
    }
    if ("execute" in spec && spec.execute === false) {
      this.finish();
      return false;
    }
    return true;
  }

  get peer(): string {
    return this.#session.peer;
  }

  get isOpen(): boolean {
    return this.#session.isOpen && !this.#isOver;
  }

  flush(then: () => void): void {
    this.#pass(false, then);
  }

  finish(): void {
    this.#pass(true, () => {});
  }

  hangUp(): void {
    this.#session.hangUp();
  }

  #pass(isEnd: boolean, then: () => void): void {
    const { spec } = this.#fault;
    if (this.#isOver) {
      then();
      return;
    }
    switch (spec.do) {
      case "delay":
        // The socket holds the process as long as somebody waits; a delay that outlives it must not.
        this.#runtime.setTimer(spec.ms, () => this.#deliver(isEnd, then), false);
        break;
      case "stall":
        this.#fault.hold(() => this.#deliver(isEnd, then));
        break;
      case "cut":
        this.#deliverUpTo(spec.bytes ?? 0, isEnd, then, () => this.#session.hangUp());
        break;
      case "truncate":
        this.#deliverUpTo(spec.bytes, isEnd, then, () => this.#session.fallSilent());
        break;
      case "silence":
        this.#deliverUpTo(0, isEnd, then, () => this.#session.fallSilent());
        break;
      case "garbage":
        this.#session.sendRaw(spec.bytes ?? GARBAGE);
        this.#endWith(then, () => this.#session.fallSilent());
        break;
      default:
        this.#deliver(isEnd, then);
    }
  }

  #deliver(isEnd: boolean, then: () => void): void {
    this.#session.sendRaw(this.out.copy());
    this.out.rewind(0);
    if (isEnd) this.#session.finish();
    else this.#session.flush(then);
  }

  /** The reply goes out up to its first `limit` bytes; what is shorter gets through whole and is cut off all the same. */
  #deliverUpTo(limit: number, isEnd: boolean, then: () => void, end: () => void): void {
    const bytes = this.out.copy();
    this.out.rewind(0);
    const allowed = Math.min(bytes.length, limit - this.#sent);
    this.#session.sendRaw(bytes.subarray(0, allowed));
    this.#sent += allowed;
    if (this.#sent >= limit || isEnd) this.#endWith(then, end);
    else this.#session.flush(then);
  }

  #endWith(then: () => void, end: () => void): void {
    this.#isOver = true;
    end();
    then();
  }
}
