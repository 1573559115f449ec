-- base, visibility, keep: of each queue.
-- Publishes what is due and what was lost on its way, forgets what is kept no longer.
-- Returns when the next job is due, and the jobs whose worker gave no sign of life: base, id, token, attempt, message.
local following, lost = false, {}
for i = 1, #ARGV, 3 do
  local base, visibility, keep = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. ':delayed', '-inf', moment, 'LIMIT', 0, 100)) do
    redis.call('ZREM', base .. ':delayed', id)
    publish(base, id, false)
  end
  local soon = redis.call('ZRANGE', base .. ':delayed', 0, 0, 'WITHSCORES')[2]
  if soon and (not following or tonumber(soon) < following) then following = tonumber(soon) end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. ':active', '-inf', moment, 'LIMIT', 0, 20)) do
    local found = redis.call('HMGET', job(base, id), 'token', 'attempt', 'head', 'number', 'tail')
    if found[1] then
      table.insert(lost, {base, id, found[1], found[2], found[3] .. found[4] .. found[5]})
    else
      redis.call('ZREM', base .. ':active', id)
    end
  end
  -- A process can end between taking a message and saying so: then nobody has it.
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. ':waiting', '-inf', now - visibility, 'LIMIT', 0, 20)) do
    local found = redis.call('HMGET', job(base, id), 'list', 'head', 'number', 'tail', 'status', 'tag')
    if found[5] ~= 'waiting' then
      redis.call('ZREM', base .. ':waiting', id)
    else
      local message = found[2] .. found[3] .. found[4]
      local tag = base .. ':' .. id .. ':' .. found[3]
      local there = redis.call('LPOS', found[1], message, 'RANK', -1, 'MAXLEN', 1000)
      if there then
        redis.call('ZADD', base .. ':waiting', moment, id)
      elseif redis.call('HEXISTS', 'pikku:unacked', tag) == 0 then
        publish(base, id, true)
      end
    end
  end
  local before = now - keep
  for _, status in ipairs({'completed', 'discarded', 'cancelled'}) do
    redis.call('ZREMRANGEBYSCORE', base .. ':' .. status, '-inf', before)
  end
end
return {following and string.format('%.6f', following - now) or '', lost}
