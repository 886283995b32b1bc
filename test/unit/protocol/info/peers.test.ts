import { describe, expect, it } from "vitest";
import { parseHostList } from "../../../../protocol/info/host-list.js";
import { parsePeers } from "../../../../protocol/info/peers.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

describe("parsePeers", () => {
  it("reads several nodes with several hosts each", () => {
    expect(parsePeers("3,3000,[[BB9A,,[10.0.0.2,10.0.0.2:3100]],[C0FFEE,,[db-2.example.com:3200]]]")).toEqual({
      generation: 3,
      peers: [
        {
          nodeId: "BB9A",
          tlsName: "",
          hosts: [
            { host: "10.0.0.2", port: 3000 },
            { host: "10.0.0.2", port: 3100 },
          ],
        },
        { nodeId: "C0FFEE", tlsName: "", hosts: [{ host: "db-2.example.com", port: 3200 }] },
      ],
    });
  });

  it("reads TLS names, IPv6 hosts and another default port", () => {
    expect(parsePeers("12,4333,[[A1,prod,[[2001:db8::1],[fe80::1%eth0]:4000]]]").peers).toEqual([
      {
        nodeId: "A1",
        tlsName: "prod",
        hosts: [
          { host: "2001:db8::1", port: 4333 },
          { host: "fe80::1%eth0", port: 4000 },
        ],
      },
    ]);
  });

  it("takes a list without a default port, as old nodes send it", () => {
    expect(parsePeers("1,,[[A1,,[h]]]").peers[0]?.hosts).toEqual([{ host: "h", port: 3000 }]);
  });

  it("reads a node that left", () => {
    expect(parsePeers("7,3000,[[BB9,,]]").peers).toEqual([{ nodeId: "BB9", tlsName: "", hosts: [] }]);
  });

  it("reads a node on its own", () => {
    expect(parsePeers("0,3000,[]")).toEqual({ generation: 0, peers: [] });
  });

  it.each([
    "",
    "3",
    "3,3000",
    "3,3000,",
    "3,3000,[",
    "3,3000,]",
    "x,3000,[]",
    "3,3000,[[BB9,,[h]]",
    "3,3000,[BB9]",
    "3,3000,[[XYZ,,[h]]]",
    "3,3000,[[BB9,,h]]",
    "3,3000,[[BB9,,[h:0]]]",
    "3,3000,[[BB9,,[h:65536]]]",
    "3,3000,[[BB9,,[h:x]]]",
    "3,3000,[[BB9,,[::1]]]",
    "3,3000,[]][[]",
    "3,3000,[[BB9,,[h]],,]",
  ])("refuses %j", (text) => {
    expect(() => parsePeers(text)).toThrow(ProtocolError);
  });

  it("refuses more peers than any cluster has", () => {
    const many = Array.from({ length: 2000 }, () => "[A,,[h]]").join(",");
    expect(() => parsePeers(`1,3000,[${many}]`)).toThrow(/more than 1024/);
  });
});

describe("parseHostList", () => {
  it("reads what service-clear-std lists", () => {
    expect(parseHostList("127.0.0.1:3200,[::1]:3200", 3000)).toEqual([
      { host: "127.0.0.1", port: 3200 },
      { host: "::1", port: 3200 },
    ]);
    expect(parseHostList("", 3000)).toEqual([]);
  });

  it.each(["a b", "[::1", "::1]", "h:", ":3000", "h:3000:1", "h:-1"])("refuses %j", (text) => {
    expect(() => parseHostList(text, 3000)).toThrow(ProtocolError);
  });
});
