import type { z } from 'zod'
import { getPromptContract } from '#lib/prompts/contract.ts'
import { deleteLabelContract, listLabelsContract, setLabelContract } from '#lib/prompts/label-contract.ts'
import type { CreateVersionInput } from '#lib/prompts/schema.ts'
import {
  createVersionContract,
  getVersionContract,
  listVersionsContract,
} from '#lib/prompts/version-contract.ts'
import { send } from '#lib/rest/client.ts'

/** Calls of the public API about versions and labels. Loaded lazily: the contracts bring all schemas along. */

const VERSIONS_A_PAGE = 50

export function readVersions(
  name: string,
  cursor: string | undefined,
  signal?: AbortSignal,
  limit: number = VERSIONS_A_PAGE,
) {
  const query = { limit, ...(cursor === undefined ? {} : { cursor }) }
  return send(listVersionsContract, { params: { name }, query }, signal === undefined ? {} : { signal })
}

export function readVersion(name: string, version: number, signal: AbortSignal) {
  return send(getVersionContract, { params: { name, version } }, { signal })
}

/** The prompt with its newest version, and the ETag that belongs to it. */
export function readNewest(name: string, signal: AbortSignal) {
  return send(getPromptContract, { params: { name }, query: { label: 'latest' } }, { signal })
}

export function readLabels(name: string, signal: AbortSignal) {
  return send(listLabelsContract, { params: { name } }, { signal })
}

export interface Change {
  name: string
  etag: string
}

export function createVersion({ name, etag }: Change, body: z.input<typeof CreateVersionInput>) {
  return send(createVersionContract, { params: { name }, body, ifMatch: etag })
}

export function setLabel({ name, etag }: Change, label: string, version: number) {
  return send(setLabelContract, { params: { name, label }, body: { version }, ifMatch: etag })
}

export function deleteLabel({ name, etag }: Change, label: string) {
  return send(deleteLabelContract, { params: { name, label }, ifMatch: etag })
}
