import { Operation } from "./operation.js";

/** An operation on one certain node, about no record: one attempt, unless the kind says otherwise. */
export abstract class NodeOperation<T> extends Operation<T> {
  protected get isPinned(): boolean {
    return true;
  }

  protected get maxRetries(): number {
    return 0;
  }

  protected get key(): undefined {
    return undefined;
  }

  protected get namespace(): string | undefined {
    return undefined;
  }

  protected get setName(): string | undefined {
    return undefined;
  }
}
