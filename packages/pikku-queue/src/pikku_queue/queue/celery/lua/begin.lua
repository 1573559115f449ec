-- base, id, number, token, visibility, jobs of a group at once or '', seconds between two jobs, tag of another program's, rank, group,
--   and list, head, tail of a job that the ledger may not know
-- Returns the attempt, and when the job was added anew if it was; nothing where it is not to be begun; "unknown".
local base, id, number = ARGV[1], ARGV[2], ARGV[3]
local key = job(base, id)
local found = redis.call('HMGET', key, 'status', 'number', 'group', 'slot', 'renewed', 'list')
if not found[1] and not ARGV[11] then return 'unknown' end
if ARGV[8] ~= '' then
  redis.call('HDEL', 'pikku:unacked', ARGV[8])
  redis.call('ZREM', 'pikku:unacked_index', ARGV[8])
end
if not found[1] then
  redis.call('HSET', key, 'list', ARGV[11], 'group', ARGV[10], 'head', ARGV[12], 'tail', ARGV[13],
    'attempt', 0, 'number', number, 'status', 'waiting', 'due', '')
  redis.call('EXPIRE', key, KEPT)
  found = {'waiting', number, ARGV[10], false, false, ARGV[11]}
end
if found[1] ~= 'waiting' or found[2] ~= number then return false end
redis.call('ZREM', 'pikku:waiting:' .. found[6], id)
local interval = tonumber(ARGV[7])
if interval > 0 and not found[4] then
  local slot = tonumber(redis.call('GET', base .. ':slot') or '0')
  local due = math.max(slot, now)
  redis.call('SET', base .. ':slot', string.format('%.6f', due + interval))
  if due > now then
    redis.call('HSET', key, 'status', 'delayed', 'slot', 1)
    redis.call('ZADD', base .. ':delayed', string.format('%.6f', due), id)
    return false
  end
end
local group = found[3]
if ARGV[6] ~= '' and group ~= '' then
  if redis.call('SCARD', base .. ':group:' .. group) >= tonumber(ARGV[6]) then
    redis.call('ZADD', base .. ':parked:' .. group, ARGV[9] * 100000000000 + now, id)
    redis.call('SADD', base .. ':parked', id)
    return false
  end
  redis.call('SADD', base .. ':group:' .. group, id)
end
redis.call('HSET', key, 'status', 'active', 'token', ARGV[4], 'started', moment)
redis.call('HDEL', key, 'ended', 'slot')
redis.call('ZADD', base .. ':active', now + tonumber(ARGV[5]), id)
return {redis.call('HINCRBY', key, 'attempt', 1), found[5] or ''}
