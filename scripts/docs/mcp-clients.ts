import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { clientsFor } from '../../components/connect/snippets.ts'

// Writes what docs/connect.md says of clients from the table that the page Connect shows.

const START = '<!-- clients: written by `node scripts/docs/mcp-clients.ts` -->'
const END = '<!-- /clients -->'
const FILE = path.resolve(import.meta.dirname, '../../docs/connect.md')
const ENDPOINT = 'http://localhost:3000/api/mcp'

/** One section for each client: what to copy, what reaches it and what does not. */
function clientSections(): string {
  return clientsFor(ENDPOINT)
    .map(({ name, installs = [], snippets, can, cannot }) => {
      const links = installs.map((install) => `${install.name}, as an address: \`${install.href}\``)
      const copied = snippets.map(({ into, text }) => `${into}:\n\n\`\`\`${language(text)}\n${text}\n\`\`\``)
      return [`### ${name}`, ...links, ...copied, `**Can:** ${can}`, `**Cannot:** ${cannot}`].join('\n\n')
    })
    .join('\n\n')
}

function language(text: string): string {
  if (text.startsWith('{')) return 'json'
  if (text.startsWith('[')) return 'toml'
  if (text.startsWith('extensions:')) return 'yaml'
  return text.startsWith('curl') ? 'sh' : 'sh no-run reason="needs the client"'
}

/** The document with its sections brought up to date. @throws Error when the marks are missing */
export function withClients(document: string): string {
  const start = document.indexOf(START)
  const end = document.indexOf(END)
  if (start === -1 || end < start) throw new Error(`${FILE} has no marks ${START} and ${END}`)
  return `${document.slice(0, start)}${START}\n\n${clientSections()}\n\n${document.slice(end)}`
}

if (import.meta.main) writeFileSync(FILE, withClients(readFileSync(FILE, 'utf8')))
