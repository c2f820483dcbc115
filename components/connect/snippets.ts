import { isLabelSelector } from '#lib/prompts/rules.ts'

/** A client's view of the registry; neither label nor category means all that is in `production`. */
export interface Narrowing {
  label: string
  category: string
}

/** Path and query of the endpoint; `production` is what it serves without a label. */
export function endpointPath({ label, category }: Narrowing): string {
  const query = new URLSearchParams()
  if (label !== '' && label !== 'production' && isLabelSelector(label)) query.set('label', label)
  if (category !== '') query.set('category', category)
  return query.size === 0 ? '/api/mcp' : `/api/mcp?${query}`
}

/** Something to copy: into a shell, or into the file that `into` names. */
export interface Snippet {
  into: string
  text: string
}

/** An address that opens a program of the reader's machine, which asks whether to add the server. */
export interface Install {
  /** What stands on the button: `Add to Cursor`. */
  name: string
  href: string
}

export interface Client {
  id: string
  name: string
  /** Left out: the client has no such address. */
  installs?: Install[]
  snippets: Snippet[]
  /** The parts of the server that reach its user and its model. */
  can: string
  /** The parts that do not, and the ways around. */
  cannot: string
}

/** How a client says who it is. Left out where nobody asks: there are no accounts. */
export type Proof = { kind: 'sign-in' } | { kind: 'key'; key: string }

/**
 * How each client is told of the server, and what it makes of it. The page Connect and docs/connect.md are made of
 * this. The formats are those of the clients' own documentation.
 */
export function clientsFor(endpoint: string, proof?: Proof): Client[] {
  const told: Told = { endpoint, proof, headers: headersOf(proof) }
  const clients = [
    claudeCode(told),
    claudeDesktop(told),
    codex(told),
    geminiCli(told),
    opencode(told),
    copilotCli(told),
    cursor(told),
    vsCode(told),
    lmStudio(told),
    goose(told),
  ]
  return proof?.kind === 'sign-in' ? [...clients, chatGpt(told), inspector(told)] : [...clients, curl(told)]
}

/** Where files that are shared find a key, and Codex always. */
const KEY_VARIABLE = 'INCIPIT_KEY'

interface Told {
  endpoint: string
  proof: Proof | undefined
  /** For files that take headers; empty without a key. */
  headers: { headers?: { Authorization: string } }
}

function headersOf(proof: Proof | undefined): Told['headers'] {
  return proof?.kind === 'key' ? { headers: { Authorization: `Bearer ${proof.key}` } } : {}
}

/** Options of a command line that send the key. */
function headerOption({ headers }: Told): string {
  return headers.headers === undefined
    ? ''
    : ` --header ${quoted(`Authorization: ${headers.headers.Authorization}`)}`
}

/** Something to do in the client after it was told, to sign in. */
function signIn({ proof }: Told, snippet: Snippet): Snippet[] {
  return proof?.kind === 'sign-in' ? [snippet] : []
}

function claudeCode(told: Told): Client {
  const { endpoint, proof } = told
  const isKey = proof?.kind === 'key'
  const shared = isKey && { headers: { Authorization: `Bearer \${${KEY_VARIABLE}}` } }
  return {
    id: 'claude-code',
    name: 'Claude Code',
    snippets: [
      {
        into: 'In a terminal',
        text: `claude mcp add --transport http incipit ${quoted(endpoint)}${headerOption(told)}`,
      },
      ...signIn(told, {
        into: 'Then in Claude Code, to sign in: choose incipit, Authenticate',
        text: '/mcp',
      }),
      {
        into: `.mcp.json, to share it with everybody who works on a project${isKey ? `; each has a key of their own in ${KEY_VARIABLE}` : ''}`,
        text: json({ mcpServers: { incipit: { type: 'http', url: endpoint, ...shared } } }),
      },
    ],
    can: 'Prompts are commands, /mcp__incipit__ and the name; changes show in the menu within seconds. Tools, pictures included. Sources as @incipit:prompt://name. Type /mcp to see the connection.',
    cannot:
      'A command takes one word for each argument and drops the rest, quotes or not. For longer values say in the chat which prompt to use and with what: render_prompt gets them whole.',
  }
}

function claudeDesktop({ endpoint, proof }: Told): Client {
  // The bridge takes plain http to other machines only when told to.
  const { protocol, hostname } = new URL(endpoint)
  const isPlain = protocol === 'http:' && !['localhost', '127.0.0.1'].includes(hostname)
  const args = ['-y', 'mcp-remote', endpoint, ...(isPlain ? ['--allow-http'] : [])]
  // On Windows a space within an argument ends it; one within a variable does not.
  const server =
    proof?.kind === 'key'
      ? {
          command: 'npx',
          args: [...args, '--header', 'Authorization:${INCIPIT_AUTHORIZATION}'],
          env: { INCIPIT_AUTHORIZATION: `Bearer ${proof.key}` },
        }
      : { command: 'npx', args }
  const signsIn = proof?.kind === 'sign-in' ? ' At the first start it opens a browser to sign in.' : ''
  return {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    snippets: [
      {
        into: 'claude_desktop_config.json (Settings → Developer → Edit config)',
        text: json({ mcpServers: { incipit: server } }),
      },
    ],
    can: `Prompts, tools and sources, through the package mcp-remote (it needs Node.js), which passes everything on.${signsIn}`,
    cannot:
      'The file starts local programs alone, hence the package. Quit Claude Desktop and open it again afterwards.',
  }
}

