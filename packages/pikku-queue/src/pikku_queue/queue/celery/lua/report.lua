-- base, id, progress.
local key = job(ARGV[1], ARGV[2])
if redis.call('HGET', key, 'status') == 'active' then
  redis.call('HSET', key, 'progress', ARGV[3])
end
return 0
