// The same filter as text, as text with values, and built in code; and expressions that compute what is stored.
import { connect, DataSet, Exp } from "aerowire";
import { ael, parseAel } from "aerowire/ael";

interface Product {
  name: string;
  price: number;
  stock: number;
  tags: string[];
  value?: number;
}

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const products = DataSet.of<Product>("test", "example-exp");

await using cluster = await connect(hosts);
const session = cluster.createSession();

try {
  for (let id = 0; id < 100; id++) {
    const tags = id % 3 === 0 ? ["sale"] : ["new", "sale"];
    await session.put(products.id(id), { name: `product ${id}`, price: id, stock: id % 10, tags });
  }
  const count = (filter: Exp<"bool">): Promise<number> =>
    session.backgroundTask().touch(products).where(filter).count();

  // Values travel as values, never as text: nothing to escape, nothing to inject.
  const least = 50;
  const inCode = Exp.and([Exp.ge(Exp.intBin("price"), Exp.intVal(least)), Exp.gt(Exp.intBin("stock"), Exp.intVal(0))]);
  const asText = parseAel("$.price >= 50 and $.stock > 0");
  const asTag = ael`$.price >= ${least} and $.stock > ${0}`;
  console.log(`in code ${await count(inCode)}, as text ${await count(asText)}, with values ${await count(asTag)}`);
  console.log(`the same bytes: ${inCode.toBase64() === asText.toBase64()}`);
  console.log(`as text again: ${inCode}`);

  // What only code can say: a digest's remainder picks every second record or so, the same ones each time.
  const sample = await count(Exp.eq(Exp.digestModulo(2), Exp.intVal(0)));
  console.log(`a sample of ${sample > 0 && sample < 100 ? "some" : "none or all"}`);

  // The servers work out a bin from others.
  const task = await session
    .backgroundTask()
    .update(products)
    .where(inCode)
    .bin("value")
    .upsertFrom(Exp.numMul([Exp.intBin("price"), Exp.intBin("stock")]))
    .execute();
  const { succeeded } = await task.waitTillComplete({ totalTimeout: 60_000 });
  const { bins } = await session.get(products.id(57));
  console.log(`${succeeded} valued; ${bins.name}: ${bins.price} * ${bins.stock} = ${bins.value}`);
} finally {
  await session.truncate(products);
}
