import type { Action } from '#components/shell/action-store.ts'
import type { RecentPrompt } from './recent-prompts.ts'

/** Whether the name of a prompt matches the typed text, rather than its content alone. */
export function isCalled({ name, title }: RecentPrompt, text: string): boolean {
  const typed = text.trim().toLowerCase()
  return `${name} ${title}`.toLowerCase().includes(typed)
}

/**
 * Whether Enter leads to one of the actions that match the text: where the text is the whole name of one, and of no
 * prompt, or where no prompt is called like it at all. A prompt whose content alone matches comes after them.
 */
export function leadsToAction(
  text: string,
  matching: readonly Action[],
  prompts: readonly RecentPrompt[],
): boolean {
  const typed = text.trim().toLowerCase()
  const isWhole = (name: string) => name.toLowerCase() === typed
  if (matching.some(({ name }) => isWhole(name)))
    return !prompts.some(({ name, title }) => isWhole(name) || isWhole(title))
  return matching.length > 0 && !prompts.some((prompt) => isCalled(prompt, text))
}

/** The actions whose name, heading and words hold every word of the text; names that begin with it first. */
export function matchingActions(actions: readonly Action[], text: string): Action[] {
  const start = startOf(text)
  const words = start.split(' ')
  const found = actions.filter(({ name, group, words: more = '' }) => {
    const all = `${name} ${group} ${more}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
  if (start === '') return found
  return found.toSorted((one, other) => rank(one, start) - rank(other, start))
}

/** Headings with the matches below them, as `matchingActions` gives them: the one with the best match first. */
export function bestFirst<G extends { actions: Action[] }>(groups: readonly G[], text: string): G[] {
  const start = startOf(text)
  const best = ({ actions }: G) => Math.min(...actions.map((action) => rank(action, start)))
  return groups.toSorted((one, other) => best(one) - best(other))
}

function startOf(text: string): string {
  return text.toLowerCase().split(/\s+/).filter(Boolean).join(' ')
}

function rank({ name }: Action, start: string): number {
  const lower = name.toLowerCase()
  if (lower.startsWith(start)) return 0
  return lower.includes(start) ? 1 : 2
}
