-- base, id. Returns whether there was one.
local base, id = ARGV[1], ARGV[2]
local key = job(base, id)
local status = redis.call('HGET', key, 'status')
if not status or not SETTLED[status] or status == 'completed' then return 0 end
redis.call('ZREM', base .. ':' .. status, id)
redis.call('HSET', key, 'attempt', 0, 'due', '', 'renewed', moment)
redis.call('HDEL', key, 'started', 'ended', 'error', 'code', 'progress')
redis.call('EXPIRE', key, KEPT)
publish(base, id, false)
return 1
