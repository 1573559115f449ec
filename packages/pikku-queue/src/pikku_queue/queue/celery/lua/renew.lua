-- base, id, token, visibility: of each job.
-- Returns those that are not that worker's any more, as numbers from 0.
local gone = {}
for i = 1, #ARGV, 4 do
  local found = redis.call('HMGET', job(ARGV[i], ARGV[i + 1]), 'status', 'token')
  if found[1] == 'active' and found[2] == ARGV[i + 2] then
    redis.call('ZADD', ARGV[i] .. ':active', now + tonumber(ARGV[i + 3]), ARGV[i + 1])
  else
    table.insert(gone, (i - 1) / 4)
  end
end
return gone
