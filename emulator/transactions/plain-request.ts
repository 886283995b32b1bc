import { FieldType } from "../../protocol/message/field-type.js";
import { Info2, Info3 } from "../../protocol/message/flags.js";
import { HeadedRequest, type Request } from "../command/request.js";

/** The two bits that name a read mode: who may answer is settled before the record is looked at. */
const READ_MODE = Info3.SC_READ_TYPE | Info3.SC_READ_RELAX;

/** A request as one on a record that nobody locks: what belongs to the Enterprise Edition was seen to. */
export class PlainRequest extends HeadedRequest {
  readonly #request: Request;

  constructor(request: Request, ttl: number = request.ttl) {
    const { info1, info2, info3, generation } = request;
    super(
      { info1, info2: info2 & ~Info2.DURABLE_DELETE, info3: info3 & ~READ_MODE, info4: 0, generation, ttl },
      request,
    );
    this.#request = request;
  }

  field(type: number): Uint8Array | undefined {
    switch (type) {
      case FieldType.MRT_ID:
      case FieldType.MRT_DEADLINE:
      case FieldType.RECORD_VERSION:
        return undefined;
      default:
        return this.#request.field(type);
    }
  }
}
