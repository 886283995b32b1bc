import type { ByteSet } from "./byte-set.js";
import { type Assertion, BadPattern, type Node } from "./node.js";

/** An instruction of a pattern's machine; targets are indexes into the program. */
export type Instruction =
  | { readonly op: "bytes"; readonly set: ByteSet }
  | { readonly op: "assert"; readonly assertion: Assertion }
  | { readonly op: "split"; readonly targets: readonly number[] }
  | { readonly op: "open" | "close"; readonly group: number }
  | { readonly op: "enter" | "progress"; readonly loop: number }
  | { readonly op: "reference"; readonly group: number }
  | { readonly op: "match" };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
  readonly loops: number;
  /** A group is referred to, so that the text it took matters. */
  readonly hasReferences: boolean;
}

/** Bounds multiply out into copies; past this the pattern is refused, as regcomp does when memory runs out. */
const MAX_INSTRUCTIONS = 50_000;

export function assemble(node: Node): Program {
  const assembler = new Assembler();
  assembler.add(node);
  assembler.push({ op: "match" });
  return assembler;
}

class Assembler implements Program {
  readonly instructions: Instruction[] = [];
  groups = 0;
  loops = 0;
  hasReferences = false;

  push(instruction: Instruction): void {
    if (this.instructions.length >= MAX_INSTRUCTIONS) throw new BadPattern("the pattern is too big");
    this.instructions.push(instruction);
  }

  add(node: Node): void {
    switch (node.kind) {
      case "bytes":
        this.push({ op: "bytes", set: node.set });
        break;
      case "assertion":
        this.push({ op: "assert", assertion: node.assertion });
        break;
      case "sequence":
        for (const part of node.nodes) this.add(part);
        break;
      case "choice":
        this.#choice(node.nodes);
        break;
      case "repeat":
        this.#repeat(node.node, node.min, node.max);
        break;
      case "group":
        this.groups = Math.max(this.groups, node.index);
        this.push({ op: "open", group: node.index });
        this.add(node.node);
        this.push({ op: "close", group: node.index });
        break;
      case "reference":
        this.hasReferences = true;
        this.push({ op: "reference", group: node.index });
    }
  }

  #choice(nodes: readonly Node[]): void {
    const starts: number[] = [];
    const ends: number[][] = [];
    this.push({ op: "split", targets: starts });
    for (const node of nodes) {
      starts.push(this.instructions.length);
      this.add(node);
      ends.push(this.#jump());
    }
    for (const end of ends) end.push(this.instructions.length);
  }

  #repeat(node: Node, min: number, max: number): void {
    for (let i = 0; i < min; i++) this.add(node);
    if (max === Number.POSITIVE_INFINITY) this.#loop(node);
    else {
      const ends: number[][] = [];
      for (let i = min; i < max; i++) {
        const targets = this.#jump();
        targets.push(this.instructions.length);
        ends.push(targets);
        this.add(node);
      }
      for (const end of ends) end.push(this.instructions.length);
    }
  }

  /** Any number of times; a round that takes nothing ends it. */
  #loop(node: Node): void {
    const loop = this.loops++;
    const start = this.instructions.length;
    const targets = this.#jump();
    targets.push(this.instructions.length);
    this.push({ op: "enter", loop });
    this.add(node);
    this.push({ op: "progress", loop });
    this.#jump().push(start);
    targets.push(this.instructions.length);
  }

  /** A jump whose targets are still to be filled in. */
  #jump(): number[] {
    const targets: number[] = [];
    this.push({ op: "split", targets });
    return targets;
  }
}
