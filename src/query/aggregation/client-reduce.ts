import type { FinalReduce, ReduceLimits } from "../../../lua/final-reduce.js";
import { encodeUtf8 } from "../../../protocol/bytes/utf8.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { checkUdfFileName } from "../../../protocol/check/check-names.js";
import type { UdfCall } from "../../../protocol/command/udf-call.js";
import { parseInfoError } from "../../../protocol/info/info-error.js";
import { udfGet } from "../../../protocol/info/udf-commands.js";
import { parseUdfSource } from "../../../protocol/info/udf-info.js";
import { ResultCode } from "../../../protocol/result-code.js";
import { ResultError } from "../../../protocol/result-error.js";
import { packValue } from "../../../protocol/value/pack.js";
import type { RawValue } from "../../../protocol/value/raw-value.js";
import type { ClusterCore } from "../../cluster/cluster-core.js";
import { parseInfo } from "../../cluster/info-client.js";
import { describeContext, errorOfResult } from "../../errors/error-of-result.js";
import { AerospikeError } from "../../errors/errors.js";
import { UdfError } from "../../errors/udf-error.js";
import type { Deadline } from "../../time/deadline.js";

/** What the client's part of an aggregation is made from. */
export interface ClientReduceOptions extends ReduceLimits {
  readonly namespace: string;
  readonly setName: string;
  readonly call: UdfCall;
  /** Sources of modules by name. Those that are missing come from a server. */
  readonly sources: Readonly<Record<string, string | Uint8Array>>;
}

type LuaModule = typeof import("../../../lua/final-reduce.js");

/**
 * The end of an aggregation, which Lua does in the client; see `FinalReduce`. Lua is loaded here and nowhere else.
 */
export class ClientReduce {
  readonly #cluster: ClusterCore;
  readonly #options: ClientReduceOptions;
  readonly #deadline: Deadline;
  readonly #lua: LuaModule;
  readonly #reduce: FinalReduce;
  #isOver = false;

  private constructor(
    cluster: ClusterCore,
    options: ClientReduceOptions,
    deadline: Deadline,
    lua: LuaModule,
    reduce: FinalReduce,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#deadline = deadline;
    this.#lua = lua;
    this.#reduce = reduce;
  }

  /**
   * Loads Lua and the module, and calls the function, up to where it needs values.
   * @throws AerospikeError that says what to install; UdfError when there is no such module or function, or it fails
   */
  static async start(cluster: ClusterCore, options: ClientReduceOptions, deadline: Deadline): Promise<ClientReduce> {
    const lua = await import("../../../lua/final-reduce.js");
    const { runtime } = cluster;
    const { call, memoryBytes, instructions } = options;
    const args = new Writer(64);
    packValue(args, call.args);
    let reduce: FinalReduce;
    try {
      reduce = await lua.FinalReduce.start({
        module: call.package,
        functionName: call.function,
        args: args.take(),
        memoryBytes,
        instructions,
        wallClock: () => runtime.wallClock(),
        seed: runtime.randomBigint64(),
      });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AerospikeError(`aggregate: the last part of an aggregation runs in the client. ${why}`, { cause });
    }
    const started = new ClientReduce(cluster, options, deadline, lua, reduce);
    await started.#goOn();
    return started;
  }

  /** Whether no value that is given would make a difference any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The next value that has come out; undefined when none has. */
  take(): RawValue | undefined {
    return this.#reduce.take();
  }

  /** Gives a value of the nodes; undefined: there are no more. @throws UdfError */
  async give(value: RawValue | undefined): Promise<void> {
    this.#inLua(() => this.#reduce.giveValue(value));
    await this.#goOn();
  }

  async #goOn(): Promise<void> {
    for (;;) {
      const need = this.#inLua(() => this.#reduce.goOn());
      if (need.kind === "nothing") this.#isOver = true;
      if (need.kind !== "source") return;
      this.#reduce.giveSource(await this.#source(need.module));
    }
  }

  /** The source of a module; undefined when there is none. */
  async #source(module: string): Promise<Uint8Array | undefined> {
    const { sources } = this.#options;
    const given = Object.hasOwn(sources, module) ? sources[module] : undefined;
    if (given !== undefined) return typeof given === "string" ? encodeUtf8(given) : given;
    const fileName = `${module.replaceAll(".", "/")}.lua`;
    try {
      checkUdfFileName(fileName);
    } catch {
      return undefined;
    }
    const command = udfGet(fileName);
    const value = (await this.#cluster.infoOnAny([command], this.#deadline)).get(command) ?? "";
    const isMissing = parseInfoError(value)?.message === "not_found";
    return isMissing ? undefined : parseInfo(value, { operation: `read ${fileName}` }, parseUdfSource);
  }

  #inLua<T>(run: () => T): T {
    const { LuaError, LimitReached } = this.#lua;
    const { namespace, setName, call, memoryBytes, instructions } = this.#options;
    const about = { operation: "aggregate, in the client", namespace, setName };
    try {
      return run();
    } catch (error) {
      if (error instanceof LuaError)
        throw errorOfResult(new ResultError(ResultCode.UDF_EXECUTION, error.message), about);
      if (!(error instanceof LimitReached)) throw error;
      const limits = `maxMemory ${memoryBytes}, maxInstructions ${instructions}`;
      const message = `${call.package}.${call.function} took ${error.message}; allowed are ${limits} (${describeContext(about)})`;
      throw new UdfError(message, { code: "UDF", resultCode: ResultCode.UDF_EXECUTION });
    }
  }
}
