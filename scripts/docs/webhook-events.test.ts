import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { WEBHOOK_EVENTS } from '../../lib/webhooks/rules.ts'
import { withEvents } from './webhook-events.ts'

const DOCUMENT = readFileSync(path.resolve(import.meta.dirname, '../../docs/webhooks.md'), 'utf8')

it('the schemas of events are those by which they are sent: node scripts/docs/webhook-events.ts', () => {
  expect(DOCUMENT).toBe(withEvents(DOCUMENT))
})

it('every event that a webhook can hear is documented', () => {
  for (const event of WEBHOOK_EVENTS) expect(DOCUMENT).toContain(`\`${event}\``)
})
