import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import type { Actor } from '#lib/access/actor.ts'
import { isAppError } from '#lib/errors.ts'
import { UNCOUNTED } from '#lib/prompts/count-read.ts'
import { isPromptName, LATEST } from '#lib/prompts/name.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'
import { isLabelSelector } from '#lib/prompts/rules.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { readForPage } from '../../read.ts'

const NUMBER = /^[1-9]\d{0,8}$/

/** The version that the address asks for; an invalid value reads as absent. */
export function readSelector(query: Record<string, string | string[] | undefined>): Selector {
  const { version, label } = query
  if (typeof version === 'string' && NUMBER.test(version)) return { version: Number(version) }
  if (typeof label === 'string' && isLabelSelector(label)) return { label }
  return {}
}

export interface Selector {
  label?: string
  version?: number
}

/** The prompt with its newest version, read once per request; undefined when there is none to read. */
export const findNewest = cache(async (name: string) => {
  if (!isPromptName(name)) return undefined
  return readForPage(async (actor) => (await find(actor, name, { label: LATEST }))?.prompt)
})

/** The summary of an archived prompt: nothing else of it is read until it is restored. */
export const findArchived = cache(async (name: string) => {
  if (!isPromptName(name) || (await findNewest(name)) !== undefined) return undefined
  const { items } = await readForPage((actor) => listPrompts(actor, { q: name, archived: 'true', limit: 50 }))
  return items.find((each) => each.name === name || each.aliases.includes(name))
})

/** Leaves a page of a prompt that cannot be read: to the page that restores it where it is archived. */
export async function leaveUnreadable(name: string): Promise<never> {
  const archived = await findArchived(name)
  if (archived !== undefined) redirect(`/prompts/${archived.name}`)
  notFound()
}

/**
 * The prompt that a page shows: its newest version when the address chooses none. Without the label that is
 * asked for it is the newest too, and `lacks` names the label.
 */
export async function readPrompt(
  name: string,
  selector: Selector,
): Promise<{ prompt: Prompt; lacks: string | undefined }> {
  const chosen = selector.version !== undefined || selector.label !== undefined
  const found = chosen ? await findChosen(name, selector.version, selector.label) : await findNewest(name)
  if (found === undefined) notFound()
  const answer = 'prompt' in found ? found : { prompt: found, lacks: undefined }
  if (answer.prompt.name !== name) redirect(`/prompts/${answer.prompt.name}${searchOf(selector)}`)
  return answer
}

/** Read once per request, as findNewest: its arguments are compared one by one. */
const findChosen = cache(async (name: string, version: number | undefined, label: string | undefined) => {
  if (!isPromptName(name)) return undefined
  const selector = { ...(version !== undefined && { version }), ...(label !== undefined && { label }) }
  return readForPage((actor) => find(actor, name, selector))
})

async function find(
  actor: Actor,
  name: string,
  selector: Selector,
): Promise<{ prompt: Prompt; lacks: string | undefined } | undefined> {
  try {
    return { prompt: await getPrompt(actor, { name, ...selector }, UNCOUNTED), lacks: undefined }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error
    if (!('labels' in error.extra)) return undefined
    return { prompt: await getPrompt(actor, { name, label: LATEST }, UNCOUNTED), lacks: selector.label }
  }
}

function searchOf(selector: Selector): string {
  const search = new URLSearchParams(Object.entries(selector).map(([key, value]) => [key, String(value)]))
  return search.size === 0 ? '' : `?${search}`
}
