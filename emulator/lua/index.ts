export { createLuaEngine } from "./lua-engine.js";
