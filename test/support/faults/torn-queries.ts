import { Writer } from "../../../protocol/bytes/writer.js";
import { FrameSplitter } from "../../../protocol/frame/frame-splitter.js";
import { beginProto, finishProto, ProtoType } from "../../../protocol/frame/proto.js";
import { partitionId } from "../../../protocol/key/partition-id.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { Info3 } from "../../../protocol/message/flags.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { MessageWriter } from "../../../protocol/message/message-writer.js";
import type { Lab } from "./lab.js";
import type { WatchedSocket } from "./watched-transport.js";

/** A query that a node was asked for. */
export interface AskedQuery {
  /** Host and port of the node. */
  readonly address: string;
  /** Partitions that it was asked to read from their start. */
  readonly partitions: readonly number[];
  /** Partitions that it was asked to go on in. */
  readonly resumed: readonly number[];
}

/** What becomes of the node's reply. */
export type Tear =
  /** Nothing. */
  | { readonly do: "pass" }
  /** The socket is lost after so many rows. */
  | { readonly do: "cut"; readonly rows: number }
  /** Nothing comes after so many rows, and the socket stays. */
  | { readonly do: "stall"; readonly rows: number }
  /** Of these partitions nothing comes after so many rows of theirs, and the node says that it could not read them. */
  | { readonly do: "unavailable"; readonly partitions: ReadonlySet<number>; readonly rows: number }
  /** The node says at the end that it did not get there. */
  | { readonly do: "fail"; readonly resultCode: number };

/** A reply on its way. */
interface Reply {
  readonly tear: Tear;
  readonly splitter: FrameSplitter;
  rows: number;
  isTorn: boolean;
}

/**
 * Tears the replies of queries apart: every message comes in a proto and a chunk of its own, as far as it comes. Nodes
 * send pieces of a mebibyte, so without this a small reply comes whole or not at all.
 */
export class TornQueries implements Disposable {
  readonly asked: AskedQuery[] = [];
  /** Called with each row that the client gets. */
  onRow: () => void = () => undefined;
  readonly #lab: Lab;
  readonly #decide: (query: AskedQuery) => Tear;
  readonly #replies = new Map<WatchedSocket, Reply>();
  readonly #message = new MessageReader();
  readonly #untilThen: Pick<Lab["transport"], "onRequest" | "onReply">;

  constructor(lab: Lab, decide: (query: AskedQuery) => Tear) {
    this.#lab = lab;
    this.#decide = decide;
    const { transport } = lab;
    this.#untilThen = { onRequest: transport.onRequest, onReply: transport.onReply };
    transport.onRequest = (bytes, socket) => this.#onRequest(bytes, socket);
    transport.onReply = (bytes, socket) => this.#onReply(bytes, socket);
  }

  [Symbol.dispose](): void {
    Object.assign(this.#lab.transport, this.#untilThen);
  }

  #onRequest(bytes: Uint8Array, socket: WatchedSocket): void {
    const splitter = new FrameSplitter();
    splitter.push(bytes);
    while (splitter.next()) {
      if (splitter.type !== ProtoType.MESSAGE) continue;
      this.#message.load(splitter.body);
      this.#message.next();
      if ((this.#message.info3 & Info3.PARTITION_DONE) === 0) continue;
      const { host, port } = socket.endpoint;
      const query = { address: `${host}:${port}`, ...partitionsOf(this.#message) };
      this.asked.push(query);
      const tear = this.#decide(query);
      this.#replies.set(socket, { tear, splitter: new FrameSplitter(), rows: 0, isTorn: false });
    }
  }

  #onReply(bytes: Uint8Array, socket: WatchedSocket): Uint8Array[] {
    const reply = this.#replies.get(socket);
    if (reply === undefined) return [bytes];
    if (reply.isTorn) return [];
    const { splitter } = reply;
    const out: Uint8Array[] = [];
    splitter.push(bytes);
    while (splitter.next() && !reply.isTorn) this.#tearMessages(reply, socket, out);
    return out;
  }

  #tearMessages(reply: Reply, socket: WatchedSocket, out: Uint8Array[]): void {
    const { tear, splitter } = reply;
    const message = this.#message;
    message.load(splitter.body);
    for (let start = splitter.body.at; !reply.isTorn && message.next(); start = splitter.body.at) {
      const partition = readPartition(message);
      message.skipOps();
      const bytes = splitter.body.bytes.slice(start, splitter.body.at);
      if (partition === undefined) {
        if (tear.do === "unavailable") {
          for (const gone of tear.partitions)
            out.push(proto({ info3: Info3.PARTITION_DONE, resultCode: 11, generation: gone }));
        }
        const isFailed = tear.do === "fail" && (message.info3 & Info3.LAST) !== 0;
        out.push(isFailed ? proto({ info3: Info3.LAST, resultCode: tear.resultCode }) : proto(bytes));
        this.#replies.delete(socket);
        continue;
      }
      if ((tear.do === "cut" || tear.do === "stall") && reply.rows === tear.rows) {
        reply.isTorn = true;
        if (tear.do === "cut") this.#lab.runtime.setTimer(0, () => socket.destroy(), false);
        return;
      }
      if (tear.do === "unavailable" && tear.partitions.has(partition) && reply.rows++ >= tear.rows) continue;
      if (tear.do !== "unavailable") reply.rows++;
      this.onRow();
      out.push(proto(bytes));
    }
  }
}

/** The partition of a row; undefined for other messages. */
function readPartition(message: MessageReader): number | undefined {
  let partition: number | undefined;
  message.fields((type, data, size) => {
    if (type === FieldType.DIGEST) partition = partitionId(data.view(size));
  });
  return partition;
}

function partitionsOf(message: MessageReader): { partitions: number[]; resumed: number[] } {
  const partitions: number[] = [];
  const resumed: number[] = [];
  message.fields((type, data, size) => {
    const bytes = data.view(size);
    if (type === FieldType.PARTITION_ARRAY) {
      for (let at = 0; at < size; at += 2) partitions.push(bytes[at]! | (bytes[at + 1]! << 8));
    } else if (type === FieldType.DIGEST_ARRAY) {
      for (let at = 0; at < size; at += 20) resumed.push(partitionId(bytes.subarray(at)));
    }
  });
  return { partitions, resumed };
}

/** A message, or one with this header alone, in a proto of its own. */
function proto(message: Uint8Array | ConstructorParameters<typeof MessageWriter>[1]): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  if (message instanceof Uint8Array) w.bytes(message);
  else new MessageWriter(w, message).finish();
  finishProto(w, at, ProtoType.MESSAGE);
  return w.take();
}
