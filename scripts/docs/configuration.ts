import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { Config } from '../../lib/config/schema.ts'

// Writes the tables of docs/configuration.md from the schema.

interface JsonSchema {
  type?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  minimum?: number
  maximum?: number
  properties?: Record<string, JsonSchema>
}

const START = '<!-- keys: written by `node scripts/docs/configuration.ts` -->'
const FILE = path.resolve(import.meta.dirname, '../../docs/configuration.md')

/** One table for each section of the file. */
function keyTables(): string {
  const schema: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(Config, { io: 'input' })))
  const sections = Object.entries(schema.properties ?? {}).filter(
    ([, section]) => Object.keys(section.properties ?? {}).length > 0,
  )
  return sections.map(([name, section]) => table(name, section)).join('\n\n')
}

function table(name: string, section: JsonSchema): string {
  const rows = Object.entries(section.properties ?? {}).map(
    ([key, value]) =>
      `| \`${name}.${key}\` | ${range(value)} | ${shown(value.default)} | ${value.description ?? ''} |`,
  )
  return [`### ${name}`, '', '| key | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function range({ type, enum: choices, minimum, maximum }: JsonSchema): string {
  if (choices !== undefined) return choices.join(', ')
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `${minimum}–${maximum}`
  return type ?? ''
}

function shown(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``
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
