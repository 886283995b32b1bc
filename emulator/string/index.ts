export { applyString, textValue, toStringValue } from "./apply.js";
export { StringFailure } from "./failure.js";
