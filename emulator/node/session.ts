import { Writer } from "../../protocol/bytes/writer.js";
import type { Runtime, Timer } from "../../runtime/runtime.js";
import type { Link, LinkHandler } from "../listener/link.js";
import type { Account } from "../security/accounts.js";
import type { Exchange } from "./exchange.js";
import { GARBAGE, Inbox, type Proto } from "./inbox.js";

/** How long a client may not read before the node gives up on it. */
const PATIENCE_MS = 10_000;
/** How long after garbage the socket stays open and silent. */
const REAPER_MS = 1000;
/** Bytes of replies that gather before they are sent although more requests wait. */
const OUT_LIMIT = 256 * 1024;

/** What a node does with the messages of its clients. */
export interface SessionOwner {
  readonly runtime: Runtime;
  handle(proto: Proto, session: Session): void;
  onSessionClosed(session: Session): void;
}

/**
 * One client's socket. Requests that came together are answered one after the other, and their replies leave in one
 * write.
 */
export class Session implements LinkHandler, Exchange {
  readonly out: Writer = new Writer(1024);
  readonly peer: string;
  /** What the client said it is, once it did. */
  userAgent: string | undefined;
  /** Who is logged in, where there are accounts. */
  account: Account | undefined;
  readonly #owner: SessionOwner;
  readonly #link: Link;
  readonly #inbox = new Inbox();
  #isOpen = true;
  /** A request is being answered. */
  #isBusy = false;
  /** The loop over waiting requests is running further up the stack. */
  #isPumping = false;
  /** The client sends no more. */
  #isEnded = false;
  /** No request is answered any more. */
  #isSilent = false;
  #blocked: { readonly timer: Timer; readonly calls: (() => void)[] } | undefined;

  constructor(owner: SessionOwner, link: Link) {
    this.#owner = owner;
    this.#link = link;
    this.peer = link.peer;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onData(bytes: Uint8Array): void {
    if (this.#isSilent) return;
    this.#inbox.push(bytes);
    this.#pump();
  }

  onEnd(): void {
    this.#isEnded = true;
    if (!this.#isBusy) this.#link.end();
  }

  onDrain(): void {
    const blocked = this.#blocked;
    if (blocked === undefined) return;
    this.#blocked = undefined;
    blocked.timer.cancel();
    this.#link.resume();
    for (const then of blocked.calls) then();
    this.#pump();
  }

  onClose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const blocked = this.#blocked;
    this.#blocked = undefined;
    blocked?.timer.cancel();
    this.#owner.onSessionClosed(this);
    for (const then of blocked?.calls ?? []) then();
  }

  flush(then: () => void): void {
    this.#send();
    if (this.#blocked === undefined || !this.#isOpen) then();
    else this.#blocked.calls.push(then);
  }

  finish(): void {
    this.#isBusy = false;
    if (!this.#isPumping) this.#pump();
  }

  hangUp(): void {
    this.#send();
    this.#isSilent = true;
    this.#link.end();
  }

  /** Bytes in place of an answer: what a fault makes of one. */
  sendRaw(bytes: Uint8Array): void {
    this.#send();
    if (bytes.length > 0) this.#write(bytes);
  }

  /** Stops answering, and keeps the socket open. */
  fallSilent(): void {
    this.#send();
    this.#isSilent = true;
  }

  /** Cuts the socket off at once. */
  destroy(): void {
    this.#isSilent = true;
    this.#link.destroy();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#mayGoOn()) {
      const proto = this.#inbox.take();
      if (proto === undefined) break;
      if (proto === GARBAGE) {
        this.#reap();
        break;
      }
      this.#isBusy = true;
      this.#owner.handle(proto, this);
      if (this.out.length >= OUT_LIMIT) this.#send();
    }
    this.#isPumping = false;
    this.#send();
    if (this.#isEnded && !this.#isBusy && this.#isOpen) this.#link.end();
  }

  #mayGoOn(): boolean {
    return this.#isOpen && !this.#isBusy && !this.#isSilent && !this.#isEnded && this.#blocked === undefined;
  }

  #reap(): void {
    this.fallSilent();
    this.#owner.runtime.setTimer(REAPER_MS, () => this.destroy(), false);
  }

  #send(): void {
    if (this.out.length === 0) return;
    // A copy as small as the replies: the writer's own buffer is used again.
    this.#write(this.out.copy());
    this.out.rewind(0);
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isOpen || this.#link.write(bytes) || this.#blocked !== undefined) return;
    this.#link.pause();
    const timer = this.#owner.runtime.setTimer(PATIENCE_MS, () => this.destroy(), false);
    this.#blocked = { timer, calls: [] };
  }
}
