import { alternatives } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { socketTimeoutOf } from "./attempt-time.js";
import { checkPatch, isSetting, SETTINGS, type Settings, type SettingsPatch } from "./settings.js";

/** What a command does, as far as its settings go. */
export type CommandKind = "read" | "writeRetryable" | "writeNonRetryable";
/** One record, several at once, or whatever a query finds. */
export type CommandShape = "point" | "batch" | "query";
/** Available (AP) or strong-consistency (SC) namespace. */
export type NamespaceMode = "ap" | "sc";

/**
 * Changes by the commands that they apply to. Later rows of each list win: general first, special last. Only `readsQuery`
 * and `writesQuery` set `totalTimeout` for queries, and for background tasks and administration.
 */
export interface BehaviorChanges {
  readonly all?: SettingsPatch;
  readonly reads?: SettingsPatch;
  readonly readsAp?: SettingsPatch;
  readonly readsSc?: SettingsPatch;
  readonly readsPoint?: SettingsPatch;
  readonly readsBatch?: SettingsPatch;
  readonly readsQuery?: SettingsPatch;
  readonly writes?: SettingsPatch;
  readonly writesAp?: SettingsPatch;
  readonly writesSc?: SettingsPatch;
  readonly writesRetryable?: SettingsPatch;
  readonly writesNonRetryable?: SettingsPatch;
  readonly writesPoint?: SettingsPatch;
  readonly writesBatch?: SettingsPatch;
  readonly writesQuery?: SettingsPatch;
  /** Commit of a transaction: the check that what it has read is still so. */
  readonly systemTxnVerify?: TxnStepPatch;
  /** End of a transaction: its mark, and what makes each write the record or takes it back. */
  readonly systemTxnRoll?: TxnStepPatch;
}

/** The steps that end a transaction. */
export type TxnStep = "verify" | "roll";
/** What can be changed about them. */
export type TxnStepPatch = Pick<SettingsPatch, (typeof TXN_STEP_SETTINGS)[number]>;
const TXN_STEP_SETTINGS = ["totalTimeout", "socketTimeout", "maxRetries", "retryDelay"] as const;

const TXN_SCOPES = { verify: "systemTxnVerify", roll: "systemTxnRoll" } as const;

/** What {@link BehaviorChanges} can name. */
export const SCOPES = [
  "all",
  "reads",
  "readsAp",
  "readsSc",
  "readsPoint",
  "readsBatch",
  "readsQuery",
  "writes",
  "writesAp",
  "writesSc",
  "writesRetryable",
  "writesNonRetryable",
  "writesPoint",
  "writesBatch",
  "writesQuery",
  "systemTxnVerify",
  "systemTxnRoll",
] as const;
export type Scope = (typeof SCOPES)[number];
type Patches = { readonly [S in Scope]?: SettingsPatch };

const KINDS: readonly CommandKind[] = ["read", "writeRetryable", "writeNonRetryable"];
const SHAPES: readonly CommandShape[] = ["point", "batch", "query"];
const MODES: readonly NamespaceMode[] = ["ap", "sc"];

const ROOT: Settings = {
  totalTimeout: 1_000,
  socketTimeout: "auto",
  maxRetries: 2,
  retryDelay: 0,
  sendKey: false,
  durableDelete: false,
  commitLevel: "all",
  replica: "sequence",
  readModeAp: "one",
  readModeSc: "session",
  readTouchTtlPercent: 0,
  allowInline: true,
  allowInlineSsd: false,
  compress: false,
  errorDetailVerbosity: "message",
};

/** Whoever shortens commands does not mean to give up a commit half-way, so these steps inherit from nothing else. */
const TXN_ROOT: Settings = {
  ...ROOT,
  totalTimeout: 10_000,
  socketTimeout: 3_000,
  maxRetries: 5,
  retryDelay: 1_000,
  sendKey: false,
  durableDelete: true,
  replica: "master",
  readModeSc: "linearize",
};

/**
 * A named set of settings for every kind of command: timeouts, retries, replicas, consistency. Behaviors form a tree;
 * each says only what differs from its parent. Derive one when the program starts, not for every request: a parent
 * keeps its children.
 *
 * @example
 * const patient = Behavior.DEFAULT.deriveWithChanges("patient", {
 *   all: { totalTimeout: 60_000 },
 *   reads: { maxRetries: 5 },
 * });
 * const session = client.createSession(patient);
 */
