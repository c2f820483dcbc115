import type { Metadata } from 'next'
import { SystemStatus } from '#components/settings/system-status.tsx'
import { assertMay } from '#lib/access/rights.ts'
import { checkHealth, checkReadiness } from '#lib/health/check-health.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'System · Settings' }

export default async function SystemPage() {
  const status = await readForPage((actor) => {
    assertMay(actor, 'settings:write')
    return Promise.resolve({ health: checkHealth(), readiness: checkReadiness() })
  })
  return <SystemStatus {...status} />
}
