import type { Action } from '#components/shell/action-store.ts'
import type { RecentPrompt } from './recent-prompts.ts'

/** Whether the name of a prompt matches the typed text, rather than its content alone. */
export function isCalled({ name, title }: RecentPrompt, text: string): boolean {
  const typed = text.trim().toLowerCase()
  return `${name} ${title}`.toLowerCase().includes(typed)
}

/** Whether Enter leads to an action: one begins with the typed text, and the name of no prompt matches it. */
export function leadsToAction(
  text: string,
  actions: readonly Action[],
  prompts: readonly RecentPrompt[],
): boolean {
  const typed = text.trim().toLowerCase()
  return (
    actions.some(({ name }) => name.toLowerCase().startsWith(typed)) &&
    !prompts.some((prompt) => isCalled(prompt, text))
  )
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
