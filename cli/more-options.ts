import type { Option } from "commander";

/** Options of this group are left out of `--help`, so that it fits a screen; `aerowire help <command>` has all. */
export const MORE = "More options:";

/** Puts an option among those that `--help` leaves out. */
export function more(option: Option): Option {
  return option.helpGroup(MORE);
}
