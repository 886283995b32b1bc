import { checkNamespace } from "../../protocol/check/check-names.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { DataSet } from "../data/data-set.js";

const DEFAULT_SET = "aerowire-campaigns";

/** The set where campaigns of a namespace are kept unless they say otherwise. */
export function defaultStore(namespace: string): DataSet<unknown> {
  return DataSet.of(namespace, DEFAULT_SET);
}

/** @param store a set, or the name of a namespace for the usual set there */
export function setOfCampaigns(store: unknown): DataSet<unknown> {
  if (store instanceof DataSet && !store.isWholeNamespace) return store;
  if (typeof store !== "string") {
    throw new TypeError(
      `campaigns(store): expected the name of a namespace, or a DataSet with a set, got ${describe(store)}`,
    );
  }
  checkNamespace(store);
  return defaultStore(store);
}
