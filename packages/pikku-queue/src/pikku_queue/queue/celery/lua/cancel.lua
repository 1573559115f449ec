-- base, id, keep. Returns whether there was one.
local base, id = ARGV[1], ARGV[2]
local key = job(base, id)
local found = redis.call('HMGET', key, 'status', 'list', 'head', 'number', 'tail', 'group')
if not found[1] or SETTLED[found[1]] then return 0 end
if found[1] == 'active' then
  release(base, id)
elseif found[1] == 'delayed' then
  redis.call('ZREM', base .. ':delayed', id)
else
  redis.call('ZREM', 'pikku:waiting:' .. found[2], id)
  redis.call('LREM', found[2], 1, found[3] .. found[4] .. found[5])
  if redis.call('SREM', base .. ':parked', id) == 1 then
    redis.call('ZREM', base .. ':parked:' .. found[6], id)
  end
end
finish(base, id, 'cancelled', tonumber(ARGV[3]))
return 1
