import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import type { Actor } from '#lib/access/actor.ts'
import { isAppError } from '#lib/errors.ts'
import { isPromptName, LATEST, PRODUCTION } from '#lib/prompts/name.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { readForPage } from '../../read.ts'

const LABEL = /^[a-z0-9][a-z0-9_-]{0,63}$/
const NUMBER = /^[1-9]\d{0,8}$/

/** What the address asks for; what cannot be right reads as absent. */
export function readSelector(query: Record<string, string | string[] | undefined>): Selector {
  const { version, label } = query
  if (typeof version === 'string' && NUMBER.test(version)) return { version: Number(version) }
  if (typeof label === 'string' && LABEL.test(label) && !/^\d+$/.test(label)) return { label }
  return {}
}

export interface Selector {
  label?: string
  version?: number
}

/**
 * The prompt that a page shows, read once per request. Without the label that is asked for, `production`
 * included, it is the newest version, and `lacks` names the label.
 */
export const readPrompt = cache(
  async (name: string, label: string | undefined, version: number | undefined) => {
    if (!isPromptName(name)) notFound()
    const selector = {
      ...(label === undefined ? {} : { label }),
      ...(version === undefined ? {} : { version }),
    }
    const found = await readForPage((actor) => find(actor, name, selector))
    if (found === undefined) notFound()
    if (found.prompt.name !== name) redirect(`/prompts/${found.prompt.name}${searchOf(selector)}`)
    return found
  },
)

async function find(
  actor: Actor,
  name: string,
  selector: Selector,
): Promise<{ prompt: Prompt; lacks: string | undefined } | undefined> {
  try {
    return { prompt: await getPrompt(actor, { name, ...selector }), lacks: undefined }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error
    if (!('labels' in error.extra)) return undefined
    const lacks = selector.label ?? PRODUCTION
    return { prompt: await getPrompt(actor, { name, label: LATEST }), lacks }
  }
}

function searchOf(selector: Selector): string {
  const search = new URLSearchParams(Object.entries(selector).map(([key, value]) => [key, String(value)]))
  return search.size === 0 ? '' : `?${search}`
}