function codex(told: Told): Client {
  const { endpoint, proof } = told
  const isKey = proof?.kind === 'key'
  const variable = isKey ? ` --bearer-token-env-var ${KEY_VARIABLE}` : ''
  const line = isKey ? `\nbearer_token_env_var = "${KEY_VARIABLE}"` : ''
  return {
    id: 'codex',
    name: 'Codex',
    snippets: [
      ...(isKey
        ? [{ into: 'In the profile of your shell', text: `export ${KEY_VARIABLE}=${proof.key}` }]
        : []),
      { into: 'In a terminal', text: `codex mcp add incipit --url ${quoted(endpoint)}${variable}` },
      ...signIn(told, { into: 'Then, to sign in', text: 'codex mcp login incipit' }),
      {
        into: 'Or ~/.codex/config.toml',
        text: `[mcp_servers.incipit]\nurl = ${JSON.stringify(endpoint)}${line}`,
      },
    ],
    can: 'Tools: say what you need, and it searches and renders. Type /mcp to see the connection.',
    cannot:
      'It knows no prompts and hears of no changes: a prompt that is published as a tool is there at the next start.',
  }
}

function geminiCli(told: Told): Client {
  const { endpoint, headers } = told
  return {
    id: 'gemini-cli',
    name: 'Gemini CLI',
    snippets: [
      {
        into: 'In a terminal',
        text: `gemini mcp add --transport http${headerOption(told)} incipit ${quoted(endpoint)}`,
      },
      ...signIn(told, { into: 'Then in Gemini CLI, to sign in', text: '/mcp auth incipit' }),
      {
        into: 'Or ~/.gemini/settings.json',
        text: json({ mcpServers: { incipit: { httpUrl: endpoint, ...headers } } }),
      },
    ],
    can: 'Prompts are commands, /name --argument="some words". Tools, and sources.',
    cannot:
      'It reads the first page of prompts alone (mcp.page_size, 1,000); narrow the address by category where there are more.',
  }
}

function opencode(told: Told): Client {
  const { endpoint, headers } = told
  const server = { type: 'remote', url: endpoint, enabled: true, ...headers }
  return {
    id: 'opencode',
    name: 'opencode',
    snippets: [
      {
        into: 'opencode.json in a project, or ~/.config/opencode/opencode.json',
        text: json({ $schema: 'https://opencode.ai/config.json', mcp: { incipit: server } }),
      },
      ...signIn(told, { into: 'Then, to sign in', text: 'opencode mcp auth incipit' }),
    ],
    can: 'Tools. Prompts are commands, /incipit:name, where every variable is a text.',
    cannot:
      'It asks for a prompt with $1, $2 … as values before it puts yours in, so numbers, choices and patterns are refused, and it does not say so: use the tools for those prompts.',
  }
}

function copilotCli({ endpoint, headers }: Told): Client {
  const server = { type: 'http', url: endpoint, ...headers, tools: ['*'] }
  return {
    id: 'copilot-cli',
    name: 'Copilot CLI',
    snippets: [{ into: '~/.copilot/mcp-config.json', text: json({ mcpServers: { incipit: server } }) }],
    can: 'Tools, and word of changed ones. A form asks you for values that are missing.',
    cannot: 'It knows no prompts and no sources: say what you need, and it searches and renders.',
  }
}

function cursor({ endpoint, headers }: Told): Client {
  const config = encoded({ url: endpoint, ...headers })
  return {
    id: 'cursor',
    name: 'Cursor',
    installs: [
      {
        name: 'Add to Cursor',
        href: `cursor://anysphere.cursor-deeplink/mcp/install?name=incipit&config=${config}`,
      },
    ],
    snippets: [
      {
        into: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
        text: json({ mcpServers: { incipit: { url: endpoint, ...headers } } }),
      },
    ],
    can: 'Tools, and prompts as commands of the chat, as its documentation says. Settings → MCP shows the connection.',
    cannot:
      'It offers a limited number of tools of all servers together: ?tools=read leaves out those that write.',
  }
}

const ASKED_FOR = {
  server: { headers: { Authorization: 'Bearer ${input:incipit-key}' } },
  file: {
    inputs: [{ type: 'promptString', id: 'incipit-key', description: 'API key of Incipit', password: true }],
  },
}

