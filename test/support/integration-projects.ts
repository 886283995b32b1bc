import type { TestProjectInlineConfiguration } from "vitest/config";
import { times } from "./runs.js";

/** Where an integration run gets its server from. */
export type TargetKind = "emulator" | "server" | "docker";

export interface Target {
  readonly kind: TargetKind;
  readonly nodes: number;
  /** The vitest project that runs on it. */
  readonly project: string;
}

/** The one place that decides which servers a run of the integration suite meets. */
export function targets(env: NodeJS.ProcessEnv): readonly Target[] {
  if (env["AEROWIRE_DOCKER"] === "1") {
    return [
      { kind: "docker", nodes: 1, project: "integration: docker, one node" },
      { kind: "docker", nodes: 3, project: "integration: docker, three nodes" },
    ];
  }
  if (env["AEROSPIKE_HOSTS"]) return [{ kind: "server", nodes: 0, project: "integration: server" }];
  return [
    { kind: "emulator", nodes: 1, project: "integration: emulator, one node" },
    { kind: "emulator", nodes: 3, project: "integration: emulator, three nodes" },
  ];
}

/** Programs that meet a server as any other does: `npm test` runs them on one kind of it, CI on each. */
const PROGRAMS = ["**/*guide*.test.ts", "**/examples.test.ts"];

export function integrationProjects(env: NodeJS.ProcessEnv): TestProjectInlineConfiguration[] {
  return targets(env).map((target) => ({
    extends: true,
    test: {
      name: target.project,
      include: ["test/integration/**/*.test.ts"],
      exclude: target.kind === "emulator" && target.nodes === 1 && times < 2 ? PROGRAMS : [],
      globalSetup: [`./test/support/start-${target.kind}.ts`],
      provide: { nodes: target.nodes },
      testTimeout: 30_000 * times,
      hookTimeout: 120_000,
    },
  }));
}
