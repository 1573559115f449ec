-- base, id, list, due, group, head, tail, whether it is not taken while one of that id is kept: of each job.
for i = 1, #ARGV, 8 do
  local base, id, due = ARGV[i], ARGV[i + 1], ARGV[i + 3]
  local key = job(base, id)
  local found = redis.call('HMGET', key, 'status', 'head')
  local status = found[1]
  -- The same head is the same call of a producer, which its client has repeated.
  if not status or (SETTLED[status] and ARGV[i + 7] ~= '1' and found[2] ~= ARGV[i + 5]) then
    if status then
      redis.call('DEL', key)
      redis.call('ZREM', base .. ':' .. status, id)
    end
    redis.call('HSET', key, 'list', ARGV[i + 2], 'group', ARGV[i + 4], 'head', ARGV[i + 5], 'tail', ARGV[i + 6],
      'attempt', 0, 'number', 1, 'status', due == '' and 'waiting' or 'delayed', 'due', due)
    redis.call('SADD', 'pikku:queues', base)
    if due == '' then
      redis.call('EXPIRE', key, KEPT)
      redis.call('ZADD', 'pikku:waiting:' .. ARGV[i + 2], moment, id)
      redis.call('LPUSH', ARGV[i + 2], ARGV[i + 5] .. '1' .. ARGV[i + 6])
    else
      redis.call('EXPIREAT', key, math.floor(tonumber(due)) + KEPT)
      redis.call('ZADD', base .. ':delayed', due, id)
    end
  end
end
return 0
