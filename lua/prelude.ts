/**
 * What streams of values go through, as aggregations do it: each takes a function that gives the next value, or nil at the
 * end, and returns another one.
 */
export const STREAMS = `
local LEAST_LIMIT = 1000

local function once(step)
  local isOver = false
  return function()
    if isOver then return nil end
    local value, ends = step()
    isOver = ends
    return value
  end
end

local function copyOf(value)
  if type(value) == "table" then
    local copy = {}
    for key, item in pairs(value) do copy[key] = item end
    return copy
  end
  if type(value) ~= "userdata" then return value end
  local kind = getmetatable(value)
  if kind == getmetatable(map()) then return map.clone(value) end
  if kind == getmetatable(list()) then return list.clone(value) end
  return nil
end

function filter(next, keep)
  return once(function()
    for value in next do
      if keep(value) then return value, false end
    end
    return nil, true
  end)
end

function transform(next, change)
  return once(function()
    local value = next()
    if value == nil then return nil, true end
    return change(value), false
  end)
end

function reduce(next, combine)
  return once(function()
    local result = next()
    if result ~= nil then
      for value in next do result = combine(result, value) end
    end
    return result, true
  end)
end

function aggregate(next, initial, combine)
  return once(function()
    local result = copyOf(initial)
    for value in next do
      result = combine(result, value)
      if type(result) == "number" and result >= LEAST_LIMIT then return result, false end
    end
    return result, true
  end)
end

function stream_iterator(from)
  return once(function()
    local value = stream.read(from)
    return value, value == nil
  end)
end

StreamOps = {}
StreamOps_mt = { __index = StreamOps }

function StreamOps_create()
  return setmetatable({ ops = {} }, StreamOps_mt)
end

function StreamOps_apply(values, ops, first, last)
  for i = first or 1, last or #ops do
    values = ops[i].func(values, table.unpack(ops[i].args)) or values
  end
  return values
end

-- What nodes do, up to the first step that is done on both sides; clients do that one again and what comes after it.
local NODE, CLIENT, EITHER, BOTH = 1, 2, 3, 4

function StreamOps_select(ops, scope)
  local ofNodes, ofClients = {}, {}
  local isClients = false
  for _, op in ipairs(ops) do
    if not isClients and op.scope ~= CLIENT then table.insert(ofNodes, op) end
    if isClients or op.scope == BOTH then
      table.insert(ofClients, op)
      isClients = true
    end
  end
  return scope == CLIENT and ofClients or ofNodes
end

local function step(name, scope, apply)
  StreamOps[name] = function(self, ...)
    table.insert(self.ops, { scope = scope, name = name, func = apply, args = { ... } })
    return self
  end
end

step("filter", EITHER, filter)
step("map", EITHER, transform)
step("aggregate", NODE, aggregate)
step("reduce", BOTH, reduce)

function StreamOps:groupby(groupOf)
  local function add(groups, value)
    local group = groupOf and groupOf(value) or nil
    local values = groups[group] or list()
    list.append(values, value)
    groups[group] = values
    return groups
  end
  local function join(a, b)
    local joined = list.clone(a)
    for value in list.iterator(b) do list.append(joined, value) end
    return joined
  end
  return self:aggregate(map(), add):reduce(function(a, b) return map.merge(a, b, join) end)
end
`;

/**
 * What functions log with, and what calls them. Lines count: an error in a format names the one it stood on.
 */
export const CALLS = `function trace(format, ...)
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
local function called(f, ...)
  if f == nil then error("function not found", 3) end
  -- Both are globals on a server.
  success, result = pcall(f, ...)
  if not success then error(result, 3) end
  return result
end
function apply_record(f, ...)
  return called(f, ...)
end








function apply_stream(f, scope, from, to, ...)
  called(f, StreamOps_create(), ...)
  local steps = StreamOps_select(result.ops, scope)
  for value in StreamOps_apply(stream_iterator(from), steps) do
    if stream.write(to, value) ~= 0 then break end
  end
  stream.write(to, nil)
  return 0
end
`;

/**
 * What every state starts with, in Lua: the parts of the API that call functions of the user's, and the library functions
 * that must not reach past the machine. Its arguments are the clock, the log and the seed.
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
