import type { z } from 'zod'
import {
  createConfigurationContract,
  deleteConfigurationContract,
  getConfigurationContract,
  listConfigurationsContract,
  patchConfigurationContract,
  testConfigurationContract,
} from '#lib/ai/contract.ts'
import type { AIConfiguration, CreateConfigurationInput, PatchConfigurationInput } from '#lib/ai/schema.ts'
import { send } from '#lib/rest/client.ts'

/** Our pages' calls of the public API for AI configurations. Loaded lazily, as the contracts bring schemas along. */

/** All of them, page after page: there are few. */
export async function readConfigurations(signal: AbortSignal): Promise<AIConfiguration[]> {
  const items: AIConfiguration[] = []
  let cursor: string | undefined
  do {
    const page = await send(
      listConfigurationsContract,
      { query: cursor === undefined ? {} : { cursor } },
      { signal },
    )
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  return items
}

export function readConfiguration(name: string) {
  return send(getConfigurationContract, { params: { name } })
}

export function createConfiguration(body: z.input<typeof CreateConfigurationInput>) {
  return send(createConfigurationContract, { body, idempotencyKey: crypto.randomUUID() })
}

export function patchConfiguration(name: string, etag: string, body: PatchConfigurationInput) {
  return send(patchConfigurationContract, { params: { name }, body, ifMatch: etag })
}

export function deleteConfiguration(name: string, etag: string) {
  return send(deleteConfigurationContract, { params: { name }, ifMatch: etag })
}

export function testConfiguration(name: string, text: string, signal: AbortSignal) {
  return send(testConfigurationContract, { params: { name }, body: { text } }, { signal })
}
