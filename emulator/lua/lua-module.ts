import { bytesToText, textToBytes } from "../../lua/byte-text.js";
import { TooDeep, toReplyValue, unpackHostValue } from "../../lua/host-codec.js";
import { hostValueAt, ObjectType, pushHostValue } from "../../lua/host-stack.js";
import { HostList, HostRecord, type HostValue } from "../../lua/host-value.js";
import { LuaType, type Pointer } from "../../lua/lua-api.js";
import { HostStream } from "../../lua/stream-library.js";
import { writeName } from "../record/name.js";
import type { UdfModule, UdfRecord, UdfResult, UdfStream } from "../udf/udf-engine.js";
import type { ModuleMachine } from "./module-machine.js";
import { RecordAccess } from "./record-access.js";

/** Stack that a function may count on besides its arguments. */
const SPARE_STACK = 20;

/** As many states as a server makes of a module, to be used in turn. */
const STATES = 10;

/** Which part of an aggregation a node does: see the prelude. */
const NODE_SCOPE = 1n;

/** What servers say of a module that does not load. */
const NOT_LOADED = "UDF: Execution Error 1";

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
    const result = this.#inTurn((L) => this.#call(L, functionName, record, args, deadline)) ?? failure(NOT_LOADED);
    if (result.kind === "failure") this.#machine.logFailure(result.message);
    return result;
  }

  aggregate(functionName: string, stream: UdfStream, args: Uint8Array, deadline: number): string | undefined {
    this.#machine.enter(this.#name, functionName, true);
    const problem = this.#inTurn((L) => this.#callStream(L, functionName, stream, args, deadline)) ?? NOT_LOADED;
    if (problem === "") return undefined;
    this.#machine.logFailure(problem);
    return problem;
  }

  /** Gives the memory of its states back. */
  close(): void {
    for (const [turn, L] of this.#states.entries()) {
      if (L !== undefined) this.#machine.closeState(L);
      this.#states[turn] = undefined;
    }
  }

  /** Lends the next state; undefined when the module does not load in it. */
  #inTurn<T>(use: (L: Pointer) => T): T | undefined {
    const turn = this.#turn;
    this.#turn = (turn + 1) % STATES;
    const L = this.#states[turn] ?? this.#open();
    if (L === undefined) return undefined;
    // Lua's own stack is of no use after an exception has gone through it: then the state is not kept.
    this.#states[turn] = undefined;
    const result = use(L);
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
    if (this.#pushFunction(L, functionName) === LuaType.NIL) return failure("function not found");
    const args = unpackArgs(packedArgs);
    if (api._lua_checkstack(L, args.length + SPARE_STACK) === 0) return failure("UDF: Execution Error 2");
    lua.pushObject(L, ObjectType.RECORD, new RecordAccess(record));
    for (const arg of args) pushHostValue(lua, L, arg);
    timeLimit.start(L, deadline);
    const code = this.#machine.call(L, args.length + 1, 1);
    const value = hostValueAt(lua, L, -1);
    if (code !== 0) return failure(typeof value === "string" ? value : "result value type unexpected");
    return success(value instanceof HostRecord ? null : (value ?? null));
  }

  /** The error that ended it, or nothing. */
  #callStream(L: Pointer, functionName: string, stream: UdfStream, packedArgs: Uint8Array, deadline: number): string {
    const { lua, timeLimit } = this.#machine;
    const { api } = lua;
    const args = unpackArgs(packedArgs);
    if (api._lua_checkstack(L, args.length + SPARE_STACK) === 0) return "UDF: Execution Error 2";
    api._lua_getglobal(L, lua.name("apply_stream"));
    this.#pushFunction(L, functionName);
    lua.pushInteger(L, NODE_SCOPE);
    lua.pushObject(L, ObjectType.STREAM, new HostStream({ read: () => nextOf(stream) }));
    const write = (value: HostValue | HostRecord): void =>
      stream.put(value instanceof HostRecord ? null : toReplyValue(value));
    lua.pushObject(L, ObjectType.STREAM, new HostStream({ write }));
    for (const arg of args) pushHostValue(lua, L, arg);
    timeLimit.start(L, deadline);
    const code = this.#machine.call(L, args.length + 4, 1);
    if (code === 0) return "";
    const value = hostValueAt(lua, L, -1);
    if (value === null) return `UDF: Execution Error ${code}`;
    // The server's handler of errors wants texts, and fails itself over anything else.
    const isText = typeof value === "string" || typeof value === "bigint" || typeof value === "number";
    if (isText) return textOf(`UDF: Execution Error ${code} : ${value}`);
    return `UDF: Execution Error ${code} : bad argument #1 to '?' (string expected, got ${this.#typeAt(L)})`;
  }

  #pushFunction(L: Pointer, functionName: string): number {
    const { lua } = this.#machine;
    return lua.withText(bytesToText(writeName(functionName)), (name) => lua.api._lua_getglobal(L, name));
  }

  #typeAt(L: Pointer): string {
    return TYPE_NAMES[this.#machine.lua.api._lua_type(L, -1)] ?? "userdata";
  }
}

/** By Lua's number of the type, of those that an error can have which is no text. */
const TYPE_NAMES: Readonly<Record<number, string>> = { [LuaType.BOOLEAN]: "boolean", [LuaType.TABLE]: "table" };

function unpackArgs(packed: Uint8Array): readonly HostValue[] {
  const list = unpackHostValue(packed);
  return list instanceof HostList ? list.items : [];
}

function nextOf(stream: UdfStream): RecordAccess | undefined {
  const record = stream.next();
  return record && new RecordAccess(record);
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
  return { kind: "failure", message: textOf(text) };
}

function textOf(text: string): string {
  return new TextDecoder().decode(textToBytes(text));
}