function vsCode({ endpoint, headers }: Told): Client {
  const server = { type: 'http', url: endpoint, ...headers }
  // The file is shared with the project: VS Code asks each for a key, and keeps it.
  const shared = { type: 'http', url: endpoint, ...(headers.headers && ASKED_FOR.server) }
  const installed = encodeURIComponent(JSON.stringify({ name: 'incipit', ...server }))
  return {
    id: 'vs-code',
    name: 'VS Code',
    installs: [
      { name: 'Add to VS Code', href: `vscode:mcp/install?${installed}` },
      { name: 'Add to VS Code Insiders', href: `vscode-insiders:mcp/install?${installed}` },
    ],
    snippets: [
      {
        into: '.vscode/mcp.json in a project',
        text: json({ servers: { incipit: shared }, ...(headers.headers && ASKED_FOR.file) }),
      },
      {
        into: 'Or in a terminal, for all projects',
        text: `code --add-mcp '${JSON.stringify({ name: 'incipit', ...server })}'`,
      },
    ],
    can: 'In the chat, prompts are commands, /mcp.incipit. and the name; a form asks for their arguments. Tools in agent mode, sources under Add Context.',
    cannot:
      'The key of the file is servers, not mcpServers. Lists are typed as one line for each item, or as JSON.',
  }
}

function lmStudio({ endpoint, headers }: Told): Client {
  const server = { url: endpoint, ...headers }
  return {
    id: 'lm-studio',
    name: 'LM Studio',
    installs: [
      { name: 'Add to LM Studio', href: `lmstudio://add_mcp?name=incipit&config=${encoded(server)}` },
    ],
    snippets: [
      {
        into: 'mcp.json (Program → Install → Edit mcp.json)',
        text: json({ mcpServers: { incipit: server } }),
      },
    ],
    can: 'Tools, for models that run on your machine.',
    cannot:
      'It knows no prompts and no sources: say what you need, and the model searches and renders. It asks before each call.',
  }
}

function goose({ endpoint, headers: { headers } }: Told): Client {
  const description = 'A registry of prompts'
  const link = new URLSearchParams({
    type: 'streamable_http',
    url: endpoint,
    id: 'incipit',
    name: 'Incipit',
    description,
    ...(headers && { header: `Authorization=${headers.Authorization}` }),
  })
  const lines = [
    'extensions:',
    '  incipit:',
    '    enabled: true',
    '    type: streamable_http',
    '    name: Incipit',
    `    description: ${description}`,
    `    uri: ${JSON.stringify(endpoint)}`,
    ...(headers ? ['    headers:', `      Authorization: ${JSON.stringify(headers.Authorization)}`] : []),
    '    timeout: 300',
  ]
  return {
    id: 'goose',
    name: 'Goose',
    // It reads %20, and takes a plus sign for itself.
    installs: [{ name: 'Add to Goose', href: `goose://extension?${String(link).replaceAll('+', '%20')}` }],
    snippets: [{ into: '~/.config/goose/config.yaml', text: lines.join('\n') }],
    can: 'Tools. Prompts by /prompts and /prompt with the name, as its documentation says.',
    cannot: 'Ask for a prompt in words where it has many variables: render_prompt gets them whole.',
  }
}

function chatGpt({ endpoint }: Told): Client {
  return {
    id: 'chatgpt',
    name: 'ChatGPT',
    snippets: [
      { into: 'Settings → Apps → Create, with developer mode on: the address, and OAuth', text: endpoint },
    ],
    can: 'Tools. It opens a page of this server to sign in, and one that asks what it may do.',
    cannot: 'It connects from outside: this server has to be reached from the internet, over https.',
  }
}

function inspector({ endpoint }: Told): Client {
  return {
    id: 'inspector',
    name: 'Inspector',
    snippets: [
      { into: 'In a terminal', text: 'npx @modelcontextprotocol/inspector' },
      { into: 'Then in its page: transport Streamable HTTP, this address, Connect', text: endpoint },
    ],
    can: 'Everything, to look at it: what a client sees of prompts, tools and sources, and each message.',
    cannot: 'It is for trying things out, not for work.',
  }
}

function curl({ endpoint, headers: { headers } }: Told): Client {
  const call = (method: string, params?: object) =>
    [
      `curl -sS ${quoted(endpoint)} \\`,
      ...(headers ? [`  -H 'Authorization: ${headers.Authorization}' \\`] : []),
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
    can: 'Everything: requests stand for themselves, without session or handshake. Another client that speaks Streamable HTTP needs only the address above.',
    cannot: 'Notifications need a connection that stays open: curl -N with Accept: text/event-stream.',
  }
}

/** For a POSIX shell: a word with more than plain characters is quoted. */
function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** JSON in base64, as a part of an address. */
function encoded(value: unknown): string {
  return encodeURIComponent(btoa(JSON.stringify(value)))
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
