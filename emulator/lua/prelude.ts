/** What functions log with. Lines count: an error in a format names the one it stood on. */
export const LOGGING = `function trace(format, ...)
  return aerospike:log(4, string.format(format, ...))
end
function debug(format, ...)
  return aerospike:log(3, string.format(format, ...))
end
function info(format, ...)
  return aerospike:log(2, string.format(format, ...))
end
function warn(format, ...)
  return aerospike:log(1, string.format(format, ...))
end
`;

/**
 * What every state starts with, in Lua: the parts of the API that call functions of the user's, and the library functions
 * that must not reach past the emulator. Its arguments are the clock, the log and the seed.
 */
export const PRELUDE = `
local clock, write, seed = ...

Map, List, Bytes = getmetatable(map()), getmetatable(list()), getmetatable(bytes())

function map.merge(a, b, combine)
  local merged = map.clone(a)
  for key, value in map.pairs(b) do
    local own = merged[key]
    if own and type(combine) == "function" then value = combine(a[key], b[key]) or value end
    if value == nil then map.remove(merged, key) else merged[key] = value end
  end
  return merged
end

function math.sum(a, b) return a + b end
function math.product(a, b) return a * b end
math.randomseed(seed)

function print(...)
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = tostring(parts[i]) end
  write(table.concat(parts, "\\t"))
end

local time, date = os.time, os.date
function os.time(...)
  if select("#", ...) == 0 or ... == nil then return clock() // 1000 end
  return time(...)
end
function os.date(format, at) return date(format, at or clock() // 1000) end
function os.clock() return clock() / 1000 end
os.exit = nil
`;
