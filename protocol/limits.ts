/** Bounds of the protocol and of the server; see the fact sheets of the wire for where each comes from. */

/** Largest body of one message in either direction: the server drops the socket of whoever sends more. */
export const MAX_MESSAGE_BODY = 128 * 1024 * 1024;
/**
 * Largest body of a reply that is believed. Servers send streams in pieces of a mebibyte and a record at a time beyond
 * that, and no record exceeds 8 MiB; a peer that announces more is no server, or not well.
 */
export const MAX_REPLY_BODY = 16 * 1024 * 1024;
/** Largest info reply that is read: the longest real ones, listings of hundreds of indexes, take a few MiB. */
export const MAX_INFO_BODY = 8 * 1024 * 1024;
export const MAX_NAMESPACE_BYTES = 31;
export const MAX_SET_BYTES = 63;
export const MAX_BIN_NAME_BYTES = 15;
export const MAX_INDEX_NAME_BYTES = 63;
export const MAX_UDF_NAME_BYTES = 127;
export const MAX_UDF_SOURCE_BYTES = 1_048_575;
export const MAX_OPS = 32_768;
/** Ten years in seconds. */
export const MAX_TTL_SECONDS = 315_360_000;
/** Containers deeper than this are refused, written or read: servers from 8.2.0 refuse them too. */
export const MAX_NESTING = 64;
export const PARTITIONS = 4096;
export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;
