/** What a server logs about, in the order in which it lists it. */
const CONTEXTS =
  `misc alloc arenax hardware msg os secrets socket tls vault vmapx xmem aggr appeal as audit batch batch-sub bin
  config clustering deprecation drv-mem drv_pmem drv_ssd exchange exp fabric flat geo hb health hlc index info info-command
  key-busy migrate mrt-audit mrt-monitor namespace nsup particle partition proto proxy proxy-divert query record roster rw
  rw-client security service service-list sindex skew smd storage truncate tsvc udf xdr xdr-client masking`.split(
    /\s+/,
  );

const LEVELS = ["CRITICAL", "WARNING", "INFO", "DEBUG", "DETAIL"];

/** How much a node would log. It writes no log; what operators set is kept, and shown. */
export class LogLevels {
  readonly #levels = new Map(CONTEXTS.map((context) => [context, "INFO"]));

  /** "misc:INFO;alloc:INFO;…" */
  toString(): string {
    return Array.from(this.#levels, ([context, level]) => `${context}:${level}`).join(";");
  }

  /**
   * @param context one of them, or "any" for all
   * @param level in any case
   * @returns false when there is no such context or level
   */
  set(context: string, level: string): boolean {
    const known = LEVELS.find((one) => one === level.toUpperCase());
    const contexts = context === "any" ? CONTEXTS : CONTEXTS.filter((one) => one === context);
    if (known === undefined || contexts.length === 0) return false;
    for (const one of contexts) this.#levels.set(one, known);
    return true;
  }
}
