import type { Session } from "../../src/index.js";

/** A word that could stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What there is, for completion. Each answers nothing rather than to fail. */
export interface Lookup {
  clusters(): Promise<Candidate[]>;
  namespaces(): Promise<Candidate[]>;
  /** Namespaces, and sets as `namespace.set`. */
  targets(): Promise<Candidate[]>;
  /** Those that run. */
  tasks(): Promise<Candidate[]>;
  campaigns(): Promise<Candidate[]>;
  modules(): Promise<Candidate[]>;
  /** @param target of this set or namespace only */
  indexes(target?: string): Promise<Candidate[]>;
  nodes(): Promise<Candidate[]>;
}

/** More would be of no help, and cost time. */
const MOST = 500;

/**
 * Asks a cluster.
 * @param session undefined where none can be reached
 * @param clusters names in the config file
 */
export function clusterLookup(session: () => Promise<Session | undefined>, clusters: () => Promise<string[]>): Lookup {
  const ask = async (question: (session: Session) => Promise<Candidate[]>): Promise<Candidate[]> => {
    try {
      const found = await session();
      return found === undefined ? [] : (await question(found)).slice(0, MOST);
    } catch {
      return [];
    }
  };
  const namespaces = (): Promise<Candidate[]> =>
    ask(async (found) =>
      [...(await found.info().namespaces())].sort().map((word) => ({ word, description: "namespace" })),
    );
  return {
    namespaces,
    clusters: async () => {
      try {
        return (await clusters()).map((word) => ({ word, description: "" }));
      } catch {
        return [];
      }
    },
    targets: async () => [
      ...(await ask(async (found) =>
        (
          await found.info().sets()
        ).map(({ namespace, setName, objects }) => ({
          word: `${namespace}.${setName}`,
          description: `${objects.toLocaleString("en-US")} copies of records`,
        })),
      )),
      ...(await namespaces()),
    ],
    tasks: () =>
      ask(async (found) => {
        const jobs = (await found.backgroundTask().list()).filter(({ active }) => active);
        const words = new Map(jobs.map((job) => [String(job.taskId), `${job.namespace}.${job.setName}`]));
        return [...words].map(([word, description]) => ({ word, description }));
      }),
    campaigns: () =>
      ask(async (found) => {
        const names = [...(await found.info().namespaces())];
        const lists = await Promise.all(names.map((name) => found.backgroundTask().campaigns(name).list()));
        return lists.flat().map(({ id, status }) => ({ word: id, description: status }));
      }),
    modules: () =>
      ask(async (found) => (await found.listUdfs()).map(({ fileName }) => ({ word: fileName, description: "" }))),
    indexes: (target) =>
      ask(async (found) =>
        (await found.listIndexes())
          .filter(({ namespace, setName }) => target === undefined || isIn(target, namespace, setName))
          .map(({ indexName, namespace, setName }) => ({
            word: indexName,
            description: `${namespace}.${setName ?? "*"}`,
          })),
      ),
    nodes: () =>
      ask(async (found) => [...(await found.info().nodeDetails()).keys()].map((word) => ({ word, description: "" }))),
  };
}

function isIn(target: string, namespace: string, setName: string | undefined): boolean {
  return target === namespace || target === `${namespace}.${setName ?? ""}`;
}
