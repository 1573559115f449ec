-- base, id, number, tag of another program's, status, reason, code, keep, list, head, tail
-- Records a message that nobody can begin. Returns 1, or 0 where the job is not that message's.
local base, id, number, status = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
local key = job(base, id)
if ARGV[4] ~= '' then
  redis.call('HDEL', 'pikku:unacked', ARGV[4])
  redis.call('ZREM', 'pikku:unacked_index', ARGV[4])
end
local found = redis.call('HMGET', key, 'status', 'number', 'list')
if not found[1] then
  redis.call('HSET', key, 'list', ARGV[9], 'group', '', 'head', ARGV[10], 'tail', ARGV[11],
    'attempt', 0, 'number', number, 'due', '')
  redis.call('SADD', 'pikku:queues', base)
elseif found[1] ~= 'waiting' or found[2] ~= number then
  return 0
else
  redis.call('ZREM', 'pikku:waiting:' .. found[3], id)
end
redis.call('HSET', key, 'error', ARGV[6], 'code', ARGV[7])
finish(base, id, status, tonumber(ARGV[8]))
return 1
