// Speaks TLS to clients and passes what they say on to a server that does not. In a process of its own.
//   node tls-proxy.mjs HOST PORT CERTIFICATE KEY
//
// A Community server has no TLS and refuses questions about it. So info requests are asked without, and the answers given
// under the names that were asked for; that of the server's own address is the proxy's.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { createServer } from "node:tls";

const HEADER = 8;
const INFO = 1;

const [host, port, cert, key] = process.argv.slice(2);

/** Calls `pass` with what comes, info messages rewritten. */
function rewriting(rewrite, pass) {
  let held = Buffer.alloc(0);
  /** Bytes of a message, none of info, that are still to come. */
  let rest = 0;
  return (chunk) => {
    if (held.length === 0 && chunk.length <= rest) {
      rest -= chunk.length;
      pass(chunk);
      return;
    }
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = rest;
    let from = 0;
    while (bytes.length - at >= HEADER) {
      const end = at + HEADER + bytes.readUIntBE(at + 2, 6);
      if (bytes[at + 1] === INFO) {
        if (end > bytes.length) break;
        if (at > from) pass(bytes.subarray(from, at));
        const body = Buffer.from(rewrite(bytes.latin1Slice(at + HEADER, end)), "latin1");
        const header = Buffer.from(bytes.subarray(at, at + HEADER));
        header.writeUIntBE(body.length, 2, 6);
        pass(Buffer.concat([header, body]));
        from = end;
      }
      at = end;
    }
    const end = Math.min(at, bytes.length);
    if (end > from) pass(bytes.subarray(from, end));
    rest = Math.max(0, at - bytes.length);
    held = bytes.subarray(end);
  };
}

const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (client) => {
  const upstream = connect({ host, port: Number(port), noDelay: true });
  client.setNoDelay(true);
  const address = `${client.localAddress}:${client.localPort}`;
  const ask = (text) => text.replaceAll("-tls-", "-clear-");
  const answer = (text) =>
    text.replace(/^service-clear-(\w+)\t.*/gm, `service-tls-$1\t${address}`).replace(/^peers-clear-/gm, "peers-tls-");
  client.on(
    "data",
    rewriting(ask, (bytes) => upstream.write(bytes)),
  );
  upstream.on(
    "data",
    rewriting(answer, (bytes) => client.write(bytes)),
  );
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.once("disconnect", () => process.exit());
