/** Something to copy: into a shell, or into the file that `into` names. */
export interface Snippet {
  into: string
  text: string
}

export interface Client {
  id: string
  name: string
  snippets: Snippet[]
  /** What happens next, and what to know. */
  note: string
}

/** How each client is told of the server. The formats are those of the clients' own documentation. */
export function clientsFor(endpoint: string): Client[] {
  return [
    claudeCode(endpoint),
    claudeDesktop(endpoint),
    cursor(endpoint),
    vsCode(endpoint),
    codex(endpoint),
    curl(endpoint),
  ]
}

function claudeCode(endpoint: string): Client {
  return {
    id: 'claude-code',
    name: 'Claude Code',
    snippets: [
      { into: 'In a terminal', text: `claude mcp add --transport http incipit ${quoted(endpoint)}` },
      {
        into: '.mcp.json, to share it with everybody who works on a project',
        text: json({ mcpServers: { incipit: { type: 'http', url: endpoint } } }),
      },
    ],
    note: 'Type /mcp to see the connection. Prompts are commands: /mcp__incipit__ and the name of the prompt.',
  }
}

function claudeDesktop(endpoint: string): Client {
  // The bridge takes plain http to other machines only when told to.
  const { protocol, hostname } = new URL(endpoint)
  const isPlain = protocol === 'http:' && !['localhost', '127.0.0.1'].includes(hostname)
  const args = ['-y', 'mcp-remote', endpoint, ...(isPlain ? ['--allow-http'] : [])]
  return {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    snippets: [
      {
        into: 'claude_desktop_config.json (Settings → Developer → Edit config)',
        text: json({ mcpServers: { incipit: { command: 'npx', args } } }),
      },
    ],
    note: 'The file starts local programs, so the package mcp-remote (it needs Node.js) passes everything on to the address. Quit Claude Desktop and open it again afterwards.',
  }
}

function cursor(endpoint: string): Client {
  return {
    id: 'cursor',
    name: 'Cursor',
    snippets: [
      {
        into: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
        text: json({ mcpServers: { incipit: { url: endpoint } } }),
      },
    ],
    note: 'Settings → MCP shows the connection and its tools.',
  }
}

function vsCode(endpoint: string): Client {
  const added = JSON.stringify({ name: 'incipit', type: 'http', url: endpoint })
  return {
    id: 'vs-code',
    name: 'VS Code',
    snippets: [
      {
        into: '.vscode/mcp.json in a project',
        text: json({ servers: { incipit: { type: 'http', url: endpoint } } }),
      },
      { into: 'Or in a terminal, for all projects', text: `code --add-mcp '${added}'` },
    ],
    note: 'The key is servers, not mcpServers. In the chat, prompts are commands: /mcp.incipit. and the name of the prompt.',
  }
}

function codex(endpoint: string): Client {
  return {
    id: 'codex',
    name: 'Codex',
    snippets: [
      { into: 'In a terminal', text: `codex mcp add incipit --url ${quoted(endpoint)}` },
      {
        into: 'Or ~/.codex/config.toml',
        text: `[mcp_servers.incipit]\nurl = ${JSON.stringify(endpoint)}`,
      },
    ],
    note: 'Type /mcp to see the connection. Codex reaches the prompts through the tools.',
  }
}

function curl(endpoint: string): Client {
  const call = (method: string, params?: object) =>
    [
      `curl -sS ${quoted(endpoint)} \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -H 'Accept: application/json, text/event-stream' \\`,
      `  -d '${JSON.stringify({ jsonrpc: '2.0', id: 1, method, ...(params && { params }) })}'`,
    ].join('\n')
  const render = {
    name: 'business_logic_implementation',
    arguments: { business_domain: 'e-commerce', requirements: 'user authentication' },
  }
  return {
    id: 'curl',
    name: 'curl',
    snippets: [
      { into: 'List the prompts', text: call('prompts/list') },
      { into: 'Get one, rendered with its variables', text: call('prompts/get', render) },
    ],
    note: 'Requests stand for themselves: no session, no handshake. Another client that speaks Streamable HTTP needs only the address above.',
  }
}

/** For a POSIX shell: what holds more than plain signs goes into quotes. */
function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
