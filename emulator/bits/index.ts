export { applyBits } from "./apply.js";
