import fc from "fast-check";
import { runs } from "./runs.js";

// How often properties are tried that don't say it themselves; fast-check would try each a hundred times.
fc.configureGlobal({ numRuns: runs(40) });
