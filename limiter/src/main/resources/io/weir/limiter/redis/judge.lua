-- Does what is asked of the rows of some identifiers, one thing after the other, each of them all or
-- nothing.
--
-- KEYS     the keys of the identifiers; the value of each has the rows of all its limits
-- ARGV[1]  what is asked, as ScriptCall writes it
-- returns  when it was done and what was found, as ScriptReply reads it
--
-- It says who is admitted and writes what that leaves. All that is reported besides is computed by the
-- caller, from the rows as they were before, by the steps that memory and the stream use. All numbers
-- are whole and below 2^53, so that doubles hold them exactly: ScriptLimit lets no others in.
--
-- A value is row behind row; StoredRows writes them too. A row is
--   I3  the length of what follows the next number
--   I6  when it is idle: from then on, no row decides alike
--   the limit's key behind the identifier and "|": printable characters
--   the numbers that it was written under; their first byte is below 32
--   the state, by kind:
--     1 bucket   level; the last admission was as long before idle as it takes to drain
--     2 window   idle less last admission, tokens
--     3 counter  idle less last admission, tokens in its window, tokens in the window before
--     4 log      idle less last admission, tokens, entries of time and tokens
local call, unpack, pack = redis.call, struct.unpack, struct.pack
local sub, byte, fmod = string.sub, string.byte, math.fmod

local asked = ARGV[1]
local time, floor, lateness, count, at = unpack('>dddH', asked)
-- Only the test kit gives a time; then nothing goes by Redis's clock, and nothing expires.
local isGiven = time >= 0
if not isGiven then
  local parts = call('TIME')
  local micros = parts[2]
  time = parts[1] * 1000 + (micros - micros % 1000) / 1000
end
local earliest = floor > time and floor or time

-- Of several things, each sees what those before it left, and each key is written once at the end.
local values, changed = count > 1 and {}, count > 1 and {}

local function valueOf(k)
  local value = values and values[k]
  if not value then
    value = call('GET', KEYS[k]) or ''
    if values then
      values[k] = value
    end
  end
  return value
end

