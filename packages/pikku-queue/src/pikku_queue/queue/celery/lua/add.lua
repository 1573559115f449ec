-- base, id, list, due, group, head, tail: of each job.
for i = 1, #ARGV, 7 do
  local base, id, due = ARGV[i], ARGV[i + 1], ARGV[i + 3]
  local key = job(base, id)
  local status = redis.call('HGET', key, 'status')
  if not status or SETTLED[status] then
    if status then
      redis.call('DEL', key)
      redis.call('ZREM', base .. ':' .. status, id)
    end
    redis.call('HSET', key, 'list', ARGV[i + 2], 'group', ARGV[i + 4], 'head', ARGV[i + 5], 'tail', ARGV[i + 6],
      'attempt', 0, 'number', 1, 'status', due == '' and 'waiting' or 'delayed', 'due', due)
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
