import type { CampaignStatus } from "../background/campaign-api/checkpoint.js";
import type { CampaignEvent, CampaignMessage } from "../background/campaign-api/events.js";
import type { LoggedCampaign } from "../cluster/logger.js";
import { tell } from "../cluster/tell.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Definition } from "./definition.js";
import type { DistributiveOmit } from "./distributive-omit.js";

/** An event before it is said of which campaign. */
export type NewEvent = DistributiveOmit<CampaignEvent, "campaign">;

/** Tells what a campaign does and decides: to the handler of its run, and to who listens on `aerowire:campaign`. */
export class CampaignObserver {
  readonly #context: SessionContext;
  readonly #id: string;
  readonly #definition: Definition;
  readonly #onEvent: ((event: CampaignEvent) => void) | undefined;

  constructor(
    context: SessionContext,
    id: string,
    definition: Definition,
    onEvent: ((event: CampaignEvent) => void) | undefined,
  ) {
    this.#context = context;
    this.#id = id;
    this.#definition = definition;
    this.#onEvent = onEvent;
  }

  tell(event: NewEvent, status: CampaignStatus): void {
    const whole: CampaignEvent = { campaign: this.#id, ...event };
    const channel = this.#context.cluster.diagnostics.campaign;
    if (channel.hasSubscribers) {
      const { kind, namespace, setName } = this.#definition;
      const message: CampaignMessage & LoggedCampaign = {
        attributes: {
          "db.system.name": "aerospike",
          "db.operation.name": `campaign ${kind}`,
          "db.namespace": namespace,
          ...(setName !== "" && { "db.collection.name": setName }),
        },
        event: whole,
        status,
      };
      channel.publish(message);
    }
    if (this.#onEvent !== undefined) tell("onEvent handler", this.#onEvent, whole);
  }
}
