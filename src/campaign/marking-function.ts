import type { UdfCall } from "../../protocol/command/udf-call.js";
import { registerUdf, removeUdf } from "../admin/udf.js";
import { DataSet } from "../data/data-set.js";
import type { SessionContext } from "../policy/session-context.js";

// A Lua function that a campaign calls with `.once()` is called by another one, which sets the mark first: all that a
// function does to its record is written at once when the call has ended, so that whatever it writes is written with the
// mark. Each campaign has a module of its own, since servers keep the modules that another one has loaded: with a lasting
// one they would go on calling functions that were registered again meanwhile.

const FUNCTION = "call";

function source(id: string): string {
  return `-- Made by a campaign and removed at its end: ${JSON.stringify(id).replace(/[^\x20-\x7e]/g, "?")}
function ${FUNCTION}(rec, package, name, bin, mark, ...)
  require(package)
  local change = _G[name]
  if type(change) ~= "function" then error("module " .. package .. " has no function " .. name) end
  local old = rec[bin]
  if type(mark) == "string" then
    if old == nil then old = map() end
    if getmetatable(old) ~= getmetatable(map()) then error("bin " .. bin .. " holds no map of marks") end
    old[mark] = 1
    rec[bin] = old
  else
    if old ~= nil and type(old) ~= "number" then error("bin " .. bin .. " holds no number that is a mark") end
    rec[bin] = mark
  end
  local result = change(rec, ...)
  if aerospike:exists(rec) then aerospike:update(rec) end
  return result
end
`;
}

const REMOVE_MS = 30_000;

/** The module's name, without `.lua`. */
function moduleOf(id: string): string {
  const { digest } = DataSet.ofNamespace("campaign").id(id);
  return `aw_once_${Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The call that marks the record and calls the function. */
export function markingCall(call: UdfCall, bin: string, mark: string | number, id: string): UdfCall {
  return { package: moduleOf(id), function: FUNCTION, args: [call.package, call.function, bin, mark, ...call.args] };
}

/** Puts the module on every node. */
export async function registerMarking(context: SessionContext, id: string): Promise<void> {
  const task = await registerUdf(context, source(id), `${moduleOf(id)}.lua`, {});
  await task.waitTillComplete();
}

/** Takes it away again. A campaign does not wait for ever at its end for a node that is silent. */
export async function removeMarking(context: SessionContext, id: string): Promise<void> {
  const task = await removeUdf(context, `${moduleOf(id)}.lua`, {});
  await task.waitTillComplete({ totalTimeout: REMOVE_MS });
}
