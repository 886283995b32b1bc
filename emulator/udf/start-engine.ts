import type { Runtime } from "../../runtime/runtime.js";
import { createLuaEngine } from "../lua/index.js";
import type { UdfEngine } from "./udf-engine.js";
import type { UdfLog } from "./udf-log.js";

/** Lua; or, where its machine is not installed, the error that says so. */
export async function startEngine(runtime: Runtime, log?: UdfLog): Promise<UdfEngine | Error> {
  try {
    return await createLuaEngine({ runtime, ...(log && { log }) });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
