/** What the demo loads: the same people in every run, so that every count can be worked out beforehand. */
export interface Person {
  id: number;
  age: number;
  country: string;
  active: boolean;
  visits: number;
  score: number;
  /** Written by the Lua function. */
  level?: string;
  /** Written by the task that is stopped half-way. */
  marked?: number;
}

const COUNTRIES = ["NO", "SE", "DK", "FI", "IS"] as const;

export function person(id: number): Person {
  return {
    id,
    age: 18 + (id % 63),
    country: COUNTRIES[id % COUNTRIES.length] ?? "NO",
    active: id % 3 !== 0,
    visits: id % 100,
    score: 0,
  };
}

export function countWhere(total: number, keeps: (person: Person) => boolean): number {
  let count = 0;
  for (let id = 0; id < total; id++) if (keeps(person(id))) count++;
  return count;
}
