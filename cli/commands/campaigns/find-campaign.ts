import { CampaignError, type CampaignInfo, type Campaigns } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import type { OpenCluster } from "../../connection/open-cluster.js";
import { ExitCode } from "../../exit-code.js";
import { CliError, usage } from "../../failure.js";
import { parseTarget } from "../../values/target.js";

export const STORE_HELP = "the namespace, or the set, that keeps it; default: looked for in all namespaces";

/** A campaign, and the store that it is in. */
export interface FoundCampaign {
  readonly campaigns: Campaigns;
  readonly info: CampaignInfo;
}

/** The stores that are meant: the one that is named, else the usual ones of all namespaces. */
export function storesOf({ cluster }: OpenCluster, store: string | undefined): Campaigns[] {
  const tasks = cluster.createSession().backgroundTask();
  if (store === undefined) return [...cluster.namespaces].sort().map((namespace) => tasks.campaigns(namespace));
  const target = parseTarget(store);
  return [tasks.campaigns(target.isWholeNamespace ? target.namespace : target)];
}

/** @throws CliError when there is none of this id, or several */
export async function findCampaign(
  cli: Cli,
  open: OpenCluster,
  id: string,
  store: string | undefined,
): Promise<FoundCampaign> {
  const found: FoundCampaign[] = [];
  for (const campaigns of storesOf(open, store)) {
    try {
      found.push({ campaigns, info: await campaigns.show(id, { signal: cli.signal }) });
    } catch (error) {
      if (!(error instanceof CampaignError) || error.code !== "CAMPAIGN_NOT_FOUND") throw error;
    }
  }
  const [first, second] = found;
  if (first === undefined) throw new CliError(ExitCode.NOT_FOUND, `There is no campaign "${id}"`);
  if (second !== undefined) throw usage(`there are several campaigns "${id}": say which namespace with --store`);
  return first;
}
