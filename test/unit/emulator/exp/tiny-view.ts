import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { RecordView } from "../../../../emulator/record/record-view.js";

/** A record made of bins and nothing else worth mentioning. */
export function viewWith(bins: Readonly<Record<string, BinValue>>, rest: Partial<RecordView> = {}): RecordView {
  return {
    namespace: "test",
    setName: "s",
    digest: Uint8Array.from({ length: 20 }, (_, i) => i),
    generation: 1,
    voidTime: 0,
    lastUpdate: 0,
    now: 0,
    size: 64,
    isKeyStored: false,
    userKey: undefined,
    hasBins: true,
    bin: (name) => bins[name],
    binNames: () => Object.keys(bins),
    ...rest,
  };
}
