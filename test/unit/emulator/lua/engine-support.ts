import { createLuaEngine } from "../../../../emulator/lua/index.js";
import type { UdfEngine, UdfModule, UdfRecord, UdfResult } from "../../../../emulator/udf/udf-engine.js";
import type { UdfLogEntry } from "../../../../emulator/udf/udf-log.js";
import { systemRuntime } from "../../../../runtime/system-runtime.js";
import { fromHex, toHex } from "../cdt/recorded.js";
import { TinyUdfRecord } from "./tiny-udf-record.js";

const SECOND = 1000;

/** What functions logged. */
export const logged: UdfLogEntry[] = [];

const engine: UdfEngine = await createLuaEngine({
  runtime: systemRuntime,
  log: (entry) => void logged.push(entry),
});

/** Loads a module; throws when it does not compile. */
export function load(source: string, fileName = "m.lua"): UdfModule {
  const module = engine.compile(fileName, new TextEncoder().encode(source));
  if (!("run" in module)) throw new Error(`line ${module.line}: ${module.message}`);
  return module;
}

export function compileError(source: string, fileName = "m.lua"): unknown {
  return engine.compile(fileName, new TextEncoder().encode(source));
}

/** Applies a function with packed arguments, in hex; a call may take a second. */
export function apply(
  module: UdfModule,
  functionName: string,
  record: UdfRecord = new TinyUdfRecord(),
  args = "90",
): UdfResult {
  return module.run(functionName, record, fromHex(args), systemRuntime.now() + SECOND);
}

/** Runs the body of a function `f(rec, a, b)`: `type:hex` of its value, or the text of its failure. */
export function runBody(body: string, record: UdfRecord = new TinyUdfRecord(), args = "90"): string {
  return resultText(apply(load(`function f(rec, a, b)\n${body}\nend`), "f", record, args));
}

export function resultText(result: UdfResult): string {
  if (result.kind === "failure") return result.message;
  return result.value === null ? "nil" : `${result.value.type}:${toHex(result.value.bytes)}`;
}
