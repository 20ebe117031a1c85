-- Does what is asked of the rows of some identifiers, one thing after the other, each of them all or
-- nothing.
--
-- KEYS     the keys of the identifiers; the value of each has the rows of all its limits
-- ARGV[1]  what is asked, as ScriptCall writes it
-- returns  when it was done, and for each question what came of it and the rows that it found,
--          as ScriptCall reads it
--
-- It says who is admitted and writes what that leaves. All that is reported besides is computed by the
-- caller, from the rows as they were before, by the steps that memory and the stream use. All numbers
-- are whole and small enough that doubles hold them exactly: ScriptForm lets no others in.
--
-- A value is row behind row; ScriptRowCodec writes them too. A row is
--   I3  the length of what follows the next number
--   I6  when it is idle: from then on, no row decides alike
--   the limit's key behind the identifier and "|": printable characters
--   the numbers that it was written under; their first byte is below 32
--   the state, by kind:
--     1 bucket   level; the last admission was as long before idle as it takes to drain
--     2 window   idle less last admission, tokens
--     3 counter  idle less last admission, tokens in its window, tokens in the window before
--     4 log      idle less last admission, tokens, entries of time and tokens
--
-- What is to be done once has a key of its own, which says that it was done: the time it was judged at,
-- and the rows that were found.
--
-- Nearly all calls have checks of one limit each, and of the same one but for the key. So that is what
-- the code is made for: what functions and tables cost is spent only where there is more to do.
local call, try, unpack, pack, sub = redis.call, redis.pcall, struct.unpack, struct.pack, string.sub
local keys, asked = KEYS, ARGV[1]

local time, floor, lateness, limits, at = unpack('>dddH', asked)
-- Only the test kit gives a time. Then nothing goes by Redis's clock, and nothing expires.
local isGiven = time >= 0
if not isGiven then
  local parts = call('TIME')
  local micros = parts[2]
  time = parts[1] * 1000 + (micros - micros % 1000) / 1000
end
local earliest = floor > time and floor or time

-- The limits that anything is judged by: these, or those of a table where there are several.
local kind, mode, keyLength, shortest, tail, format, per, room, cost, entry
local known
for number = 1, limits do
  kind, mode, keyLength, shortest, tail, format, per, room, cost, at =
    unpack('>BBHHHc0Bc0ddd', asked, at)
  if kind == 4 then
    entry, at = unpack('>Bc0', asked, at)
  end
  if limits > 1 then
    known = known or {}
    known[number] = {kind, mode, keyLength, shortest, tail, format, per, room, cost, entry}
  end
end
local current = limits

-- Of several questions, each sees what those before it left; every key is read and written once. Where
-- all of a value is one row, it is known when that is idle.
local values, changed, idles
-- Or the key and the value that are written, where there is but one question of one part.
local onlyKey, onlyValue, onlyIdle
local result, rows, replies
local count
count, at = unpack('>H', asked, at)
-- What is told where a request comes again that is to be done once, and for how long.
local tellings, horizons

