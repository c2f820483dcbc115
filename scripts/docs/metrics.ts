import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Registered, registeredMetrics } from '../monitoring/registered.ts'

// Writes the list of metrics of docs/operating.md from what the app registers.

const START = '<!-- metrics: written by `node scripts/docs/metrics.ts` -->'
const END = '<!-- end of metrics -->'
const FILE = path.resolve(import.meta.dirname, '../../docs/operating.md')

/** The document with its list brought up to date; metrics of Node and the process are known by their names. */
export function withMetrics(document: string, registered: readonly Registered[]): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`docs/operating.md has lost the lines ${START} and ${END}`)
  const rows = registered.filter(({ name }) => name.startsWith('incipit_')).map(row)
  const table = ['| metric | type | labels | meaning |', '|---|---|---|---|', ...rows].join('\n')
  return `${document.slice(0, start)}${START}\n\n${table}\n\n${document.slice(end)}`
}

function row({ name, type, labels, help }: Registered): string {
  const named = labels.map((label) => `\`${label}\``).join(', ')
  return `| \`${name}\` | ${type} | ${named} | ${help} |`
}

if (import.meta.main) {
  const before = readFileSync(FILE, 'utf8')
  writeFileSync(FILE, withMetrics(before, await registeredMetrics()))
}
