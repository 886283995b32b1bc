import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const MODULES = fileURLToPath(new URL("./node_modules/", import.meta.url));
const require = createRequire(import.meta.url);

/** Where a package is that is installed beside these tests, as not every `npm ci` needs it. */
export function consumerFolder(name: string): string {
  const folder = join(MODULES, name);
  if (!existsSync(folder)) throw new Error(`The package ${name} is missing: npm run package:install`);
  return folder;
}

/** Such a package. */
export async function consumer<T>(name: string): Promise<T> {
  consumerFolder(name);
  return import(pathToFileURL(require.resolve(name)).href) as Promise<T>;
}
