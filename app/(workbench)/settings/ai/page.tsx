import type { Metadata } from 'next'
import { ConfigurationBoard } from '#components/ai/configuration-board.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { getCatalogue } from '#lib/ai/operations/get-catalogue.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import { configurationHealth } from '#lib/generations/operations/configuration-health.ts'
import type { ConfigurationHealth } from '#lib/generations/schema.ts'
import { isLong } from '../../long-page.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'AI · Settings' }

export default async function AiPage() {
  const { configurations, catalogue, health } = await readForPage(readSettings)
  return (
    <ConfigurationBoard
      first={isLong(configurations) ? undefined : configurations}
      catalogue={catalogue}
      health={health}
      readAt={Date.now()}
    />
  )
}

/** All AI configurations, the catalogue for new ones, and their health. */
async function readSettings(actor: Actor): Promise<{
  configurations: AIConfiguration[]
  catalogue: Catalogue
  health: Record<string, ConfigurationHealth>
}> {
  const configurations: AIConfiguration[] = []
  let cursor: string | undefined
  do {
    const page = await listConfigurations(actor, cursor === undefined ? {} : { cursor })
    configurations.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  const [catalogue, health] = await Promise.all([getCatalogue(actor), configurationHealth(actor)])
  return { configurations, catalogue, health }
}
