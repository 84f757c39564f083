-- Sends the requests of a file in turn, one a line: method, path, name and value of a header, body, with tabs between them.
-- Where a body says #COUNT#, the number of the request stands, so that no two are the same.
local requests = {}
local at = 0
local count = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, name, value, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { [name] = value }
    if body ~= "" then headers["Content-Type"] = "application/json" end
    local request = { method = method, path = path, headers = headers, body = body }
    if not body:find("#COUNT#", 1, true) then
      request.whole = wrk.format(method, path, headers, body ~= "" and body or nil)
    end
    requests[#requests + 1] = request
  end
end

function request()
  at = at % #requests + 1
  count = count + 1
  local next = requests[at]
  if next.whole then return next.whole end
  return wrk.format(next.method, next.path, next.headers, (next.body:gsub("#COUNT#", tostring(count))))
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("bench %d %d %.0f %.0f %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
