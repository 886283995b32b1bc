import type { Reader } from "../../../protocol/bytes/reader.js";
import { FrameSplitter } from "../../../protocol/frame/frame-splitter.js";
import { ProtoType } from "../../../protocol/frame/proto.js";
import { Info2, Info3 } from "../../../protocol/message/flags.js";
import type { MessageHeader } from "../../../protocol/message/message-writer.js";
import { ProtocolError } from "../../../protocol/protocol-error.js";
import { ResultCode } from "../../../protocol/result-code.js";
import type { Runtime } from "../../../runtime/runtime.js";
import type { FakeCluster } from "./fake-cluster.js";
import type { FakeNetwork, Peer } from "./fake-network.js";
import {
  readRequest,
  type WireAnswer,
  type WireBin,
  type WireRequest,
  writeBatchReply,
  writeInfoReply,
  writeReply,
} from "./request.js";
import { readSecurityRequest, type SecurityAnswer, type SecurityRequest, writeSecurityReply } from "./security.js";

/** What a node does with a message instead of answering it as it should. */
export type Mischief =
  | { readonly kind: "delay"; readonly ms: number }
  /** Refuses, and says why in an ERROR_DETAILS field of these bytes. */
  | { readonly kind: "code"; readonly code: number; readonly details?: Uint8Array }
  /** Does it, and never answers; nor anything that comes after it on the same connection. */
  | { readonly kind: "silence" }
  /** Does it, sends so many bytes of the reply, and cuts the connection. */
  | { readonly kind: "cut"; readonly after: number }
  /** Does it, and answers with these bytes. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

export interface FakeNodeOptions {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly build?: string;
}

/** A node with records and info, one request at a time on each connection, as the real one. */
export class FakeNode {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  build: string;
  partitionGeneration = 1;
  peersGeneration = 1;
  /** Where it says that it can be reached; its own address when absent. */
  serviceHosts: string | undefined;
  /** Answers that differ from the usual ones, by command. */
  readonly answers = new Map<string, string | (() => string)>();
  /** Info requests that it has answered. */
  readonly asked: string[][] = [];
  /** Commands that it has carried out, those included that were rows of a batch. */
  readonly requests: WireRequest[] = [];
  /** Batches that it has carried out. */
  readonly batches: WireRequest[] = [];
  /** What to do with a message; undefined for what is right. */
  onRequest: (request: WireRequest) => Mischief | undefined = () => undefined;
  /** With which result code it refuses a whole batch; undefined to carry it out. */
  onBatch: (request: WireRequest) => number | undefined = () => undefined;
  /** What to say to a login or an authentication. A server without security knows neither. */
  onSecurity: (request: SecurityRequest) => SecurityAnswer = () => ({ code: ResultCode.SECURITY_NOT_SUPPORTED });
  /** Time that info takes, in ms; Infinity for no answer at all. */
  infoDelayMs = 0;
  readonly #cluster: FakeCluster;
  readonly #network: FakeNetwork;
  readonly #runtime: Runtime;
  readonly #peers = new Set<Peer>();
  #running = false;

