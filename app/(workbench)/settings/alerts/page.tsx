import type { Metadata } from 'next'
import { AlertBoard } from '#components/alerts/alert-board.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { listEvents } from '#lib/alerts/operations/list-events.ts'
import { listRules } from '#lib/alerts/operations/list-rules.ts'
import { getRuntime } from '#lib/runtime.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Alerts · Settings' }

export default async function AlertsPage() {
  const { rules, events } = await readForPage(readAlerts)
  const hasMail = getRuntime().config.mail.host !== undefined
  return <AlertBoard first={rules} history={events} hasMail={hasMail} readAt={Date.now()} />
}

/** The first page of rules; the others come with the next reading. */
async function readAlerts(actor: Actor) {
  const [rules, events] = await Promise.all([
    listRules(actor, { limit: 200 }),
    listEvents(actor, { limit: 50 }),
  ])
  return { rules: rules.items, events }
}
