-- base, id, token, attempt, outcome, keep, result or error, code, seconds, whether the worker was lost
-- Returns 1, or 0 where the job is another's by now.
local base, id, outcome, keep = ARGV[1], ARGV[2], ARGV[5], tonumber(ARGV[6])
local key = job(base, id)
local found = redis.call('HMGET', key, 'status', 'token', 'attempt')
if found[1] ~= 'active' or found[2] ~= ARGV[3] or found[3] ~= ARGV[4] then return 0 end
if ARGV[10] == '1' and tonumber(redis.call('ZSCORE', base .. ':active', id)) > now then return 0 end
release(base, id)
if outcome == 'completed' then
  redis.call('HSET', key, 'result', ARGV[7])
  redis.call('HDEL', key, 'error', 'code')
  finish(base, id, outcome, keep)
elseif outcome == 'returned' then
  redis.call('HINCRBY', key, 'attempt', -1)
  redis.call('HDEL', key, 'token', 'started')
  publish(base, id, true)
else
  redis.call('HSET', key, 'error', ARGV[7], 'code', ARGV[8])
  if outcome == 'retried' then
    local due = string.format('%.6f', now + tonumber(ARGV[9]))
    redis.call('HSET', key, 'status', 'delayed', 'due', due, 'ended', moment)
    redis.call('HDEL', key, 'token')
    redis.call('EXPIREAT', key, math.floor(tonumber(due)) + KEPT)
    redis.call('ZADD', base .. ':delayed', due, id)
  else
    finish(base, id, outcome, keep)
  end
end
return 1
