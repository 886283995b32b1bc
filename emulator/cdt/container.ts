import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";
import { type PackedList, packList, readList } from "./packed-list.js";
import { type PackedMap, packMap, readMap } from "./packed-map.js";

export type Container = PackedList | PackedMap;

/** The list or map that a packed value is; undefined for any other value. */
export function readContainer(packed: Uint8Array): Container | undefined {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length)) return undefined;
  if (head.type === PackedType.LIST) return readList(packed);
  return head.type === PackedType.MAP ? readMap(packed) : undefined;
}

export function packContainer(container: Container): Uint8Array {
  return container.kind === "list" ? packList(container) : packMap(container);
}

export function isContainerType(type: number): boolean {
  return type === ParticleType.LIST || type === ParticleType.MAP;
}

export function containerValue(container: Container): BinValue {
  const type = container.kind === "list" ? ParticleType.LIST : ParticleType.MAP;
  return { type, bytes: packContainer(container) };
}
