// `aerowire/config`: how to connect and how commands behave, out of a YAML or JSON file that may change while programs run.
// YAML is read by the package yaml, which has to be installed beside it; JSON needs none.

export { Config, type ConfiguredConnectOptions } from "./config.js";
export { ConfigError } from "./config-error.js";
export type { ConfigEvent } from "./config-event.js";
export type { ConfigFormat } from "./document.js";
export { type LoadConfigOptions, loadConfig, type ParseConfigOptions, parseConfig } from "./load-config.js";
