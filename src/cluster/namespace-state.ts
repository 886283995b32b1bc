import { namespaceInfo, parseNamespaceInfo } from "../../protocol/info/namespace-info.js";
import { parseSetValues, setInfo } from "../../protocol/info/set-info.js";

/**
 * What the settings and the state of a namespace, and of a set in it, mean for those who write: what one node says of
 * them. Servers name none of it when they refuse a record.
 */
export class NamespaceState {
  readonly #namespace: string;
  readonly #setName: string;
  readonly #values: ReadonlyMap<string, string>;
  readonly #setValues: ReadonlyMap<string, string>;

  private constructor(
    namespace: string,
    setName: string,
    values: ReadonlyMap<string, string>,
    setValues: ReadonlyMap<string, string>,
  ) {
    this.#namespace = namespace;
    this.#setName = setName;
    this.#values = values;
    this.#setValues = setValues;
  }

  /** What to ask a node. @param setName empty for the whole namespace */
  static commandsFor(namespace: string, setName: string): string[] {
    return [namespaceInfo(namespace), "edition", ...(setName === "" ? [] : [setInfo(namespace, setName)])];
  }

  /** Reads the reply; undefined when the node has no such namespace. */
  static of(namespace: string, setName: string, reply: ReadonlyMap<string, string>): NamespaceState | undefined {
    const values = parseNamespaceInfo(reply.get(namespaceInfo(namespace)) ?? "");
    if (values === undefined) return undefined;
    const set = setName === "" ? undefined : parseSetValues(reply.get(setInfo(namespace, setName)) ?? "");
    const edition = new Map([...values, ["edition", reply.get("edition") ?? ""]]);
    return new NamespaceState(namespace, setName, edition, set ?? new Map());
  }

  /** The most records a second that a background task may go for; undefined where the node does not say. */
  get maxRecordsPerSecond(): number | undefined {
    const most = numberIn(this.#values, "background-query-max-rps");
    return most > 0 ? most : undefined;
  }

  /** Of the set, or of the namespace when there is none; copies on the node included. */
  get records(): number {
    return numberIn(this.#setName === "" ? this.#values : this.#setValues, "objects");
  }

  /** Seconds to live of a record that is written without saying; 0 for ever. */
  get defaultTtl(): number {
    return numberIn(this.#setValues, "default-ttl") || numberIn(this.#values, "default-ttl");
  }

  get isStronglyConsistent(): boolean {
    return this.#is("strong-consistency");
  }

  get isCommunityEdition(): boolean {
    return /community/i.test(this.#values.get("edition") ?? "");
  }

  /**
   * Why a record may not be given this time to live; undefined when it may.
   * @param ttl in seconds, 0 for the server's default, below 0 for none
   */
  ttlRefusal(ttl: number): string | undefined {
    if (ttl < 0 || (ttl === 0 && this.defaultTtl === 0)) return undefined;
    if (this.#values.get("nsup-period") !== "0" || this.#is("allow-ttl-without-nsup")) return undefined;
    return `namespace ${this.#namespace} refuses a time to live (nsup-period 0 and not allow-ttl-without-nsup)`;
  }

  /** Why the namespace is out of space for every write; undefined when it is not. */
  get fullness(): string | undefined {
    return this.#is("stop_writes") ? `namespace ${this.#namespace} is full and takes no writes` : undefined;
  }

  /** Why no record of the set, or of the namespace, can be written at all: by what the server calls the cause. */
  get blocks(): ReadonlyMap<string, string> {
    const namespace = `namespace ${this.#namespace}`;
    const blocks = new Map<string, string>();
    if (this.#is("clock_skew_stop_writes")) {
      blocks.set("clock_skew_stop_writes", `${namespace} takes no writes because the nodes' clocks differ`);
    }
    if (this.#is("reject-non-xdr-writes")) {
      blocks.set("reject-non-xdr-writes", `${namespace} takes writes from other clusters only`);
    }
    const bytes = numberIn(this.#setValues, "data_used_bytes");
    const mostBytes = numberIn(this.#setValues, "stop-writes-size");
    if (mostBytes > 0 && bytes > mostBytes) {
      blocks.set("stop-writes-size", `set ${this.#setName} has ${bytes} bytes and takes no writes beyond ${mostBytes}`);
    }
    return blocks;
  }

  /** Why no record can be created in the set; undefined when it can. */
  get creationBlock(): string | undefined {
    const most = numberIn(this.#setValues, "stop-writes-count");
    if (most === 0 || this.records < most) return undefined;
    return `set ${this.#setName} has ${this.records} records and takes no new ones beyond ${most} (stop-writes-count)`;
  }

  #is(name: string): boolean {
    return this.#values.get(name) === "true";
  }
}

function numberIn(values: ReadonlyMap<string, string>, name: string): number {
  const number = Number(values.get(name));
  return Number.isSafeInteger(number) ? number : 0;
}
