/**
 * What a state of the client's has besides the library: nothing that leads out of it, and streams and modules that may
 * have to be waited for. Its arguments: `fetch` gives a module's main function, nil as long as it is not there,
 * and false if there is none; `isWaiting` says whether more values will come. It returns what runs an aggregation, and the collector of garbage.
 */
export const SANDBOX = `
local fetch, isWaiting = ...
local yield, running, collect = coroutine.yield, coroutine.running, collectgarbage
local read, apply = stream.read, apply_stream
local main

os = { time = os.time, date = os.date, clock = os.clock, difftime = os.difftime }
string.dump = nil
io, package, load, loadfile, dofile, collectgarbage = nil, nil, nil, nil, nil, nil

record, aerospike = {}, {}
function aerospike:log() end

function stream_iterator(from)
  local isOver = false
  return function()
    if isOver then return nil end
    local value = read(from)
    while value == nil and isWaiting() do
      yield()
      value = read(from)
    end
    isOver = value == nil
    return value
  end
end

local loaded = { coroutine = coroutine, math = math, os = os, string = string, table = table, utf8 = utf8 }
loaded.as, loaded.aerospike, loaded.stream_ops = true, true, true

function require(name)
  if loaded[name] ~= nil then return loaded[name] end
  local load = fetch(name)
  while load == nil do
    if running() ~= main then error("module '" .. name .. "' can't be waited for in a coroutine", 2) end
    yield()
    load = fetch(name)
  end
  if not load then error("module '" .. name .. "' not found", 2) end
  local result = load(name)
  if loaded[name] == nil then loaded[name] = result == nil or result end
  return loaded[name]
end
local require = require

local function run(module, name, from, to, ...)
  main = running()
  require(module)
  return apply(_G[name], 2, from, to, ...)
end
return run, function() collect("collect") end
`;
