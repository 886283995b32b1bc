import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { usage } from "../failure.js";

/** How far an export has come; beside its file until it is done. */
export interface Checkpoint {
  /** What was asked; another question can't go on from here. */
  readonly asked: string;
  readonly cursor: string;
  /** Bytes of the file that count; what stands behind them was not finished. */
  readonly bytes: number;
  readonly records: number;
}

function checkpointPath(file: string): string {
  return `${file}.cursor`;
}

/** Writes it whole or not at all. */
export async function saveCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const path = checkpointPath(file);
  await writeFile(`${path}.new`, `${JSON.stringify(checkpoint)}\n`);
  await rename(`${path}.new`, path);
}

export async function removeCheckpoint(file: string): Promise<void> {
  await rm(checkpointPath(file), { force: true });
}

/** @throws CliError when there is none, or it is of another question */
export async function loadCheckpoint(file: string, asked: string): Promise<Checkpoint> {
  const path = checkpointPath(file);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw usage(`--resume: there is no ${path}: the export was never begun, or it was finished`);
  }
  const checkpoint = parse(text, path);
  if (checkpoint.asked !== asked) {
    throw usage(`--resume: ${path} is of another export: ${checkpoint.asked}; this one is ${asked}`);
  }
  return checkpoint;
}

function parse(text: string, path: string): Checkpoint {
  try {
    const { asked, cursor, bytes, records } = JSON.parse(text) as Checkpoint;
    if (
      typeof asked === "string" &&
      typeof cursor === "string" &&
      Number.isSafeInteger(bytes) &&
      Number.isSafeInteger(records)
    ) {
      return { asked, cursor, bytes, records };
    }
  } catch {
    // The same as what is no checkpoint.
  }
  throw usage(`--resume: ${path} is no checkpoint of an export`);
}

/** The file, cut behind what counts. */
export async function reopen(file: string, bytes: number): ReturnType<typeof open> {
  const handle = await open(file, "r+");
  const { size } = await handle.stat();
  if (size < bytes) {
    await handle.close();
    throw usage(`--resume: ${file} has ${size} bytes, and the export had come to ${bytes}: it is another file`);
  }
  await handle.truncate(bytes);
  return handle;
}
