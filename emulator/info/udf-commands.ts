import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodeBase64, tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import type { InfoParams } from "./info-params.js";

const MAX_NAME = 127;
const MAX_SOURCE_BYTES = 1_048_575;
const TYPE = "LUA";

/** Registering files of functions, for every node. Errors keep the form that they had before other commands got theirs. */
export const udfCommands: InfoCommands = {
  "udf-put": put,
  "udf-get": ({ node, params }) => {
    const name = fileName(params);
    // An empty name or a directory takes a server down; here neither is a name.
    if (name === undefined || name === "" || name === ".") return "error=invalid_filename";
    const file = node.cluster.udfs.file(name);
    if (file === undefined) return "error=not_found";
    return `type=${TYPE};content=${file.content};`;
  },
  "udf-list": ({ node }) =>
    node.cluster.udfs
      .files()
      .map(({ name, hash }) => `filename=${name},hash=${hash},type=${TYPE};`)
      .join(""),
  "udf-remove": ({ node, params }) => {
    const name = fileName(params);
    if (name === undefined) return "error=invalid_filename";
    node.cluster.udfs.remove(name);
    const { udf } = node.cluster.settings;
    if (!(udf instanceof Error)) udf.remove(name);
    return "ok";
  },
  "udf-clear-cache": () => "ok",
};

function put({ node, params }: InfoCall): string {
  const name = fileName(params);
  if (name === undefined || !hasExtension(name)) return "error=invalid_filename";
  const lengthText = params.raw("content-len");
  if (lengthText === undefined || lengthText.length > 10) return "error=invalid_content_len";
  const type = params.raw("udf-type") ?? TYPE;
  if (type !== TYPE) return "error=invalid_udf_type";
  if (!/^\d+$/.test(lengthText) || Number(lengthText) % 4 !== 0) return "error=invalid_content_len";
  const content = params.raw("content");
  if (content === undefined || content.length !== Number(lengthText)) return "error=invalid_content";
  if ((content.length / 4) * 3 > MAX_SOURCE_BYTES) return "error=invalid_udf_content_len,>1M";
  const source = content === "" ? undefined : tryDecodeBase64(content);
  if (source === undefined) return "error=invalid_base64_content";
  const { udf } = node.cluster.settings;
  if (udf instanceof Error) throw new InfoError(ResultCode.UNSUPPORTED_FEATURE, udf.message);
  const module = udf.compile(name, source);
  if ("message" in module) {
    return `error=compile_error;file=${name};line=${module.line};message=${encodeBase64(encodeUtf8(module.message))}`;
  }
  node.cluster.udfs.put({ name, content, hash: hashOf(name, content), module });
  return "ok";
}

function fileName(params: InfoParams): string | undefined {
  const name = params.raw("filename");
  return name === undefined || encodeUtf8(name).length > MAX_NAME ? undefined : name;
}

/** There is a dot, not at the start, and the first one is not at the end. */
function hasExtension(name: string): boolean {
  const dot = name.indexOf(".");
  return dot > 0 && dot < name.length - 1;
}

/** Over what the server keeps of a file: JSON, as its library writes it. */
function hashOf(name: string, content: string): string {
  const kept = `{"content64": ${JSON.stringify(content)}, "type": "${TYPE}", "name": ${JSON.stringify(name)}}`;
  return bytesToHex(sha1(encodeUtf8(kept)));
}
