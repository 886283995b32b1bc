// `aerowire/packed`: any structured JavaScript value as one BLOB, through msgpackr, which has to be installed beside.

export { type PackedOptions, packed, packedBin, unpacked } from "./packed.js";
export { PackedError } from "./packed-error.js";