  constructor(cluster: FakeCluster, network: FakeNetwork, runtime: Runtime, options: FakeNodeOptions) {
    this.#cluster = cluster;
    this.#network = network;
    this.#runtime = runtime;
    this.id = options.id;
    this.host = options.host;
    this.port = options.port;
    this.build = options.build ?? "8.1.2.0";
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get connections(): number {
    return this.#peers.size;
  }

  start(): void {
    this.#running = true;
    this.#network.listen(this.host, this.port, (peer) => this.accept(peer));
  }

  /** As if its process were killed. */
  stop(): void {
    this.#running = false;
    this.#network.unlisten(this.host, this.port);
    for (const peer of [...this.#peers]) peer.cut();
  }

  /** Cuts every connection and stays. */
  cutAll(): void {
    for (const peer of [...this.#peers]) peer.cut();
  }

  /** Serves a connection, whichever address it came in at. */
  accept(peer: Peer): void {
    this.#peers.add(peer);
    const splitter = new FrameSplitter();
    let busy = false;
    const takeNext = (): void => {
      if (busy || !peer.isOpen || !splitter.next()) return;
      busy = true;
      this.#answer(peer, splitter.type, splitter.body, () => {
        busy = false;
        takeNext();
      });
    };
    peer.onData = (bytes) => {
      splitter.push(bytes);
      try {
        takeNext();
      } catch (error) {
        // A server hangs up on what is not its protocol.
        if (!(error instanceof ProtocolError)) throw error;
        peer.cut();
      }
    };
    peer.onClose = () => this.#peers.delete(peer);
  }

  /** Calls `done` once the next request may be taken; never, to leave the connection silent. */
  #answer(peer: Peer, type: number, body: Reader, done: () => void): void {
    if (type === ProtoType.INFO) {
      const commands = body.utf8(body.left).split("\n").slice(0, -1);
      this.#reply(peer, this.infoDelayMs, done, () => {
        this.asked.push(commands);
        return writeInfoReply(commands, (command) => this.#say(command));
      });
      return;
    }
    if (type === ProtoType.ADMIN) {
      this.#reply(peer, 0, done, () => writeSecurityReply(this.onSecurity(readSecurityRequest(body))));
      return;
    }
    const request = readRequest(body);
    const refusal = request.rows && this.onBatch(request);
    if (refusal !== undefined) {
      this.#reply(peer, 0, done, () => writeReply({ resultCode: refusal, info3: Info3.LAST }));
      return;
    }
    // What befalls a row as a result code is that row's alone; anything else is what becomes of the whole batch.
    const ofRows = request.rows?.map((row) => this.onRequest(row));
    const mischief =
      ofRows === undefined ? this.onRequest(request) : ofRows.find((each) => each && each.kind !== "code");
    const carryOut = (): Uint8Array => this.#carryOut(request, ofRows);
    switch (mischief?.kind) {
      case "delay":
        this.#reply(peer, mischief.ms, done, carryOut);
        return;
      case "code":
        this.#reply(peer, 0, done, () => writeReply({ resultCode: mischief.code }, [], mischief.details));
        return;
      case "silence":
        carryOut();
        return;
      case "cut": {
        peer.write(carryOut().subarray(0, mischief.after));
        // Late enough for what was written to arrive.
        this.#runtime.setTimer(20, () => peer.cut(), false);
        return;
      }
      case "bytes":
        carryOut();
        this.#reply(peer, 0, done, () => mischief.bytes);
        return;
      case undefined:
        this.#reply(peer, 0, done, carryOut);
    }
  }

  #say(command: string): string {
    const answer = this.answers.get(command);
    if (answer === undefined) return this.#cluster.answer(this, command);
    return typeof answer === "string" ? answer : answer();
  }

  #reply(peer: Peer, ms: number, done: () => void, make: () => Uint8Array): void {
    const send = (): void => {
      if (!peer.isOpen) return;
      peer.write(make());
      done();
    };
    if (ms === 0) send();
    else if (ms !== Number.POSITIVE_INFINITY) this.#runtime.setTimer(ms, send, false);
  }

  #carryOut(request: WireRequest, ofRows: readonly (Mischief | undefined)[] = []): Uint8Array {
    if (request.rows !== undefined) {
      this.batches.push(request);
      return writeBatchReply(request.rows.map((row, place) => this.#carryOutRow(row, ofRows[place])));
    }
    if (request.digest === undefined && this.#cluster.namespaces.includes(request.namespace)) {
      this.requests.push(request);
      return this.#cluster.query(this, request.namespace);
    }
    const { header, bins } = this.#carryOutOne(request);
    return writeReply(header, bins);
  }

  #carryOutRow(row: WireRequest, mischief: Mischief | undefined): WireAnswer {
    if (mischief?.kind !== "code") return this.#carryOutOne(row);
    return { header: { resultCode: mischief.code }, bins: [], details: mischief.details };
  }

  #carryOutOne(request: WireRequest): WireAnswer {
    this.requests.push(request);
    const { namespace, digest } = request;
    if (!this.#cluster.namespaces.includes(namespace)) return answer({ resultCode: ResultCode.INVALID_NAMESPACE });
    const records = this.#cluster.records;
    const key = `${namespace}/${digest}`;
    if ((request.info2 & Info2.DELETE) !== 0) {
      return answer({ resultCode: records.delete(key) ? ResultCode.OK : ResultCode.KEY_NOT_FOUND });
    }
    const record = records.get(key);
    if ((request.info2 & Info2.WRITE) !== 0) {
      const generation = (record?.generation ?? 0) + 1;
      records.set(key, { generation, bins: merge(record?.bins ?? [], request.bins) });
      return answer({ generation });
    }
    if (record === undefined) return answer({ resultCode: ResultCode.KEY_NOT_FOUND });
    return answer({ generation: record.generation }, record.bins);
  }
}

function answer(header: MessageHeader, bins: readonly WireBin[] = []): WireAnswer {
  return { header, bins };
}

function merge(old: readonly WireBin[], written: readonly WireBin[]): WireBin[] {
  return [...old.filter((bin) => !written.some(({ name }) => name === bin.name)), ...written];
}
