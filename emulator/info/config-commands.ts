import { ResultCode } from "../../protocol/result-code.js";
import { fixedNamespaceSettings, fixedNetworkSettings, fixedServiceSettings } from "../node/fixed-settings.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { Setting } from "../node/setting.js";
import { namespaceSettings, serviceSettings, setSettings } from "../node/settings.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import { type InfoParams, Longest } from "./info-params.js";
import { requiredNamespace } from "./namespace-param.js";

/** A node's settings, read and changed while it runs. */
export const configCommands: InfoCommands = {
  "get-config": getConfig,
  "config-get": getConfig,
  "set-config": setConfig,
  "config-set": setConfig,
  "get-stats": ({ params }) => {
    if (params.required("context", Longest.ANY) === "xdr") return "";
    throw new InfoError(ResultCode.PARAMETER_ERROR, "unknown context");
  },
};

/** A namespace's settings as `name=value`, those that can't be changed included. */
export function namespaceConfig(namespace: NodeNamespace): string[] {
  return [
    ...show(namespaceSettings, namespace.settings),
    ...fixedNamespaceSettings,
    `replication-factor=${namespace.settings.replicationFactor}`,
    `mrt-duration=${namespace.settings.mrtDuration}`,
    `strong-consistency=${namespace.settings.strongConsistency}`,
    "index-type=mem",
    "sindex-type=mem",
    "storage-engine=memory",
  ];
}

function getConfig(call: InfoCall): string {
  const { params } = call;
  if (params.text === "") return [...service(call), ...network(call)].join(";");
  switch (params.required("context", Longest.ANY)) {
    case "service":
      return service(call).join(";");
    case "network":
      return network(call).join(";");
    case "namespace":
      return namespaceConfig(requiredNamespace(call, "id")).join(";");
    case "security":
    case "xdr":
      return "";
    default:
      throw new InfoError(ResultCode.PARAMETER_ERROR, "invalid context");
  }
}

function network({ node }: InfoCall): string[] {
  return [
    `service.port=${node.port}`,
    `service.address=${node.host}`,
    `service.access-address=${node.host}`,
    ...fixedNetworkSettings,
  ];
}

function service({ node }: InfoCall): string[] {
  return [
    ...show(serviceSettings, node.service),
    ...fixedServiceSettings,
    `cluster-name=${node.cluster.settings.clusterName}`,
    `node-id=${node.id}`,
  ];
}

function show<S>(settings: readonly Setting<S>[], values: S): string[] {
  return settings.map((setting) => `${setting.shownAs ?? setting.name}=${setting.show(values)}`);
}

function setConfig(call: InfoCall): string {
  const { params, node } = call;
  switch (params.required("context", Longest.ANY)) {
    case "service":
      change(params, serviceSettings, node.service);
      node.jobs.forget();
      return "ok";
    case "namespace":
      setNamespaceConfig(requiredNamespace(call, "id"), params);
      return "ok";
    case "security":
    case "xdr":
      throw new InfoError(ResultCode.ENTERPRISE_ONLY, "enterprise only");
    case "network":
      throw invalid();
    default:
      throw new InfoError(ResultCode.PARAMETER_ERROR, "invalid context");
  }
}

function setNamespaceConfig(namespace: NodeNamespace, params: InfoParams): void {
  const setName = params.raw("set");
  if (setName === undefined) {
    change(params, namespaceSettings, namespace.settings);
    namespace.onSettings();
    return;
  }
  if (setName.length === 0 || setName.length > Longest.SET) throw invalid();
  change(params, setSettings, namespace.learnSet(setName));
}

/** Takes the first setting that the command names. */
function change<S>(params: InfoParams, settings: readonly Setting<S>[], values: S): void {
  const setting = settings.find(({ name }) => params.has(name));
  if (setting === undefined || !setting.take(values, params.raw(setting.name) ?? "")) throw invalid();
}

function invalid(): InfoError {
  return new InfoError(ResultCode.PARAMETER_ERROR, "invalid set-config parameter");
}
