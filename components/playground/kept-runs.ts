import { ownOfTab } from '#components/browser-state/own-storage.ts'
import type { Runs } from './runs.ts'

/** The generations that a tab shows, by configuration: a reload, or a look at another page, finds them again. */

const keyOf = (prompt: string) => `incipit-runs:${prompt}`

export function readRunIds(prompt: string): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(ownOfTab.read(keyOf(prompt)) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return {}
  }
}

export function keepRunIds(prompt: string, runs: Runs): void {
  keep(
    prompt,
    Object.entries(runs).flatMap(([name, { id }]) => (id === undefined ? [] : [[name, id] as const])),
  )
}

/** For the page that comes next: it shows the generation as its own. */
export function keepRunId(prompt: string, configuration: string, id: string): void {
  keep(prompt, [[configuration, id]])
}

/** Runs of a prompt's editor are kept apart from the playground's: what is shown there stays there. */
export function editorRuns(prompt: string): string {
  return `${prompt} draft`
}

function keep(prompt: string, ids: readonly (readonly [string, string])[]): void {
  if (ids.length === 0) return
  try {
    ownOfTab.write(keyOf(prompt), JSON.stringify(Object.fromEntries(ids)))
  } catch {
    // Then a reload shows none.
  }
}
