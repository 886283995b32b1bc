// What is measured: each row of the table, by its name. `work` is what a client does, `size` what it is done to;
// `at` how many are in flight unless the command line says otherwise. `tls`: through a proxy that speaks TLS; `threads`:
// by so many worker threads, each with a client of its own, which have the requests in flight between them.

/** What is counted as one, in rates and CPU. */
const COMMAND = "command";
const RECORD = "record";

const single = (work, more = {}) => ({ work, unit: COMMAND, at: [1, 16, 128], ...more });
const values = (size) => ({
  [`get-${size}`]: single("getBytes", { size, at: [16] }),
  [`put-${size}`]: single("putBytes", { size, at: [16] }),
});

export const WORKS = {
  get: single("get"),
  put: single("put"),
  operate: single("operate"),
  update: single("update"),
  batch: { work: "batch", size: 100, unit: RECORD, at: [1, 16] },
  scan: { work: "scan", unit: RECORD, at: [1] },
  background: { work: "background", size: 1_000, unit: "job", at: [1] },
  ...values(100),
  ...values(1_000),
  ...values(10_000),
  ...values(100_000),
  ...values(1_000_000),
  "get-map": single("getMap", { size: 10_000, at: [16] }),
  "put-map": single("putMap", { size: 10_000, at: [16] }),
  "tls-get": single("get", { tls: true }),
  "tls-put": single("put", { tls: true }),
  "get-1-thread": single("get", { threads: 1, at: [256] }),
  "get-2-threads": single("get", { threads: 2, at: [256] }),
};

/** Programs know these by the names on the right. */
export const OF_PROGRAMS = { get: "get", put: "put", batch: "batch100", scan: "scan", background: "background" };

/** The sets and records that all clients work on, programs included. */
export const NAMESPACE = "test";
export const SET = "bench";
export const JOB_SET = "bench1k";
export const VALUES_SET = "bench_values";
/** Values of each size: few, for a megabyte each is a lot. */
export const VALUES = 64;

export const binsOf = (i) => ({ name: `user-${String(i).padStart(15, "0")}`, age: i % 100, score: i + 0.5 });

/** Bytes that begin with their size, so that a wrong value shows. */
export function bytesOf(size) {
  const bytes = Buffer.alloc(size, 0x61);
  bytes.writeUInt32BE(size);
  return bytes;
}

export const mapOf = (entries) =>
  Object.fromEntries(Array.from({ length: entries }, (_, i) => [`entry-${String(i).padStart(6, "0")}`, i]));
