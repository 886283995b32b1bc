import { bytesToText, textToBytes } from "../../lua/byte-text.js";
import { TooDeep, toReplyValue, unpackHostValue } from "../../lua/host-codec.js";
import { hostValueAt, ObjectType, pushHostValue } from "../../lua/host-stack.js";
import { HostList, HostRecord, type HostValue } from "../../lua/host-value.js";
import { LuaType, type Pointer } from "../../lua/lua-api.js";
import { writeName } from "../record/name.js";
import type { UdfModule, UdfRecord, UdfResult } from "../udf/udf-engine.js";
import type { ModuleMachine } from "./module-machine.js";
import { RecordAccess } from "./record-access.js";

/** Stack that a function may count on besides its arguments. */
const SPARE_STACK = 20;

/** As many states as a server makes of a module, to be used in turn. */
const STATES = 10;

/** A module, and the states that its calls take in turn: what one leaves in globals, the tenth after it finds. */
export class LuaModule implements UdfModule {
  readonly #machine: ModuleMachine;
  readonly #name: string;
  readonly #states: (Pointer | undefined)[] = new Array(STATES).fill(undefined);
  #turn = 0;

  constructor(machine: ModuleMachine, name: string) {
    this.#machine = machine;
    this.#name = name;
  }

  run(functionName: string, record: UdfRecord, args: Uint8Array, deadline: number): UdfResult {
    this.#machine.enter(this.#name, functionName);
    const result = this.#runInTurn(functionName, record, args, deadline);
    if (result.kind === "failure") this.#machine.logFailure(result.message);
    return result;
  }

  /** Gives the memory of its states back. */
  close(): void {
    for (const [turn, L] of this.#states.entries()) {
      if (L !== undefined) this.#machine.closeState(L);
      this.#states[turn] = undefined;
    }
  }

  #runInTurn(functionName: string, record: UdfRecord, args: Uint8Array, deadline: number): UdfResult {
    const turn = this.#turn;
    this.#turn = (turn + 1) % STATES;
    const L = this.#states[turn] ?? this.#open();
    if (L === undefined) return failure("UDF: Execution Error 1");
    // Lua's own stack is of no use after an exception has gone through it: then the state is not kept.
    this.#states[turn] = undefined;
    const result = this.#call(L, functionName, record, args, deadline);
    this.#machine.lua.api._lua_settop(L, 0);
    this.#states[turn] = L;
    return result;
  }

  /** A state with the module loaded; undefined when it does not load. */
  #open(): Pointer | undefined {
    const { lua } = this.#machine;
    const L = this.#machine.newState();
    lua.api._lua_getglobal(L, lua.name("require"));
    lua.pushText(L, bytesToText(writeName(this.#name)));
    if (this.#machine.call(L, 1, 0) !== 0) {
      this.#machine.closeState(L);
      return undefined;
    }
    return L;
  }

  #call(L: Pointer, functionName: string, record: UdfRecord, packedArgs: Uint8Array, deadline: number): UdfResult {
    const { lua, timeLimit } = this.#machine;
    const { api } = lua;
    const type = lua.withText(bytesToText(writeName(functionName)), (name) => api._lua_getglobal(L, name));
    if (type === LuaType.NIL) return failure("function not found");
    const list = unpackHostValue(packedArgs);
    const args = list instanceof HostList ? list.items : [];
    if (api._lua_checkstack(L, args.length + SPARE_STACK) === 0) return failure("UDF: Execution Error 2");
    lua.pushObject(L, ObjectType.RECORD, new RecordAccess(record));
    for (const arg of args) pushHostValue(lua, L, arg);
    timeLimit.start(L, deadline);
    const code = this.#machine.call(L, args.length + 1, 1);
    const value = hostValueAt(lua, L, -1);
    if (code !== 0) return failure(typeof value === "string" ? value : "result value type unexpected");
    return success(value instanceof HostRecord ? null : (value ?? null));
  }
}

function success(value: HostValue): UdfResult {
  try {
    return { kind: "success", value: toReplyValue(value) };
  } catch (error) {
    if (error instanceof TooDeep) return failure(error.message);
    throw error;
  }
}

function failure(text: string): UdfResult {
  return { kind: "failure", message: new TextDecoder().decode(textToBytes(text)) };
}