export class Behavior {
  /**
   * Commands on keys end within 1 s. Reads have 2 retries and share that time among their attempts, so that another
   * replica is asked when a node stays silent for a third of it; writes have no retries. Queries have 5, and take as long
   * as there are records. Background tasks have 30 s to start, administrative calls as much. User keys are not stored.
   */
  static readonly DEFAULT: Behavior = new Behavior("DEFAULT", undefined, {
    readsQuery: { maxRetries: 5, totalTimeout: 0 },
    writesQuery: { totalTimeout: 30_000 },
    writesNonRetryable: { maxRetries: 0 },
    writesSc: { durableDelete: true },
  });
  /** Reads of records by their keys give up soon: 50 ms an attempt, 200 ms in all, 3 retries. */
  static readonly READ_FAST: Behavior = Behavior.DEFAULT.deriveWithChanges("READ_FAST", {
    reads: { socketTimeout: 50, totalTimeout: 200, maxRetries: 3 },
    readsQuery: { socketTimeout: "auto", maxRetries: 5 },
  });
  /** Reads of strong-consistency namespaces are linearized. */
  static readonly STRICTLY_CONSISTENT: Behavior = Behavior.DEFAULT.deriveWithChanges("STRICTLY_CONSISTENT", {
    readsSc: { readModeSc: "linearize" },
  });
  /** As READ_FAST, from the preferred rack. */
  static readonly FAST_RACK_AWARE: Behavior = Behavior.READ_FAST.deriveWithChanges("FAST_RACK_AWARE", {
    reads: { replica: "preferRack" },
    readsSc: { readModeSc: "session" },
  });

  /** The name that it was derived under. */
  readonly name: string;
  #parent: Behavior | undefined;
  #patches: Patches;
  #children: Behavior[] = [];
  /** By {@link cellOf}. */
  #resolved: Settings[] = [];
  #revision = 0;

  private constructor(name: string, parent: Behavior | undefined, patches: Patches) {
    this.name = name;
    this.#parent = parent;
    this.#patches = patches;
  }

  /**
   * A behavior that its maker, and nobody else, can change later: one that a file says. It is none of its parent's children
   * unless that is one of them, too: what files say is not known to the whole process.
   * @internal
   */
  static revisable(name: string, parent: Behavior, changes: BehaviorChanges): RevisableBehavior {
    const behavior = new Behavior(name, undefined, {});
    const revise = (below: Behavior, others: BehaviorChanges): void => behavior.#revise(below, sortOut(name, others));
    revise(parent, changes);
    return { behavior, revise };
  }

  /** What it was derived from; undefined for `Behavior.DEFAULT`. */
  get parent(): Behavior | undefined {
    return this.#parent;
  }

  /** Counts the times that settings in force may have changed. @internal */
  get revision(): number {
    return this.#revision;
  }

