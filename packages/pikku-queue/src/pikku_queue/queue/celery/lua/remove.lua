-- base, id. Forgets a job that is settled; returns whether there was one.
local base, id = ARGV[1], ARGV[2]
local key = job(base, id)
local status = redis.call('HGET', key, 'status')
if not status or not SETTLED[status] then return 0 end
redis.call('DEL', key)
redis.call('ZREM', base .. ':' .. status, id)
return 1
