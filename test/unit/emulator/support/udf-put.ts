import { encodeBase64 } from "../../../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";

/** The info command that registers a Lua module. */
export function udfPut(fileName: string, source: string): string {
  const content = encodeBase64(encodeUtf8(source));
  return `udf-put:filename=${fileName};content=${content};content-len=${content.length};udf-type=LUA;`;
}