  /** Behaviors derived from this one. */
  get children(): readonly Behavior[] {
    return [...this.#children];
  }

  /**
   * A child with some settings changed, for the commands that each scope names.
   * @throws TypeError for an unknown scope or setting, RangeError for a value outside its range
   * @example Behavior.DEFAULT.deriveWithChanges("nightly", { all: { totalTimeout: 5_000 }, readsQuery: { maxRetries: 20 } })
   */
  deriveWithChanges(name: string, changes: BehaviorChanges): Behavior {
    if (typeof name !== "string" || name === "")
      throw new TypeError(`deriveWithChanges(name): expected a name, got ${describe(name)}`);
    const child = new Behavior(name, this, sortOut(name, changes));
    this.#children.push(child);
    return child;
  }

  /** Settings in force for a command. */
  getSettings(kind: CommandKind, shape: CommandShape, mode: NamespaceMode = "ap"): Settings {
    const cell = cellOf(kind, shape, mode);
    // Shared by every command of its kind, so nobody may change it.
    this.#resolved[cell] ??= Object.freeze(this.#resolve(scopesOf(kind, shape, mode)));
    return this.#resolved[cell];
  }

  /**
   * Settings in force for a step that ends a transaction: 10 s in all, 3 s an attempt, 5 retries a second apart, unless
   * `systemTxnVerify` or `systemTxnRoll` say otherwise. No other scope changes them.
   */
  getTxnSettings(step: TxnStep): Settings {
    return this.#resolve([TXN_SCOPES[step]], TXN_ROOT);
  }

  /** This behavior or the first of that name below it, depth first. */
  findBehavior(name: string): Behavior | undefined {
    if (this.name === name) return this;
    for (const child of this.#children) {
      const found = child.findBehavior(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The whole behavior as text: what it changes, and what is in force for each kind of command. */
  explain(): string {
    const lines = [`${this.name}${this.#parent === undefined ? "" : ` (from ${this.#parent.name})`}`];
    for (const scope of SCOPES) {
      const patch = this.#patches[scope];
      if (patch !== undefined) lines.push(`  ${scope}: ${JSON.stringify(patch)}`);
    }
    for (const kind of KINDS) {
      for (const shape of SHAPES) {
        for (const mode of MODES) {
          const settings = this.getSettings(kind, shape, mode);
          const inForce = { ...settings, socketTimeout: socketTimeoutOf(kind, shape, settings) };
          lines.push(`  ${kind} ${shape} ${mode}: ${JSON.stringify(inForce)}`);
        }
      }
    }
    for (const step of ["verify", "roll"] as const) {
      lines.push(`  transaction ${step}: ${JSON.stringify(this.getTxnSettings(step))}`);
    }
    return lines.join("\n");
  }

  #revise(parent: Behavior, patches: Patches): void {
    const from = this.#parent;
    if (from !== undefined) from.#children = from.#children.filter((child) => child !== this);
    if (parent.#revision > 0) parent.#children.push(this);
    this.#parent = parent;
    this.#patches = patches;
    this.#forget();
  }

  #forget(): void {
    this.#revision++;
    this.#resolved = [];
    for (const child of this.#children) child.#forget();
  }

  #resolve(scopes: readonly Scope[], root: Settings = ROOT): Settings {
    const inherited = this.#parent === undefined ? root : this.#parent.#resolve(scopes, root);
    const hasTimeOfItsOwn = scopes.some(isOfQueries);
    let settings = inherited;
    for (const scope of scopes) {
      const patch = this.#patches[scope];
      if (patch === undefined) continue;
      const { totalTimeout } = settings;
      settings = { ...settings, ...patch };
      // Whoever is in a hurry for records by their keys does not mean to break off scans and the building of indexes.
      if (hasTimeOfItsOwn && !isOfQueries(scope)) settings = { ...settings, totalTimeout };
    }
    return settings;
  }
}

/** A behavior, and what replaces its parent and its changes. Sessions that have it carry on with what it says then. */
export interface RevisableBehavior {
  readonly behavior: Behavior;
  revise(parent: Behavior, changes: BehaviorChanges): void;
}

const BY_KIND = { read: 0, writeRetryable: 6, writeNonRetryable: 12 } as const;
const BY_SHAPE = { point: 0, batch: 2, query: 4 } as const;
const BY_MODE = { ap: 0, sc: 1 } as const;

/** A place for what is worked out once for each kind of command: a number from 0 to 17. @internal */
export function cellOf(kind: CommandKind, shape: CommandShape, mode: NamespaceMode): number {
  return BY_KIND[kind] + BY_SHAPE[shape] + BY_MODE[mode];
}

/** The scopes of what may take as long as there are records, and of tasks and administration. */
function isOfQueries(scope: Scope): boolean {
  return scope === "readsQuery" || scope === "writesQuery";
}

function scopesOf(kind: CommandKind, shape: CommandShape, mode: NamespaceMode): readonly Scope[] {
  const isSc = mode === "sc";
  if (kind === "read") {
    const byShape = { point: "readsPoint", batch: "readsBatch", query: "readsQuery" } as const;
    return ["all", "reads", isSc ? "readsSc" : "readsAp", byShape[shape]];
  }
  const byShape = { point: "writesPoint", batch: "writesBatch", query: "writesQuery" } as const;
  const retryable = kind === "writeRetryable" ? "writesRetryable" : "writesNonRetryable";
  return ["all", "writes", isSc ? "writesSc" : "writesAp", retryable, byShape[shape]];
}

function sortOut(name: string, changes: BehaviorChanges): Patches {
  if (typeof changes !== "object" || changes === null) {
    throw new TypeError(`behavior "${name}": expected an object of changes, got ${describe(changes)}`);
  }
  const patches: { [S in Scope]?: SettingsPatch } = {};
  for (const [key, value] of Object.entries(changes)) {
    if (!isScope(key)) throw noScope(name, key);
    if (value === undefined) continue;
    const where = `behavior "${name}", ${key}`;
    checkPatch(where, value);
    if (key === TXN_SCOPES.verify || key === TXN_SCOPES.roll) checkTxnStepPatch(where, value);
    patches[key] = defined(value);
  }
  return patches;
}

/** The settings that a scope can change: of the steps that end a transaction only some. */
export function settingsOf(scope: Scope): readonly (keyof Settings)[] {
  return scope === TXN_SCOPES.verify || scope === TXN_SCOPES.roll ? TXN_STEP_SETTINGS : SETTINGS;
}

/** The rest has no meaning there, and whoever gives it expects one. */
function checkTxnStepPatch(where: string, patch: SettingsPatch): void {
  for (const setting of Object.keys(patch)) {
    if (TXN_STEP_SETTINGS.some((known) => known === setting)) continue;
    throw new TypeError(`${where}: "${setting}" is fixed there; what can be set is ${TXN_STEP_SETTINGS.join(", ")}`);
  }
}

/** Settings beside the scopes would look as if they held for everything, and lose to every scope above. */
function noScope(behavior: string, key: string): TypeError {
  const where = `behavior "${behavior}"`;
  return isSetting(key)
    ? new TypeError(`${where}: the setting "${key}" needs the commands that it is for, such as { all: { ${key}: … } }`)
    : new TypeError(`${where}: there is no scope "${key}". ${alternatives(key, SCOPES)}`);
}

export function isScope(key: string): key is Scope {
  return SCOPES.some((scope) => scope === key);
}

/** Without the entries that are undefined: they would hide what is inherited. */
function defined(patch: SettingsPatch): SettingsPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
