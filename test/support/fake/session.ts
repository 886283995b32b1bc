import type { Behavior, Cluster, Session } from "../../../src/index.js";
import { connect } from "../../../src/index.js";
import { World } from "./world.js";

/** A client and a session on a fake cluster, on virtual time. */
export interface FakeSession {
  readonly world: World;
  readonly client: Cluster;
  readonly session: Session;
  /** Lets time pass until the promise is settled. */
  until<T>(promise: Promise<T>): Promise<T>;
}

export async function openFakeSession(
  options: ConstructorParameters<typeof World>[0] & { readonly build?: string } = {},
  behavior?: Behavior,
): Promise<FakeSession> {
  const world = new World(options);
  for (const node of world.fake.nodes) node.build = options.build ?? node.build;
  const { host, port } = world.fake.seed;
  const until = <T>(promise: Promise<T>): Promise<T> => world.runtime.until(promise, 120_000);
  const client = await until(connect(`${host}:${port}`, { transport: world.network, runtime: world.runtime }));
  return { world, client, session: client.createSession(behavior), until };
}
