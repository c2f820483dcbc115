'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { counted } from '#components/ui/format.ts'
import { showFailure, showToast } from '#components/ui/toast.ts'
import type { BulkAnswer, BulkPatch, BulkPromptsInput } from '#lib/prompts/bulk-schema.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { editLists, refreshLists } from '../list-cache.ts'

export interface BulkChange {
  names: readonly string[]
  patch: BulkPatch
  /** The verb of the change, without its object: "archived", "moved to Data". */
  done: string
}

/** Names in one request; the API's default limit. */
const AT_ONCE = 1_000
const NAMED_FAILURES = 5

/**
 * Archives, tags or moves prompts. The lists show it at once; failed edits are reverted, with a reason, and
 * the others can be undone.
 */
export function useBulkChange(): (change: BulkChange) => Promise<void> {
  const queries = useQueryClient()
  return useCallback((change) => apply(queries, change, crypto.randomUUID()), [queries])
}

async function apply(queries: QueryClient, change: BulkChange, key: string): Promise<void> {
  const revert = await editLists(queries, new Set(change.names), (prompt) => patched(prompt, change.patch))
  try {
    const answers = await sendAll(change, key)
    report(queries, change, answers)
    await refreshLists(queries)
  } catch (error) {
    revert()
    const failure = `${objectOf(change.names)} ${change.names.length === 1 ? 'was' : 'were'} not changed.`
    // The same idempotency key: an edit that the server made though its answer was lost is not made twice.
    showFailure(failure, error, { retry: () => void apply(queries, change, key) })
  }
}

const send = (body: BulkPromptsInput, idempotencyKey: string) =>
  call('POST /api/prompts/bulk', { body, idempotencyKey })

async function sendAll({ names, patch }: BulkChange, key: string): Promise<BulkAnswer[]> {
  const answers: BulkAnswer[] = []
  for (let from = 0; from < names.length; from += AT_ONCE)
    answers.push(await send({ names: names.slice(from, from + AT_ONCE), patch }, `${key}-${from}`))
  return answers
}

function report(queries: QueryClient, { names, done }: BulkChange, answers: readonly BulkAnswer[]): void {
  const failures = answers.flatMap(({ items }) => items.filter(({ status }) => status === 'failed'))
  const worked = names.filter((name) => !failures.some((failure) => failure.name === name))
  const undo = answers.flatMap((answer) => answer.undo)
  const action = undo.length === 0 ? undefined : { label: 'Undo', run: () => void takeBack(queries, undo) }
  if (failures.length === 0) return void showToast({ message: `${objectOf(worked)} ${done}.`, action })
  const reasons = failures
    .slice(0, NAMED_FAILURES)
    .map(({ name, problem }) => `${name}: ${problem?.detail ?? 'no reason was given'}`)
  if (failures.length > NAMED_FAILURES) reasons.push(`and ${failures.length - NAMED_FAILURES} more`)
  const left = `${counted(failures.length, 'prompt')} left as ${failures.length === 1 ? 'it was' : 'they were'}`
  showToast({
    tone: 'failure',
    message: worked.length === 0 ? `${left}.` : `${objectOf(worked)} ${done}, ${left}.`,
    detail: reasons.join('\n'),
    action,
  })
}

async function takeBack(queries: QueryClient, undo: BulkAnswer['undo']): Promise<void> {
  try {
    let left = 0
    for (const body of undo) left += (await send(body, crypto.randomUUID())).failed
    await refreshLists(queries)
    const also = `${counted(left, 'prompt')} changed since then and stayed as ${left === 1 ? 'it is' : 'they are'}.`
    showToast({ message: 'Taken back.', detail: left === 0 ? undefined : also })
  } catch (error) {
    showFailure('It was not taken back.', error, { retry: () => void takeBack(queries, undo) })
  }
}

function objectOf(names: readonly string[]): string {
  return names.length === 1 ? `“${names[0]}”` : counted(names.length, 'prompt')
}

/** A prompt as the list shows it before the answer. */
function patched(prompt: PromptSummary, patch: BulkPatch): PromptSummary {
  const kept = prompt.tags.filter((tag) => !patch.remove_tags?.includes(tag))
  return {
    ...prompt,
    archived: patch.archived ?? prompt.archived,
    category: patch.category === undefined ? prompt.category : patch.category,
    tags: [...new Set([...kept, ...(patch.add_tags ?? [])])].sort(),
  }
}
