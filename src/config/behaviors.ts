import { alternatives } from "../../protocol/check/check-options.js";
import { Behavior, isScope, SCOPES, type Scope, settingsOf } from "../policy/behavior.js";
import { isSetting, refusalOf, type Settings, type SettingsPatch } from "../policy/settings.js";
import { ConfigError } from "./config-error.js";
import type { NamedBehavior } from "./configuration.js";
import type { Place } from "./place.js";

/** What a behavior of a document can be derived from without that being in the document. */
export const PREDEFINED: ReadonlyMap<string, Behavior> = new Map(
  [Behavior.DEFAULT, Behavior.READ_FAST, Behavior.FAST_RACK_AWARE, Behavior.STRICTLY_CONSISTENT].map((behavior) => [
    behavior.name,
    behavior,
  ]),
);

export const DEFAULT = Behavior.DEFAULT.name;

/** @throws ConfigError */
export function readBehaviors(place: Place | undefined): ReadonlyMap<string, NamedBehavior> {
  const behaviors = new Map(place?.entries().map(([name, each]) => [name, readBehavior(name, each)] as const));
  for (const [name, { parent }] of behaviors) {
    const path = `${place?.path}.${name}`;
    if (name !== DEFAULT && PREDEFINED.has(name)) {
      throw new ConfigError(path, `"${name}" is predefined; of these only ${DEFAULT} can be changed`);
    }
    if (!behaviors.has(parent) && !PREDEFINED.has(parent)) {
      const known = alternatives(parent, [...new Set([...behaviors.keys(), ...PREDEFINED.keys()])]);
      throw new ConfigError(`${path}.parent`, `there is no behavior "${parent}". ${known}`);
    }
    checkLineage(path, name, behaviors);
  }
  return behaviors;
}

function readBehavior(name: string, place: Place): NamedBehavior {
  const changes: { [S in Scope]?: SettingsPatch } = {};
  let parent = DEFAULT;
  for (const [key, each] of place.entries()) {
    if (key === "parent") {
      if (name === DEFAULT) each.refuseSecret(`${DEFAULT} is what all others are derived from, and has no parent`);
      parent = each.text();
    } else if (isScope(key)) changes[key] = readPatch(key, each);
    else if (isSetting(key)) {
      each.refuseSecret(`the setting needs the commands that it is for, such as all: { ${key}: … }`);
    } else each.refuseName("scope", ["parent", ...SCOPES]);
  }
  return { parent, changes };
}

function readPatch(scope: Scope, place: Place): SettingsPatch {
  const known = settingsOf(scope);
  const entries = place.entries().map(([name, each]) => {
    if (!isSetting(name) || !known.includes(name)) return each.refuseName("setting", known);
    return [name, readSetting(name, each)] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws ConfigError for a value that the setting can't have */
export function readSetting<K extends keyof Settings>(name: K, place: Place): unknown {
  const allowed = refusalOf(name, place.value);
  return allowed === undefined ? place.value : place.refuse(allowed);
}

/** @throws ConfigError for behaviors that are derived from each other in a circle */
function checkLineage(path: string, name: string, behaviors: ReadonlyMap<string, NamedBehavior>): void {
  const line = [name];
  for (let at = behaviors.get(name)?.parent; at !== undefined && at !== DEFAULT; at = behaviors.get(at)?.parent) {
    line.push(at);
    if (at === name) throw new ConfigError(`${path}.parent`, `expected no circle, got ${line.join(" -> ")}`);
    if (line.length > behaviors.size + 1) return;
  }
}
