export { applyHll } from "./apply.js";
