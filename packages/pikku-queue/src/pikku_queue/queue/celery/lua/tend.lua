-- base, visibility, keep: of each queue.
-- Publishes what is due and what was lost on its way, forgets what is kept no longer.
-- Returns when the next job is due, and the jobs whose worker gave no sign of life: base, id, token, attempt, message.
local following, lost = false, {}
for i = 1, #ARGV, 3 do
  local base, visibility, keep = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local last = tonumber(redis.call('GET', base .. ':tended') or moment)
  redis.call('SET', base .. ':tended', moment)
  if math.abs(now - last) > visibility / 2 then
    -- The clock was set, or Redis was away: nobody could give a sign of life, so that none counts as missing.
    for _, id in ipairs(redis.call('ZRANGE', base .. ':active', 0, -1)) do
      redis.call('ZADD', base .. ':active', now + visibility, id)
    end
  end
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
  -- A process can end between taking a message and beginning it: then nobody has it. The oldest job of a list is near its end,
  -- and those behind one that is there are looked at when it is gone.
  for step = 0, 9 do
    local list = step == 0 and base:sub(7) or (base:sub(7) .. '\6\22' .. step)
    local waiting = 'pikku:waiting:' .. list
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', now - visibility, 'LIMIT', 0, 20)) do
      local key = job(base, id)
      local found = redis.call('HMGET', key, 'status', 'head', 'number', 'tail', 'missing')
      if found[1] ~= 'waiting' then
        redis.call('ZREM', waiting, id)
      elseif redis.call('LPOS', list, found[2] .. found[3] .. found[4], 'RANK', -1, 'MAXLEN', 1000) then
        break
      elseif found[5] then
        publish(base, id, true)
      else  -- perhaps it is about to be begun
        redis.call('HSET', key, 'missing', 1)
        redis.call('ZADD', waiting, now - visibility + math.min(1, visibility / 2), id)
      end
    end
  end
  local before = now - keep
  for _, status in ipairs({'completed', 'discarded', 'cancelled'}) do
    redis.call('ZREMRANGEBYSCORE', base .. ':' .. status, '-inf', before)
  end
end
return {following and string.format('%.6f', following - now) or '', lost}
