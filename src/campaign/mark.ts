import { callOp } from "../../protocol/cdt/call.js";
import { MapOrder, MapReturnType } from "../../protocol/cdt/flags.js";
import { mapPut } from "../../protocol/cdt/map.js";
import { mapByKey } from "../../protocol/cdt/map-selectors.js";
import { removeBy } from "../../protocol/cdt/selector.js";
import { ExpType } from "../../protocol/exp/exp-type.js";
import { ExpWriteFlags, expressionWriteOp } from "../../protocol/exp/expression-op.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BackgroundWork } from "../background/background-work.js";
import { DataSet } from "../data/data-set.js";
import { Exp } from "../exp/exp.js";
import type { Mark } from "./mark-options.js";
import { markingCall } from "./marking-function.js";

/**
 * The number that stands for a campaign in a bin that holds one: 48 bits of a digest of its id, never 0.
 */
function markNumber(id: string): number {
  const { digest } = DataSet.ofNamespace("campaign").id(id);
  let number = 0;
  for (const byte of digest.subarray(0, 6)) number = number * 256 + byte;
  return number + 1;
}

/** The records that have the mark. */
export function marked({ bin, as }: Mark, id: string): Exp<"bool"> {
  if (as === "integer") {
    return Exp.and([
      Exp.eq(Exp.binType(bin), Exp.intVal(ParticleType.INTEGER)),
      Exp.eq(Exp.intBin(bin), Exp.intVal(markNumber(id))),
    ]);
  }
  return Exp.and([Exp.eq(Exp.binType(bin), Exp.intVal(ParticleType.MAP)), Exp.gt(entries(bin, id), Exp.intVal(0))]);
}

/** The records that don't, whatever their bin holds: where it holds something else, the change fails. */
export function unmarked({ bin, as }: Mark, id: string): Exp<"bool"> {
  if (as === "integer") {
    return Exp.or([
      Exp.ne(Exp.binType(bin), Exp.intVal(ParticleType.INTEGER)),
      Exp.ne(Exp.intBin(bin), Exp.intVal(markNumber(id))),
    ]);
  }
  return Exp.or([Exp.ne(Exp.binType(bin), Exp.intVal(ParticleType.MAP)), Exp.eq(entries(bin, id), Exp.intVal(0))]);
}

function entries(bin: string, id: string): Exp<"int"> {
  return Exp.mapGetByKey(MapReturnType.COUNT, ExpType.INT, Exp.stringVal(id), Exp.mapBin(bin));
}

/** The same work, which marks the records that it changes in the same operation. */
export function marking(work: BackgroundWork, mark: Mark, id: string): BackgroundWork {
  const { action } = work;
  if (action.type === "operations") return { ...work, action: { ...action, ops: [...action.ops, setMark(mark, id)] } };
  const value = mark.as === "integer" ? markNumber(id) : id;
  return { ...work, action: { type: "udf", call: markingCall(action.call, mark.bin, value, id) } };
}

/** Fails where the bin holds something else, so that nothing of anybody's is overwritten. */
function setMark({ bin, as }: Mark, id: string): Op {
  if (as === "map") return callOp(bin, mapPut(id, 1, { order: MapOrder.KEY_ORDERED }));
  const type = Exp.binType(bin);
  const isFree = Exp.or([Exp.eq(type, Exp.intVal(ParticleType.NULL)), Exp.eq(type, Exp.intVal(ParticleType.INTEGER))]);
  return expressionWriteOp(bin, Exp.cond([isFree, Exp.intVal(markNumber(id)), Exp.unknown()]));
}

/** Takes the mark away, and with the last mark of a record the bin. */
export function clearMark({ bin, as }: Mark, id: string): readonly Op[] {
  if (as === "integer") return [{ code: OpCode.WRITE, bin, value: null }];
  const isEmpty = Exp.eq(Exp.mapSize(Exp.mapBin(bin)), Exp.intVal(0));
  const nilIfEmpty = Exp.cond([isEmpty, Exp.nil(), Exp.unknown()]);
  return [
    callOp(bin, removeBy(mapByKey(id))),
    expressionWriteOp(bin, nilIfEmpty, ExpWriteFlags.ALLOW_DELETE | ExpWriteFlags.EVAL_NO_FAIL),
  ];
}
