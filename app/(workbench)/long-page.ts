import type { LongPrompt } from '#components/prompts/long/when-read.tsx'
import type { IncludeTree } from '#lib/liquid/types.ts'
import { beginningOf, printedSize } from '#lib/prompts/content/printed.ts'
import type { Prompt } from '#lib/prompts/schema.ts'

/** The bytes of texts by people and models that a page prints: with all else it stays under 1 MB. */
const PAGE_SIZE = 300_000
/** The excerpt of a longer text, shown before the browser has read it. */
export const EXCERPT_SIZE = 6_000

/** Whether data is too much to be printed on a page: the browser reads it itself then. */
export function isLong(...parts: unknown[]): boolean {
  let left = PAGE_SIZE
  for (const part of parts)
    for (const text of textsIn(part)) {
      left -= printedSize(text, left)
      if (left < 0) return true
    }
  return false
}

/** All texts of some data, each with the size of its place. */
function* textsIn(part: unknown): Generator<string> {
  if (typeof part === 'string') yield part
  else if (part instanceof Map) for (const [key, value] of part) yield* textsIn([key, value])
  else if (Array.isArray(part)) for (const item of part) yield* textsIn(item)
  else if (typeof part === 'object' && part !== null)
    for (const [key, value] of Object.entries(part)) {
      yield key
      yield* textsIn(value)
    }
  else yield '        '
}

/** Whether a prompt with the texts that it includes is too much for a page. */
export function isLongPrompt(prompt: Prompt, includes: IncludeTree): boolean {
  const { template_content: text, messages, variables, config } = prompt
  // Variables stand in their list, in the form beside it and in the data of both.
  return isLong(text, messages, variables, variables, config, includes)
}

/** The part of a prompt that a page prints when the whole is too long. */
export function longPrompt(prompt: Prompt, isNewest: boolean): LongPrompt {
  const { name, version, label, etag, template_content: text, messages = [] } = prompt
  const [first] = messages
  const content = first === undefined || 'type' in first ? undefined : first.content
  const beginning = text ?? (typeof content === 'string' ? content : '')
  return { name, version, label, etag, isNewest, excerpt: beginningOf(beginning, EXCERPT_SIZE) }
}

interface ListPage {
  items: readonly unknown[]
}

/** A page of a list that is short enough to be printed: the rest comes with the next one. */
export async function fittingPage<P extends ListPage>(
  limit: number,
  read: (limit: number) => Promise<P>,
): Promise<P> {
  const page = await read(limit)
  let left = PAGE_SIZE
  let fit = 0
  for (const item of page.items) {
    for (const text of textsIn(item)) left -= printedSize(text, left)
    if (left < 0) break
    fit++
  }
  return fit === page.items.length ? page : read(Math.max(1, fit))
}
