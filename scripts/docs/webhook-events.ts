import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { EVENT_DATA } from '../../lib/webhooks/event-schema.ts'

// Writes the JSON Schema of the data of events into docs/webhooks.md, from the schemas by which they are sent.

const START = '<!-- events: written by `node scripts/docs/webhook-events.ts` -->'
const END = '<!-- end of events -->'
const FILE = path.resolve(import.meta.dirname, '../../docs/webhooks.md')

/** The document with its schemas brought up to date. */
export function withEvents(document: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`docs/webhooks.md has lost the lines ${START} and ${END}`)
  const types = Object.entries(EVENT_DATA).map(
    ([type, schema]) => `  ${JSON.stringify(type)}: ${printed(schema)}`,
  )
  const block = ['```json', '{', types.join(',\n'), '}', '```'].join('\n')
  return `${document.slice(0, start)}${START}\n\n${block}\n\n${document.slice(end)}`
}

/** A schema with a line for each member. */
function printed(schema: z.ZodObject): string {
  const { required, properties = {} } = z.toJSONSchema(schema, { override: withoutPattern })
  const lines = Object.entries(properties).map(
    ([name, member]) => `      ${JSON.stringify(name)}: ${JSON.stringify(member)}`,
  )
  return `{\n    "type": "object",\n    "required": ${JSON.stringify(required)},\n    "properties": {\n${lines.join(',\n')}\n    }\n  }`
}

/** Formats say it shorter, and members may be added. */
function withoutPattern({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  for (const key of ['pattern', 'minimum', 'maximum', 'additionalProperties']) delete jsonSchema[key]
}

if (import.meta.main) writeFileSync(FILE, withEvents(readFileSync(FILE, 'utf8')))
