import type { Fields } from "./examine.js";

interface Example extends Omit<Fields, "version"> {
  readonly title: string;
}

const PEOPLE = `[
  { "name": "Ada", "age": 36, "active": true, "tags": ["math", "engines"] },
  { "name": "Bob", "age": 28, "active": true, "tags": [] },
  { "name": "Cyd", "age": 51, "active": false, "tags": ["math"] },
  { "name": "Dan", "active": true }
]`;
const INDEXES = `[{ "bin": "age", "type": "integer" }, { "bin": "name", "type": "string" }]`;

/** The first is what the page opens with. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  {
    title: "A condition with a parameter",
    text: "$.active == true and $.age > ?0",
    params: "[30]",
    records: PEOPLE,
    indexes: INDEXES,
  },
  {
    title: "A number of any kind",
    text: "$.price:NUMBER >= 2",
    params: "[]",
    records: `[{ "price": 2 }, { "price": 2.0 }, { "price": 2.5 }, { "price": "2" }, { "cost": 3 }]`,
    indexes: `[{ "bin": "price", "type": "integer" }]`,
  },
  {
    title: "Inside a list",
    text: `"math" in $.tags`,
    params: "[]",
    records: PEOPLE,
    indexes: `[{ "bin": "tags", "type": "string", "collection": "list" }]`,
  },
  {
    title: "A value that is worked out",
    text: "$.age * 2 + 1",
    params: "[]",
    records: PEOPLE,
    indexes: "[]",
  },
  {
    title: "Old spellings, formatted",
    text: "($.age.get(type: INT)>30)and($.name.get(type: STRING)!='Cyd')",
    params: "[]",
    records: PEOPLE,
    indexes: INDEXES,
  },
  {
    title: "A mistake",
    text: "$.age > 30 && $.active == true",
    params: "[]",
    records: PEOPLE,
    indexes: "[]",
  },
];
