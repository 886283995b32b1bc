export { createLuaEngine, type LuaEngineOptions } from "./lua-engine.js";
