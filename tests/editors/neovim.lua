-- Neovim as a user has it, without a window: diagnostics come, a code action silences one, and it is gone.
-- Usage: nvim --headless -u NONE -n -c 'luafile neovim.lua'   with QUERYLINT and PROJECT set
local binary, project = os.getenv("QUERYLINT"), os.getenv("PROJECT")

local function fail(what)
  io.stderr:write("neovim: " .. what .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then fail("waited in vain for " .. what) end
end

vim.cmd("edit " .. project .. "/shop/views.py")
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = "querylint",
  cmd = { binary, "server", "--no-cache" },
  root_dir = project,
})
vim.lsp.buf_attach_client(buffer, client)

wait("a diagnostic", function() return #vim.diagnostic.get(buffer) == 1 end)
local found = vim.diagnostic.get(buffer)[1]
if found.code ~= "lazy-relation-in-loop" and found.user_data.lsp.code ~= "lazy-relation-in-loop" then
  fail("the diagnostic is another one: " .. vim.inspect(found))
end
-- Behind `ä😀`: columns of Neovim are bytes, those of the protocol UTF-16 units.
local line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, false)[1]
local marked = line:sub(found.col + 1, found.end_col)
if marked ~= "book.author" then fail("what is marked is `" .. marked .. "`") end

local params = vim.lsp.util.make_given_range_params({ found.lnum + 1, found.col }, { found.lnum + 1, found.col }, buffer, "utf-16")
params.context = { diagnostics = {} }
local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, 20000)
local chosen
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if action.title == "Ignore lazy-relation-in-loop on this line" then chosen = action end
  end
end
if not chosen then fail("there is no such action: " .. vim.inspect(answers)) end
vim.lsp.util.apply_workspace_edit(chosen.edit, "utf-16")
line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, false)[1]
if not line:find("# querylint: ignore[lazy-relation-in-loop]", 1, true) then fail("the action did `" .. line .. "`") end
wait("the diagnostic to go", function() return #vim.diagnostic.get(buffer) == 0 end)

vim.cmd("undo")
wait("it to come back", function() return #vim.diagnostic.get(buffer) == 1 end)
vim.lsp.stop_client(client)
wait("the server to end", function() return vim.lsp.client_is_stopped(client) end)
io.stdout:write("neovim: diagnostics, code action, undo\n")
vim.cmd("qall!")
