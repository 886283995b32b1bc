/** Bytes that the server builds no expression from. */
export class Refused extends Error {
  override readonly name = "Refused";
}

export function refuse(reason: string): never {
  throw new Refused(reason);
}