for question = 1, count do
  -- Two numbers of the first part are read along, in case it is to be judged.
  local what, parts, k, number
  what, parts, k, number, at = unpack('>BHHH', asked, at)
  rows = ''
  local once, horizon, told, telling
  if what >= 4 then
    local left
    at = at - 4
    once, horizon, left, at = unpack('>HdI3', asked, at)
    told = tellings and tellings[once] or try('GET', keys[once])
    if type(told) == 'string' then
      at = at + left
    else
      told = nil
      if what == 4 then
        k, number, at = unpack('>HH', asked, at)
      end
    end
    what = what - 3
  elseif what > 1 then
    at = at - 4
  end
  if (count > 1 or parts > 1) and not values then
    values, changed, idles, replies = {}, {}, {}, {}
  end

  if told then
    result, rows = 4, pack('>I3c0', #told, told)

  elseif what == 2 then
    -- Exchanges rows, if all of them are still what they are thought to be.
    local left, isSame = {}, true
    if once then
      telling, at = unpack('>I3c0', asked, at)
    end
    for _ = 1, parts do
      local k, key, expected, wanted
      k, key, expected, wanted, at = unpack('>HHc0I3c0I3c0', asked, at)
      local value = left[k] or values and (changed[k] or values[k]) or try('GET', keys[k]) or ''
      if type(value) == 'table' then
        value, isSame = '', false
      end
      local from, to, start = #value + 1, #value, 1
      while start + 8 <= #value do
        local rest, _, text = unpack('>I3I6', value, start)
        local numbers = text + #key
        if sub(value, text, numbers - 1) == key and (string.byte(value, numbers) or 32) < 32 then
          from, to = start, text + rest - 1
          break
        end
        start = text + rest
      end
      isSame = isSame and sub(value, from, to) == expected
      left[k] = sub(value, 1, from - 1) .. wanted .. sub(value, to + 1)
    end
    if isSame then
      for k, value in pairs(left) do
        if changed then
          changed[k], idles[k] = value, nil
        else
          onlyKey, onlyValue = k, value
        end
      end
    end
    result = isSame and 1 or 2

  elseif what == 3 then
    -- Forgets all rows.
    for _ = 1, parts do
      local k
      k, at = unpack('>H', asked, at)
      if changed then
        changed[k], idles[k] = '', nil
      else
        onlyKey, onlyValue = k, ''
      end
    end
    result = 1

  else
    -- Judges all limits together. First their rows, since the newest tells the time.
    local now, isOther, isBroken, found = earliest, false, false, parts > 1 and {}
    local value, from, to, last, used, more, before
    for i = 1, parts do
      if i > 1 then
        k, number, at = unpack('>HH', asked, at)
      end
      if number ~= current then
        local limit = known[number]
        kind, mode, keyLength, shortest, tail = limit[1], limit[2], limit[3], limit[4], limit[5]
        format, per, room, cost, entry = limit[6], limit[7], limit[8], limit[9], limit[10]
        current = number
      end
      value = values and (changed[k] or values[k])
      if not value then
        value = try('GET', keys[k])
        if not value then
          value = ''
        elseif type(value) == 'table' then
          value, isBroken = '', value.err
        end
        if values and not isBroken then
          values[k] = value
        end
      end
      local size, start = #value, 1
      from, to, last, used, more, before = size + 1, size, 0, 0, 0, '\0\0\0'
      while start <= size do
        local length, idle, text, first, second, third
        if start + shortest <= size + 1 then
          length, idle, text, first, second, third = unpack(format, value, start)
        elseif start + 8 <= size then
          length, idle = unpack('>I3I6', value, start)
        else
          isBroken = 'its value is cut off'
          break
        end
        local stop = start + 8 + length
        if text == tail then
          from, to = start, stop
          if kind == 1 then
            local over = first % per
            used, last = first, idle - (first - over) / per
            if over > 0 then
              last = last - 1
            end
          else
            used, more, last = second, third, idle - first
          end
          if last > now then
            now = last
          end
          break
        end
        local numbers = start + 9 + keyLength
        if sub(value, start + 9, numbers - 1) == sub(tail, 1, keyLength)
          and (string.byte(value, numbers) or 32) < 32
        then
          -- Written under other numbers: how they carry over, the caller knows.
          from, to, isOther = start, stop, true
          break
        end
        start = stop + 1
      end
      if start > size + 1 or to > size then
        isBroken = 'its value is cut off'
      end
      if from <= size then
        before = (from == 1 and to == size) and value or sub(value, from, to)
      end
      isOther = isOther or kind == 0
      if found then
        found[i] = {
          k = k, kind = kind, mode = mode, tail = tail, format = format, per = per, room = room,
          cost = cost, entry = entry, shortest = shortest, from = from, to = to, last = last,
          used = used, more = more, before = before
        }
      end
    end

    -- Then what each limit says, and what an admission leaves: its row, and when that is idle.
    --   used, more  what is counted: units of a bucket, else tokens
    --   per         a bucket's units a millisecond; the period of others
    --   room        what may be used already; below 0 where the cost never fits
    local refuses, quota, quotaAdmits = false, false, false
    local row, idle
    for i = 1, (isOther or isBroken) and 0 or parts do
      local f
      if found then
        f = found[i]
        k, kind, mode, tail, format, per, room, cost, entry, shortest =
          f.k, f.kind, f.mode, f.tail, f.format, f.per, f.room, f.cost, f.entry, f.shortest
        from, to, last, used, more, value =
          f.from, f.to, f.last, f.used, f.more, changed[f.k] or values[f.k]
      end
      row = nil
      if kind == 1 then
        local level = used - (now - last) * per
        if level < 0 then
          level = 0
        end
        if level <= room then
          level = level + cost
          local over = level % per
          idle = now + (level - over) / per
          if over > 0 then
            idle = idle + 1
          end
          row = pack(format, shortest - 9, idle, tail, level)
        end
      elseif kind == 2 then
        local start = now - now % per
        local tokens = last >= start and used or 0
        if tokens <= room then
          idle = start + per
          row = pack(format, shortest - 9, idle, tail, idle - now, tokens + cost)
        end
      elseif kind == 3 then
        local start = now - now % per
        local tokens, earlier = 0, 0
        if last >= start then
          tokens, earlier = used, more
        elseif last >= start - per then
          earlier = used
        end
        if earlier * (start + per - now) <= (room - tokens) * per then
          idle = start + per + per
          row = pack(format, shortest - 9, idle, tail, idle - now, tokens + cost, earlier)
        end
      else
        -- A log. The caller needs of it only what must be gone before there is room, as one entry,
        -- and the newest.
        local latest = pack(entry, now, cost)
        local width = #latest
        local first, newest = from + shortest, to - width + 1
        while first <= newest do
          local taken, tokens = unpack(entry, value, first)
          if taken > now - per then
            break
          end
          used, first = used - tokens, first + width
        end
        local isEmpty, gone, newestTime, newestTokens = first > newest, 0, 0, 0
        local digest = ''
        if not isEmpty then
          newestTime, newestTokens = unpack(entry, value, newest)
        end
        if used <= room then
          local kept
          if newestTime == now and not isEmpty then
            latest = pack(entry, now, newestTokens + cost)
            kept = sub(value, first, newest - 1)
          else
            kept = sub(value, first, to)
          end
          idle = now + per
          row = pack(format, shortest - 9 + #kept + width, idle, tail, per, used + cost)
            .. kept .. latest
        elseif room >= 0 then
          local oldest, taken, tokens = first, 0, 0
          while used - gone > room and oldest <= newest do
            taken, tokens, oldest = unpack(entry, value, oldest)
            gone = gone + tokens
          end
          if taken < newestTime then
            digest = pack(entry, taken, gone)
          else
            gone = 0
          end
        end
        local ends = last
        if not isEmpty then
          digest = digest .. pack(entry, newestTime, used - gone)
          ends = newestTime + per > last and newestTime + per or last
        end
        if from <= to then
          before = pack(format, shortest - 9 + #digest, ends, tail, ends - last, used) .. digest
          if found then
            f.before = before
          end
        end
      end
      local admits, means = row, mode
      if mode >= 4 then
        -- It peeks.
        means, row = mode - 4, nil
      end
      if means == 0 then
        refuses = refuses or not admits
      elseif means == 2 then
        quota, quotaAdmits = true, quotaAdmits or admits
      end
      if found then
        f.row, f.idle = row, idle
      end
    end

    result = 1
    if isBroken then
      result = 3
    elseif isOther then
      result = 2
    elseif refuses or quota and not quotaAdmits then
      result = 0
    else
      for i = 1, parts do
        if found then
          local f = found[i]
          k, from, to, row, idle = f.k, f.from, f.to, f.row, f.idle
          value = changed[k] or values[k]
        end
        if row then
          local longer = #row - (to - from + 1)
          if from > 1 or to < #value then
            row, idle = sub(value, 1, from - 1) .. row .. sub(value, to + 1), nil
          end
          if changed then
            changed[k], idles[k] = row, idle
          else
            onlyKey, onlyValue, onlyIdle = k, row, idle
          end
          for j = i + 1, parts do
            local f = found[j]
            if f.k == k and f.from >= from then
              f.from, f.to = f.from + longer, f.to + longer
            end
          end
        end
      end
    end
    if isBroken then
      rows = pack('>Hc0', #isBroken, isBroken)
    elseif found then
      local all = {}
      for i = 1, parts do
        all[i] = found[i].before
      end
      rows = table.concat(all)
    else
      rows = before
    end
  end
  if once and result == 1 and not told then
    tellings, horizons = tellings or {}, horizons or {}
    tellings[once], horizons[once] = telling or pack('>d', earliest) .. rows, horizon
  end
  if count > 1 then
    replies[2 * question - 1] = result == 1 and '\1' or string.char(result)
    replies[2 * question] = rows
  end
end

-- A value is kept until its last row is idle, without the rows that are idle already.
local k, value, latest = onlyKey, onlyValue, onlyIdle
if changed then
  k, value = next(changed)
  latest = k and idles[k]
end
while k do
  local size = #value
  if size == 0 then
    latest = 0
  elseif not latest then
    local rest, idle, text = unpack('>I3I6', value)
    latest = idle
    if text + rest <= size then
      local kept, start = {}, 1
      latest = 0
      while start + 8 <= size do
        rest, idle, text = unpack('>I3I6', value, start)
        if text + rest - 1 > size then
          break -- What is no row is not kept.
        end
        if idle + lateness > time then
          kept[#kept + 1] = sub(value, start, text + rest - 1)
          latest = idle > latest and idle or latest
        end
        start = text + rest
      end
      value = table.concat(kept)
    end
  end
  local left = latest + lateness - time
  if left <= 0 then
    call('DEL', keys[k])
  elseif isGiven then
    call('SET', keys[k], value)
  else
    call('PSETEX', keys[k], left, value)
  end
  if not changed then
    break
  end
  k, value = next(changed, k)
  latest = k and idles[k]
end

if tellings then
  for once, telling in pairs(tellings) do
    call('PSETEX', keys[once], horizons[once], telling)
  end
end

if count > 1 then
  return pack('>dc0', time, table.concat(replies))
end
return pack('>dBc0', time, result, rows)
