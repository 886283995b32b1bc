// What the client loads when it is first needed, loaded at once: under a virtual clock nothing waits for a file to be read.
import "../../src/background/background-run.js";
import "../../src/background/explanation.js";
import "../../src/background/preflight.js";
import "../../src/campaign/campaign-start.js";
import "../../src/campaign/campaigns.js";
import "../../src/campaign/watch-jobs.js";
import "../../src/records/queries/aggregation.js";
import "../../src/records/queries/data-set-query.js";
import "../../src/records/queries/query-explanation.js";
