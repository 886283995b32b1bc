import { Writer } from "../../protocol/bytes/writer.js";
import type { ErrorDetails } from "../command/error-details.js";
import type { Outcome } from "../command/outcome.js";
import { beginProto, endProto, ProtoType, patchRowIndex, writeEnd, writeOutcomeMessage } from "../command/reply.js";

// A batch's reply is a stream of protos:
//   blocks      one message for each row: its index in place of the transaction's time, a result code, its ops
//   end         one message with info3 LAST and the result code of the whole

/** What a block grows to before the next one begins. */
const BLOCK_BYTES = 128 * 1024;

/** Gathers the replies of rows in blocks, and moves whole blocks to where they are sent from. */
export class BatchWriter {
  readonly #out: Writer;
  readonly #block = new Writer();
  readonly #row = new Writer();
  /** No block after the present one is sent. */
  #isLastBlock = false;
  #isClosed = false;

  constructor(out: Writer) {
    this.#out = out;
  }

  row(index: number, result: Outcome, details: ErrorDetails): void {
    if (this.#isClosed) return;
    const w = this.#row;
    w.rewind(0);
    patchRowIndex(w, writeOutcomeMessage(w, result, details), index);
    if (this.#block.length > 0 && this.#block.length + w.length > BLOCK_BYTES) {
      this.#send();
      if (this.#isLastBlock) {
        this.#isClosed = true;
        return;
      }
    }
    this.#block.bytes(w.view());
  }

  /** Sends nothing after the block that the last row went to. */
  endWithBlock(): void {
    this.#isLastBlock = true;
  }

  /** Sends nothing that was not sent yet. */
  dropBlock(): void {
    this.#isClosed = true;
    this.#block.rewind(0);
  }

  end(code: number): void {
    this.#send();
    writeEnd(this.#out, code);
  }

  #send(): void {
    if (this.#block.length === 0) return;
    const start = beginProto(this.#out, ProtoType.MESSAGE);
    this.#out.bytes(this.#block.view());
    endProto(this.#out, start);
    this.#block.rewind(0);
  }
}
