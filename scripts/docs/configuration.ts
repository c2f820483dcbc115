import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { configurationKeys, expected, type Key, type KeySchema } from '../../lib/config/environment.ts'

// Writes the tables of docs/configuration.md from the schema.

const START = '<!-- keys: written by `node scripts/docs/configuration.ts` -->'
const FILE = path.resolve(import.meta.dirname, '../../docs/configuration.md')

/** One table for each section of the file. */
function keyTables(): string {
  const sections = Map.groupBy(configurationKeys(), (key) => key.section)
  return [...sections].map(([name, keys]) => table(name, keys)).join('\n\n')
}

function table(name: string, keys: readonly Key[]): string {
  const rows = keys.map(({ section, key, names, schema }) => {
    const variables = names.map((variable) => `\`${variable}\``).join(', ')
    return `| \`${section}.${key}\` | ${variables} | ${range(schema)} | ${standard(schema)} | ${schema.description ?? ''} |`
  })
  const head = ['| key | environment | values | default | meaning |', '|---|---|---|---|---|']
  return [`### ${name}`, '', ...head, ...rows].join('\n')
}

function range(schema: KeySchema): string {
  const { type, enum: choices, minimum, maximum } = schema
  if (choices !== undefined) return choices.join(', ')
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `${minimum}–${maximum}`
  return type === 'string' ? 'text' : expected(schema)
}

function standard({ default: value, absent }: KeySchema): string {
  return value === undefined ? (absent ?? 'none') : `\`${JSON.stringify(value)}\``
}

/** The document with its tables brought up to date. */
export function withTables(document: string): string {
  const start = document.indexOf(START)
  if (start < 0) throw new Error(`docs/configuration.md has lost the line ${START}`)
  return `${document.slice(0, start)}${START}\n\n${keyTables()}\n`
}

if (import.meta.main) {
  const before = readFileSync(FILE, 'utf8')
  writeFileSync(FILE, withTables(before))
}
