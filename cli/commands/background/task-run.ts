import type {
  BackgroundPlan,
  CallOptions,
  CampaignBuilder,
  CampaignOptions,
  DataSet,
  ExecuteTask,
} from "../../../src/index.js";

/** What all builders of background tasks can do. */
interface RunnableTask {
  count(options?: CallOptions): Promise<number>;
  explain(options?: CallOptions): Promise<BackgroundPlan>;
  execute(options?: CallOptions): Promise<ExecuteTask>;
  campaign(id: string, options?: CampaignOptions): CampaignBuilder;
}

/** A background task that is ready to start. */
export interface TaskRun {
  readonly target: DataSet;
  /** Such as `update`: what is asked is "Really update 12 records …?" */
  readonly verb: string;
  readonly builder: RunnableTask;
  /** Whether the name of the set has to be typed. */
  readonly destroys: boolean;
}
