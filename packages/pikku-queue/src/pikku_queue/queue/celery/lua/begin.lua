-- base, id, number, token, visibility, jobs of a group at once or '', seconds between two jobs, tag of another program's, rank, group,
--   and list, head, tail of a job that the ledger may not know
-- Returns the attempt, and when the job was added anew if it was; 0, and after how many seconds one of the queue may begin, where that
--   is not now; nothing where it is not to be begun; "unknown".
local base, id, number, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local key = job(base, id)
local found = redis.call('HMGET', key, 'status', 'number', 'group', 'renewed', 'list', 'token', 'attempt')
if not found[1] and not ARGV[11] then return 'unknown' end
if ARGV[8] ~= '' then
  redis.call('HDEL', 'pikku:unacked', ARGV[8])
  redis.call('ZREM', 'pikku:unacked_index', ARGV[8])
end
if not found[1] then
  redis.call('HSET', key, 'list', ARGV[11], 'group', ARGV[10], 'head', ARGV[12], 'tail', ARGV[13],
    'attempt', 0, 'number', number, 'status', 'waiting', 'due', '')
  redis.call('EXPIRE', key, KEPT)
  redis.call('SADD', 'pikku:queues', base)
  found = {'waiting', number, ARGV[10], false, ARGV[11]}
end
if found[2] ~= number then return false end
-- This very call, whose answer was lost.
if found[1] == 'active' and found[6] == token then return {tonumber(found[7]), found[4] or ''} end
if found[1] ~= 'waiting' then return false end
redis.call('ZREM', 'pikku:waiting:' .. found[5], id)
local group, full = found[3], base .. ':group:' .. found[3]
local grouped = ARGV[6] ~= '' and group ~= ''
if grouped and redis.call('SCARD', full) >= tonumber(ARGV[6]) then
  redis.call('ZADD', base .. ':parked:' .. group, ARGV[9] * 100000000000 + now, id)
  redis.call('SADD', base .. ':parked', id)
  return false
end
local interval = tonumber(ARGV[7])
if interval > 0 then
  local following = tonumber(redis.call('GET', base .. ':next') or '0')
  local wait = following - now - SLACK
  if wait > 0 then
    publish(base, id, true)
    return {0, string.format('%.6f', wait)}
  end
  following = math.max(following, now) + interval
  redis.call('SET', base .. ':next', string.format('%.6f', following), 'PX', math.ceil((following - now) * 1000) + 1)
end
if grouped then redis.call('SADD', full, id) end
redis.call('HSET', key, 'status', 'active', 'token', token, 'started', moment)
redis.call('HDEL', key, 'ended')
redis.call('ZADD', base .. ':active', now + tonumber(ARGV[5]), id)
return {redis.call('HINCRBY', key, 'attempt', 1), found[4] or ''}
