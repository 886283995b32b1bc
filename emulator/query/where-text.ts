import { Writer } from "../../protocol/bytes/writer.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { Info3 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Runtime } from "../../runtime/runtime.js";
import {
  beginProto,
  endProto,
  ProtoType,
  patchFieldCount,
  patchInfo3,
  writeField,
  writeHeader,
} from "../command/reply.js";
import type { Request } from "../command/request.js";
import { setOf } from "../command/request-set.js";
import { buildDetail, buildFilter, compileText, type Expression, Refused, treeOfText } from "../exp/index.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { readName, writeName } from "../record/name.js";
import { strictText } from "../record/utf8.js";
import { countEntries } from "../sindex/entry-count.js";
import type { IndexDefinition } from "../sindex/index-definition.js";
import { loadPercent, type SecondaryIndex } from "../sindex/secondary-indexes.js";
import type { PlannedRange } from "./where-candidates.js";
import { type PlannedWay, planWhere } from "./where-plan.js";

// The field WHERE, of server 8.2: a condition as text, which the server compiles and, when asked, finds an index for.
//   flag bytes (bit 0: another one follows; the others are flags) · text
// Built from public sources, never compared with a server.

const Flag = { EXPLAIN: 2, REQUIRE_INDEX: 4, HARD_HINT: 8 } as const;
const IS_CONTINUED = 1;
const KNOWN_FLAGS = IS_CONTINUED | Flag.EXPLAIN | Flag.REQUIRE_INDEX | Flag.HARD_HINT;
const MAX_FLAG_BYTES = 9;

interface WhereText {
  readonly flags: number;
  readonly text: string;
}

/** The field of a request; undefined without one, and on older servers, which overlook it. */
export function whereField(request: Request): Uint8Array | undefined {
  return request.release === "8.2" ? request.field(FieldType.WHERE) : undefined;
}

export function isExplain(request: Request): boolean {
  return ((whereField(request)?.[0] ?? 0) & Flag.EXPLAIN) !== 0;
}

/** Which way the records would be found, written as the reply; else the result code that refuses. */
export function explainWhere(namespace: NodeNamespace, request: Request, runtime: Runtime, out: Writer): number {
  const where = parseWhere(request);
  const filter = filterOfWhere(request);
  if (where === undefined || typeof filter === "number") return ResultCode.PARAMETER_ERROR;
  const tree = treeOfText(where.text);
  if (tree instanceof Refused) return ResultCode.PARAMETER_ERROR;
  const hintField = request.field(FieldType.INDEX_NAME);
  const hint = hintField && readName(hintField);
  if (hint === "") return ResultCode.PARAMETER_ERROR;
  const isHard = (where.flags & Flag.HARD_HINT) !== 0;
  if (isHard && hint === undefined) return ResultCode.INDEX_NOT_FOUND;
  const indexes = {
    all: namespace.shared.indexes,
    isReadable: (index: SecondaryIndex) => loadPercent(index, runtime.now()) === 100,
    count: (definition: IndexDefinition) => countEntries(namespace, definition, runtime.wallClock()),
  };
  const way = planWhere(tree, indexes, setOf(request), hint);
  if (way.type === "nothing") return ResultCode.FILTERED_OUT;
  const name = way.type === "index" ? way.index.name : undefined;
  if (isHard && name !== hint) return ResultCode.INDEX_NOT_FOUND;
  if ((where.flags & Flag.REQUIRE_INDEX) !== 0 && name === undefined) return ResultCode.INDEX_NOT_FOUND;
  writeWay(out, way);
  return ResultCode.OK;
}

/** The condition of a query that is carried out, or the result code that refuses it. */
export function filterOfWhere(request: Request): Expression | number {
  const where = parseWhere(request);
  if (where === undefined || request.field(FieldType.FILTER_EXPRESSION) !== undefined)
    return ResultCode.PARAMETER_ERROR;
  // Flags that narrow the choice of an index have no sense where none is chosen.
  if ((where.flags & Flag.EXPLAIN) === 0 && where.flags !== 0) return ResultCode.PARAMETER_ERROR;
  const packed = compileText(where.text);
  const built = packed instanceof Refused ? packed : buildFilter(packed, request.release);
  if (!(built instanceof Refused)) return built;
  request.details.say(buildDetail("filter", built));
  return ResultCode.PARAMETER_ERROR;
}

/** Undefined for flags that nobody knows, and for what is no text. */
function parseWhere(request: Request): WhereText | undefined {
  const field = whereField(request);
  if (field === undefined) return undefined;
  const size = field.subarray(0, MAX_FLAG_BYTES).findIndex((byte) => (byte & IS_CONTINUED) === 0) + 1;
  const [flags = 0, ...further] = field.subarray(0, size);
  // No flag has a place in a further byte yet.
  if (size === 0 || ((flags & ~KNOWN_FLAGS) | further.reduce((a, b) => a | (b & ~IS_CONTINUED), 0)) !== 0)
    return undefined;
  const text = strictText(field.subarray(size));
  return text === undefined || text.trim() === "" ? undefined : { flags: flags & ~IS_CONTINUED, text };
}

function writeWay(out: Writer, way: PlannedWay): void {
  const start = beginProto(out, ProtoType.MESSAGE);
  const header = writeHeader(out, ResultCode.OK, 0, 0);
  patchInfo3(out, header, Info3.LAST);
  if (way.type === "index") {
    const { name, definition } = way.index;
    writeField(out, FieldType.INDEX_NAME, writeName(name));
    writeField(out, FieldType.INDEX_TYPE, Uint8Array.of(definition.source));
    writeField(out, FieldType.INDEX_RANGE, rangeField(way.binName, way.range));
    patchFieldCount(out, header, 3);
  }
  endProto(out, start);
}

/** As in a query, but with the bin's name beside the index's, and bytes once. */
function rangeField(binName: string, range: PlannedRange): Uint8Array {
  const name = writeName(binName);
  const w = new Writer(64);
  w.u8(1);
  w.u8(name.length);
  w.bytes(name);
  w.u8(range.type);
  if (range.type === ParticleType.INTEGER) {
    w.u32(8);
    w.i64(range.begin);
    w.u32(8);
    w.i64(range.end);
  } else {
    w.u32(range.bytes.length);
    w.bytes(range.bytes);
  }
  return w.copy();
}
