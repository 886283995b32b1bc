/** A named setting of `get-config` and `set-config`. */
export interface Setting<S> {
  /** By which it is changed. */
  readonly name: string;
  /** By which it is shown, where that is another. */
  readonly shownAs?: string;
  show(settings: S): string;
  /** Takes a new value from text; false when the server would refuse it. */
  take(settings: S, text: string): boolean;
}

type Fields<K extends PropertyKey, T> = { [P in K]: T };

/** What "-1" stands for in settings that can be switched off with it. */
export const NEVER = 0xffff_ffff;

export function numberSetting<K extends string>(
  name: string,
  key: K,
  least = 0,
  most = 0x7fff_ffff,
): Setting<Fields<K, number>> {
  return {
    name,
    show: (settings) => String(settings[key]),
    take: (settings, text) => store(settings, key, parseInteger(text), least, most),
  };
}

/** A span of time in seconds; `m`, `h` and `d` are taken as units. */
export function secondsSetting<K extends string>(name: string, key: K, most = 0xffff_ffff): Setting<Fields<K, number>> {
  return {
    name,
    show: (settings) => String(settings[key]),
    take: (settings, text) => store(settings, key, parseSeconds(text), 0, most),
  };
}

export function booleanSetting<K extends string>(name: string, key: K): Setting<Fields<K, boolean>> {
  return {
    name,
    show: (settings) => String(settings[key]),
    take(settings, text) {
      if (text !== "true" && text !== "false") return false;
      settings[key] = text === "true";
      return true;
    },
  };
}

/** Takes "-1" too, as {@link NEVER}. */
export function orNever<K extends string>(inner: Setting<Fields<K, number>>, key: K): Setting<Fields<K, number>> {
  return {
    ...inner,
    take(settings, text) {
      if (text !== "-1") return inner.take(settings, text);
      settings[key] = NEVER;
      return true;
    },
  };
}

function store<K extends string>(
  settings: Fields<K, number>,
  key: K,
  value: number | undefined,
  least: number,
  most: number,
): boolean {
  if (value === undefined || value < least || value > most) return false;
  settings[key] = value;
  return true;
}

function parseInteger(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

const units: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

function parseSeconds(text: string): number | undefined {
  const match = /^(\d+)([smhd]?)$/i.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (units[(match[2] ?? "").toLowerCase()] ?? 1);
}
