-- Drives Neovim's own client against the server: each line of out.txt is what one request brought.
local uri = vim.uri_from_fname(vim.fn.getcwd() .. "/lb/10-web.cfg")
local out = {}
local function say(...) table.insert(out, table.concat(vim.tbl_map(tostring, { ... }), " ")) end
local function finish()
  vim.fn.writefile(out, "out.txt")
  vim.cmd("qall!")
end

vim.cmd("edit lb/10-web.cfg")
local client = vim.lsp.start_client({ name = "haproxy-lint", cmd = { "haproxy-lint", "lsp" }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, client)
local function until_(what, wanted)
  if not vim.wait(30000, wanted, 20) then
    say("timeout:", what)
    finish()
  end
end
until_("initialize", function() return vim.lsp.buf_get_clients(0)[client] ~= nil end)

local function diagnostics()
  return vim.tbl_map(function(d) return d.lnum .. ":" .. d.col .. " " .. d.code end, vim.diagnostic.get(0))
end
until_("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
say("diagnostics", table.concat(diagnostics(), ", "))

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 30000) or {}
  local answer = answers[client] or {}
  return answer.result, answer.err
end
local function at(line, column)
  vim.api.nvim_win_set_cursor(0, { line, column })
  return vim.lsp.util.make_position_params(0, vim.lsp.get_client_by_id(client).offset_encoding)
end

say("hover", (ask("textDocument/hover", at(4, 21)).contents.value:gsub("\n+", " / "):gsub("%(file:.-%)", "")))
local items = ask("textDocument/completion", at(4, 21))
local labels = vim.tbl_map(function(item) return item.label end, items.items or items)
say("completion", vim.tbl_contains(labels, "app"))
local there = ask("textDocument/definition", at(4, 21))
say("definition", there[1].uri:match("[^/]+$"), there[1].range.start.line)
local params = at(4, 21)
params.context = { includeDeclaration = true }
for _, place in ipairs(ask("textDocument/references", params)) do
  say("reference", place.uri:match("[^/]+$"), place.range.start.line)
end
for _, symbol in ipairs(ask("textDocument/documentSymbol", { textDocument = { uri = uri } })) do
  say("symbol", symbol.name, #(symbol.children or {}))
end

-- Rename over two files, as Neovim applies it.
params = at(4, 21)
params.newName = "shop"
local edit = ask("textDocument/rename", params)
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
say("renamed here", vim.fn.getline(4))
say("renamed there", vim.fn.getbufline(vim.fn.bufnr("lb/20-app.cfg"), 1)[1])

-- What is not saved there is read, once the server is told of it.
local other = vim.fn.bufnr("lb/20-app.cfg")
vim.fn.bufload(other)
vim.lsp.buf_attach_client(other, client)

-- A fix, as the menu of actions would make it.
until_("diagnostics after the rename", function() return #vim.diagnostic.get(0) > 0 end)
params = vim.lsp.util.make_given_range_params({ 6, 0 }, { 6, 0 })
params.context = { diagnostics = {} }
for _, action in ipairs(ask("textDocument/codeAction", params)) do
  say("action", action.title)
  if action.title == "Delete the line" then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
end
until_("no diagnostics any more", function() return #vim.diagnostic.get(0) == 0 end)
say("lines", vim.fn.line("$"))
finish()
