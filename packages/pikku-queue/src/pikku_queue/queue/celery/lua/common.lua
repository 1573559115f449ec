-- Stands before every script.
--   <base> is pikku:<queue>; a job is the hash <base>:job:<id>.
--   Its message is head .. <number of the publication> .. tail, so that a message which was published anew is not mistaken for an older one.
local KEPT = 30 * 86400
-- Seconds by which a job may begin before its turn, so that a rate is reached although workers come late.
local SLACK = 0.1
local SETTLED = {completed = true, failed = true, discarded = true, cancelled = true}
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local moment = string.format('%.6f', now)

local function job(base, id)
  return base .. ':job:' .. id
end

-- Hands a message to Celery: at the end of its list, or at once the next.
local function publish(base, id, first)
  local key = job(base, id)
  local found = redis.call('HMGET', key, 'list', 'head', 'tail')
  if not found[1] then return end
  local number = redis.call('HINCRBY', key, 'number', 1)
  redis.call('HSET', key, 'status', 'waiting')
  redis.call('HDEL', key, 'missing')
  redis.call('ZADD', 'pikku:waiting:' .. found[1], moment, id)
  redis.call(first and 'RPUSH' or 'LPUSH', found[1], found[2] .. number .. found[3])
end

-- A job is active no more: the next of its group may be.
local function release(base, id)
  redis.call('ZREM', base .. ':active', id)
  local group = redis.call('HGET', job(base, id), 'group')
  if group and group ~= '' then
    redis.call('SREM', base .. ':group:' .. group, id)
    local following = redis.call('ZPOPMIN', base .. ':parked:' .. group)
    if following[1] then
      redis.call('SREM', base .. ':parked', following[1])
      publish(base, following[1], true)
    end
  end
end

-- A job is over.
local function finish(base, id, status, keep)
  local key = job(base, id)
  redis.call('HSET', key, 'status', status, 'ended', moment)
  redis.call('HDEL', key, 'token')
  redis.call('ZADD', base .. ':' .. status, moment, id)
  if status == 'failed' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, math.max(1, math.floor(keep * 1000)))
  end
  redis.call('PUBLISH', 'pikku:notices', cjson.encode({status, base, id}))
end
