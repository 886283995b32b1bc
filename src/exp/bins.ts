import { checkOptions } from "../../protocol/check/check-options.js";
import { binName } from "../../protocol/exp/check-names.js";
import { checkType, type ExpType } from "../../protocol/exp/exp-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { opNode } from "../../protocol/exp/ops.js";
import { Expression } from "./expression.js";

/**
 * A bin's value. Unknown when the record has no such bin or one of another type, and whatever is worked out from an
 * unknown value is unknown too: as a filter it leaves the record out.
 * @param name at most 15 bytes of UTF-8; `""` is the bin of what was a namespace of single bins
 */
function bin<T extends ExpType>(name: string, type: T): Expression<T> {
  return new Expression({ kind: "bin", type: checkType(type, "Exp.bin"), name: binName(name, "Exp.bin") });
}

/** An integer bin, see {@link bin}. */
function intBin(name: string): Expression<"int"> {
  return new Expression({ kind: "bin", type: "int", name: binName(name, "Exp.intBin") });
}

/** A float bin, see {@link bin}. */
function floatBin(name: string): Expression<"float"> {
  return new Expression({ kind: "bin", type: "float", name: binName(name, "Exp.floatBin") });
}

/** A string bin, see {@link bin}. */
function stringBin(name: string): Expression<"string"> {
  return new Expression({ kind: "bin", type: "string", name: binName(name, "Exp.stringBin") });
}

/** A bool bin, see {@link bin}. */
function boolBin(name: string): Expression<"bool"> {
  return new Expression({ kind: "bin", type: "bool", name: binName(name, "Exp.boolBin") });
}

/** A blob bin, see {@link bin}. */
function blobBin(name: string): Expression<"blob"> {
  return new Expression({ kind: "bin", type: "blob", name: binName(name, "Exp.blobBin") });
}

/** A GeoJSON bin, see {@link bin}. */
function geoBin(name: string): Expression<"geo"> {
  return new Expression({ kind: "bin", type: "geo", name: binName(name, "Exp.geoBin") });
}

/** A list bin, see {@link bin}. */
function listBin(name: string): Expression<"list"> {
  return new Expression({ kind: "bin", type: "list", name: binName(name, "Exp.listBin") });
}

/** A map bin, see {@link bin}. */
function mapBin(name: string): Expression<"map"> {
  return new Expression({ kind: "bin", type: "map", name: binName(name, "Exp.mapBin") });
}

/** A HyperLogLog bin, see {@link bin}. */
function hllBin(name: string): Expression<"hll"> {
  return new Expression({ kind: "bin", type: "hll", name: binName(name, "Exp.hllBin") });
}

/** How the presence of a bin is asked for. */
export interface BinExistsOptions {
  /**
   * As an operation of its own, which takes server 8.2. Default: false, a comparison of the bin's type, which every server
   * knows and which means the same.
   */
  readonly opCode?: boolean;
}

/** Whether the record has the bin, whatever its type: `binType(name) != 0`. Never unknown. */
function binExists(name: string, options: BinExistsOptions = {}): Expression<"bool"> {
  checkOptions<BinExistsOptions>("Exp.binExists", options, { opCode: true });
  if (options.opCode === true)
    return new Expression({ kind: "binExists", type: "bool", name: binName(name, "Exp.binExists") });
  const type = binTypeNode(name, "Exp.binExists");
  return new Expression(opNode(ExpOp.NE, [type, { kind: "const", type: "int", value: 0 }]));
}

/**
 * The bin's type as its particle type number (1 integer, 2 float, 3 string, 4 blob, 17 bool, 18 HLL, 19 map, 20 list,
 * 23 GeoJSON), 0 when the record has no such bin. Never unknown.
 */
function binType(name: string): Expression<"int"> {
  return new Expression(binTypeNode(name, "Exp.binType"));
}

function binTypeNode(name: string, where: string) {
  return { kind: "binType", type: "int", name: binName(name, where) } as const;
}

/** Bins, for {@link Exp}. */
export const bins = {
  bin,
  binExists,
  binType,
  blobBin,
  boolBin,
  floatBin,
  geoBin,
  hllBin,
  intBin,
  listBin,
  mapBin,
  stringBin,
};
