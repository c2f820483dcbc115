import { expect } from 'vitest'
import type { Call } from './generation-calls.ts'

const O = '/api/outcomes'
const P = '/api/prompts/zero_shot'
const NOBODY = '018f0000-0000-7000-8000-000000000000'

/** Every answer that outcomes and quality have. */
export async function callOutcomes(call: Call): Promise<void> {
  const rendered = await call('renderPrompt', 200, {
    path: `${P}/render`,
    body: { variables: { task_description: 'x' } },
  })
  // What the document describes, which the call has checked.
  const { receipt } = rendered.json as { receipt: string }
  const told = { receipt, outcome: 'failure', score: 0.5, note: 'Why', metadata: { a: [1] } }
  const made = await call('reportOutcome', 201, { path: O, body: told })
  const { id } = made.json as { id: string }
  await call('reportOutcome', 200, { path: O, body: told })
  await call('reportOutcome', 200, { path: O, body: { receipt, outcome: 'success' } })
  await call('reportOutcome', 422, { path: O, body: { ...told, receipt: `${receipt}A` } })
  await call('reportOutcome', 413, { path: O, body: { ...told, note: 'x'.repeat(2001) } })
  await call('reportOutcome', 400, { path: O, body: { ...told, outcome: 'perhaps' } })
  await call('listOutcomes', 200, { path: `${O}?prompt=zero_shot&replaced=true` })
  await call('listOutcomes', 404, { path: `${O}?prompt=nobody` })
  await call('listOutcomes', 400, { path: `${O}?version=1` })
  const quality = await call('getQuality', 200, { path: `${P}/quality?label=production` })
  expect(quality.json).toMatchObject({ versions: [{ version: 1, reported: 1, too_few: true }] })
  await call('getQuality', 404, { path: '/api/prompts/nobody/quality' })
  // Another one has taken its place.
  await call('withdrawOutcome', 404, { path: `${O}/${id}` })
  await call('withdrawOutcome', 404, { path: `${O}/${NOBODY}` })
  const { items } = (await call('listOutcomes', 200, { path: O })).json as { items: { id: string }[] }
  await call('withdrawOutcome', 204, { path: `${O}/${items[0]?.id}` })
}
