-- Reads the rows of an identifier, for who wants to see them; nothing is written.
--
-- KEYS[1]  the key of the identifier
-- returns  Redis's time in milliseconds, a double of 8 bytes, and the value of the key as it is
local time = redis.call('TIME')
local micros = time[2]
return struct.pack('>d', time[1] * 1000 + (micros - micros % 1000) / 1000)
  .. (redis.call('GET', KEYS[1]) or '')
