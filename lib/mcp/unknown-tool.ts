import { isAppError } from '../errors.ts'
import { alike } from '../likeness.ts'
import { findPublishedTool } from '../prompts/operations/find-published-tool.ts'
import { cutText } from '../text.ts'
import type { Caller } from './caller.ts'
import { didYouMean, nearPrompts } from './did-you-mean.ts'
import { invalidParams, type RpcError } from './errors.ts'
import { visiblePrompt } from './visibility.ts'

const NAMES_MAX = 3

/**
 * The error for a tool that there is not: why, where a prompt has the name, else which tool may be meant.
 * @param builtIn the names of the server's own tools that the caller sees
 */
export async function unknownTool(
  caller: Caller,
  name: string,
  builtIn: readonly string[],
): Promise<RpcError> {
  const said = `Unknown tool: ${cutText(name, 100)}`
  const found = await whyNoTool(caller, name)
  if (found !== undefined) return invalidParams(`${said}. ${found.why}`, found.facts)
  const names = await nearTools(caller, name, builtIn)
  if (names.length === 0) return invalidParams(said)
  return invalidParams(`${said}. ${didYouMean(names)}`, { did_you_mean: names })
}

/** What is said of a prompt of that name; undefined when the caller sees none. */
async function whyNoTool(
  caller: Caller,
  name: string,
): Promise<{ why: string; facts?: Record<string, unknown> } | undefined> {
  try {
    const { name: current } = await visiblePrompt(caller, name)
    return { why: `The prompt "${current}" is not published as a tool: render_prompt renders it.` }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') return undefined
    const { message, extra } = error
    return Object.keys(extra).length === 0 ? undefined : { why: message, facts: extra }
  }
}

async function nearTools(caller: Caller, name: string, builtIn: readonly string[]): Promise<string[]> {
  const near = await nearPrompts(caller, name)
  const published = await Promise.all(
    near.map((each) => findPublishedTool(caller.actor, { ...caller.scope, name: each })),
  )
  const prompts = near.filter((_, index) => published[index] !== undefined)
  return [...alike(builtIn, name), ...prompts].slice(0, NAMES_MAX)
}