-- Writes a value until its last row is idle, without rows that are idle already.
local function write(k, value)
  local size = #value
  local rest, latest, text = 0, 0, 1
  if size > 0 then
    rest, latest, text = unpack('>I3I6', value)
  end
  if text + rest <= size then
    local from, kept = 1, {}
    latest = 0
    while from <= size do
      local length, idle, start = unpack('>I3I6', value, from)
      if idle + lateness > time then
        kept[#kept + 1] = sub(value, from, start + length - 1)
        latest = idle > latest and idle or latest
      end
      from = start + length
    end
    value = table.concat(kept)
  end
  local ttl = latest + lateness - time
  if value == '' or ttl <= 0 then
    call('DEL', KEYS[k])
  elseif isGiven then
    call('SET', KEYS[k], value)
  else
    call('PSETEX', KEYS[k], ttl, value)
  end
end

local function keep(k, value)
  if values then
    values[k], changed[k] = value, true
  else
    write(k, value)
  end
end

-- Where the row of a limit begins and ends; then, unless it was written under other numbers, the time
-- of the last admission and what is counted. Nothing where there is no row.
--   tail  the limit's key, so long, and its numbers
local function find(value, kind, tail, keyLength, format, per)
  local from, size, length = 1, #value, #tail
  while from < size do
    local rest, idle, text = unpack('>I3I6', value, from)
    local to, state = text + rest - 1, text + length
    if sub(value, text, state - 1) == tail then
      if kind == 1 then
        local level = unpack(format, value, state)
        local over = fmod(level, per)
        return from, to, idle - (level - over) / per - (over > 0 and 1 or 0), level
      end
      local since, used, more
      if kind == 4 then
        since, used, more = unpack('>I6I7', value, state)
      else
        since, used, more = unpack(format, value, state)
      end
      return from, to, idle - since, used, more
    end
    local numbers = text + keyLength
    if sub(value, text, numbers - 1) == sub(tail, 1, keyLength) and byte(value, numbers) < 32 then
      return from, to
    end
    from = to + 1
  end
end

-- The step of a log, as that of the others; and what is left of it that matters to the caller: what
-- must be gone before there is room, as one entry, and the newest.
local function admitToLog(format, now, last, used, first, per, room, cost, value, to)
  local entry = pack(format, now, cost)
  local width = #entry
  local newest = to - width + 1
  while first <= newest do
    local taken, tokens = unpack(format, value, first)
    if taken > now - per then
      break
    end
    used, first = used - tokens, first + width
  end
  local isEmpty = first > newest
  local newestTime, newestTokens = 0, 0
  if not isEmpty then
    newestTime, newestTokens = unpack(format, value, newest)
  end
  if used <= room then
    local digest = pack('>I6I7', 0, used) .. (isEmpty and '' or pack(format, newestTime, used))
    if newestTime == now and not isEmpty then
      entry, to = pack(format, now, newestTokens + cost), newest - 1
    end
    local state = pack('>I6I7', per, used + cost) .. sub(value, first, to) .. entry
    return now + per, state, digest
  end
  local digest = pack('>I6I7', 0, used)
  local gone, taken, tokens = 0, 0, 0
  while room >= 0 and used - gone > room do
    taken, tokens = unpack(format, value, first)
    gone, first = gone + tokens, first + width
  end
  if gone > 0 and taken < newestTime then
    digest = digest .. pack(format, taken, gone)
    gone = gone
  else
    gone = 0
  end
  if not isEmpty then
    digest = digest .. pack(format, newestTime, used - gone)
  end
  return nil, nil, digest
end

-- When the row is idle after an admission, and its state then; nothing where the limit refuses.
--   used, more  what is counted: units of a bucket, else tokens
--   per         a bucket's units a millisecond; the period of others
--   room        what may be used already; below 0 where the cost never fits
local function admit(kind, format, now, last, used, more, per, room, cost, value, to)
  if kind == 1 then
    local drained = (now - last) * per
    local level = drained < used and used - drained or 0
    if level <= room then
      level = level + cost
      local over = fmod(level, per)
      return now + (level - over) / per + (over > 0 and 1 or 0), pack(format, level)
    end
    return
  end
  if kind == 4 then
    return admitToLog(format, now, last, used, more, per, room, cost, value, to)
  end
  local start = now - now % per
  local tokens = last >= start and used or 0
  if kind == 2 then
    if tokens <= room then
      return start + per, pack(format, start + per - now, tokens + cost)
    end
    return
  end
  local before = 0
  if last >= start then
    before = more
  elseif last >= start - per then
    before = used
  end
  if before * (start + per - now) <= (room - tokens) * per then
    local idle = start + per + per
    return idle, pack(format, idle - now, tokens + cost, before)
  end
end

local NONE = '\0\0\0'
local REFUSED, ADMITTED, OTHER = '\0', '\1', '\2'

local function row(idle, tail, state)
  return pack('>I3I6', #tail + #state, idle) .. tail .. state
end

-- The value with another row in the place of what is between two positions.
local function replace(value, from, to, other)
  if from == 1 and to == #value then
    return other
  end
  return sub(value, 1, from - 1) .. other .. sub(value, to + 1)
end

-- Most checks have one limit, and need no tables.
local function judgeOne(charges)
  local k, kind, mode, keyLength, tail, format, per, room, cost
  k, kind, mode, keyLength, tail, format, per, room, cost, at =
    unpack('>HBBHHc0Bc0ddd', asked, at)
  local value = valueOf(k)
  local from, to, last, used, more = find(value, kind, tail, keyLength, format, per)
  local before, now = NONE, earliest
  if from then
    before = sub(value, from, to)
    if not last then
      return OTHER .. before
    end
    if last > now then
      now = last
    end
  elseif kind == 0 then
    return OTHER .. NONE
  else
    from, to, last, used, more = #value + 1, #value, 0, 0, kind == 4 and #value + 1 or 0
  end
  local idle, state, digest =
    admit(kind, format, now, last, used, more, per, room, cost, value, to)
  if digest and before ~= NONE then
    before = row(last, tail, digest)
  end
  if not idle then
    return (mode == 1 and ADMITTED or REFUSED) .. before
  end
  if charges then
    keep(k, replace(value, from, to, row(idle, tail, state)))
  end
  return ADMITTED .. before
end

local function judgeSeveral(charges, limits)
  local found, reply = {}, {}
  local now, isOther = earliest, false
  for i = 1, limits do
    local k, kind, mode, keyLength, tail, format, per, room, cost
    k, kind, mode, keyLength, tail, format, per, room, cost, at =
      unpack('>HBBHHc0Bc0ddd', asked, at)
    local value = valueOf(k)
    local from, to, last, used, more = find(value, kind, tail, keyLength, format, per)
    if from then
      reply[i + 1] = sub(value, from, to)
      isOther = isOther or not last
      now = last and last > now and last or now
    else
      reply[i + 1] = NONE
      isOther = isOther or kind == 0
      from, to, last, used, more = #value + 1, #value, 0, 0, kind == 4 and #value + 1 or 0
    end
    found[i] = {
      k = k, kind = kind, mode = mode, tail = tail, format = format, per = per, room = room,
      cost = cost, value = value, from = from, to = to, last = last, used = used, more = more
    }
  end
  if isOther then
    reply[1] = OTHER
    return table.concat(reply)
  end
  local refuses, quota, quotaAdmits = false, false, false
  for i = 1, limits do
    local f = found[i]
    local digest
    f.idle, f.state, digest = admit(
      f.kind, f.format, now, f.last, f.used, f.more, f.per, f.room, f.cost, f.value, f.to)
    if digest and reply[i + 1] ~= NONE then
      reply[i + 1] = row(f.last, f.tail, digest)
    end
    if f.mode == 0 then
      refuses = refuses or not f.idle
    elseif f.mode == 2 then
      quota = true
      quotaAdmits = quotaAdmits or f.idle
    end
  end
  if refuses or quota and not quotaAdmits then
    reply[1] = REFUSED
    return table.concat(reply)
  end
  if charges then
    local left, shift = {}, {}
    for i = 1, limits do
      local f = found[i]
      if f.idle then
        local value = left[f.k] or f.value
        local written = row(f.idle, f.tail, f.state)
        left[f.k] = replace(value, f.from, f.to, written)
        local longer = #written - (f.to - f.from + 1)
        for j = i + 1, limits do
          local other = found[j]
          if other.k == f.k and other.from >= f.from then
            other.from, other.to = other.from + longer, other.to + longer
          end
        end
      end
    end
    for k, value in pairs(left) do
      keep(k, value)
    end
  end
  reply[1] = ADMITTED
  return table.concat(reply)
end

-- Exchanges rows, if all of them are still what they are thought to be.
local function swap(rows)
  local left, isSame = {}, true
  for _ = 1, rows do
    local k, key, expected, wanted
    k, key, expected, wanted, at = unpack('>HHc0I3c0I3c0', asked, at)
    local value = left[k] or valueOf(k)
    local from, to = find(value, 0, key .. '\31', #key)
    if not from then
      from, to = #value + 1, #value
    end
    isSame = isSame and sub(value, from, to) == expected
    left[k] = replace(value, from, to, wanted)
  end
  if isSame then
    for k, value in pairs(left) do
      keep(k, value)
    end
  end
  return isSame and ADMITTED or OTHER
end

local function forget(keys)
  for _ = 1, keys do
    local k
    k, at = unpack('>H', asked, at)
    keep(k, '')
  end
  return ADMITTED
end

local function answer()
  local what, parts
  what, parts, at = unpack('>BH', asked, at)
  if what == 2 then
    return swap(parts)
  end
  if what == 3 then
    return forget(parts)
  end
  if parts == 1 then
    return judgeOne(what == 1)
  end
  return judgeSeveral(what == 1, parts)
end

if count == 1 then
  return pack('>d', time) .. answer()
end
local out = { pack('>d', time) }
for i = 1, count do
  out[i + 1] = answer()
end
for k in pairs(changed) do
  write(k, values[k])
end
return table.concat(out)
