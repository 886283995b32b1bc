import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { addAel } from "./ael/index.js";
import { addBackground } from "./background/index.js";
import { addCampaigns } from "./campaigns/index.js";
import { addEmulator } from "./cluster/emulator.js";
import { addInfo } from "./cluster/info.js";
import { addNodes } from "./cluster/nodes.js";
import { addSets } from "./cluster/sets.js";
import { addJobs } from "./jobs/index.js";
import { addDelete } from "./records/delete.js";
import { addExists } from "./records/exists.js";
import { addExport } from "./records/export.js";
import { addGet } from "./records/get.js";
import { addImport } from "./records/import.js";
import { addPut } from "./records/put.js";
import { addQuery } from "./records/query.js";
import { addIndex } from "./sindex/index.js";
import { addUdf } from "./udf/index.js";

/** All commands, in the order of the help. */
export const COMMANDS: readonly ((program: Command, cli: Cli) => void)[] = [
  addQuery,
  addGet,
  addPut,
  addDelete,
  addExists,
  addExport,
  addImport,
  addBackground,
  addCampaigns,
  addJobs,
  addNodes,
  addSets,
  addInfo,
  addIndex,
  addUdf,
  addAel,
  addEmulator,
];
