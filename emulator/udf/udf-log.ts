/** A line that a function of a user wrote with `warn`, `info`, `debug`, `trace` or `print`, or the error that ended it. */
export interface UdfLogEntry {
  readonly level: "error" | "warn" | "info" | "debug" | "trace";
  readonly message: string;
  /** The module, as requests name it; of a line that is written while a module is being registered, its file. */
  readonly module: string;
  /** Empty for what runs when the module is loaded. */
  readonly functionName: string;
}

/** Takes what user-defined functions write, line by line. */
export type UdfLog = (entry: UdfLogEntry) => void;
