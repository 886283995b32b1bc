import type { TestModule } from "vitest/node";
import type { Reporter } from "vitest/reporters";

/** Says at the end which servers the integration suite met, so that a green run can't hide that it met none. */
export default class TargetsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const ran = new Map<string, number>();
    for (const module of modules) {
      const { name } = module.project;
      if (!name.startsWith("integration: ")) continue;
      const passed = [...module.children.allTests("passed")].length;
      const target = name.slice("integration: ".length);
      ran.set(target, (ran.get(target) ?? 0) + passed);
    }
    if (ran.size === 0) return;
    const list = [...ran].map(([target, passed]) => `${target} (${passed} passed)`).join("; ");
    console.log(`\n Integration ran on: ${list}`);
    const kinds = [...ran.keys()].join(" ");
    if (!kinds.includes("server")) console.log(" Not on a real server: AEROSPIKE_HOSTS=host:port npm run test:server");
    if (!kinds.includes("docker")) console.log(" Not in containers: npm run test:docker");
    if ([...ran.values()].every((passed) => passed === 0)) {
      console.log(" No integration test passed anywhere: this run proves nothing.");
      process.exitCode = 1;
    }
  }
}
