import type { ListScope } from '../../db/changes/notice.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { Publish } from '../schema.ts'
import { argumentDescription } from '../variables/allowed-values.ts'

/** What a list of agents can show of a version. */
export interface ListedVersion {
  title: string
  description: string
  variables: readonly Variable[]
  publish: Publish
  /** Says whether the text is another, of which the files of a skill are made. */
  checksum: string
}

/** What lists can show of a prompt, by the label that a client reads by (`latest` included). */
export interface Listing {
  name: string
  /** Slug. */
  category: string | null
  archived: boolean
  labels: ReadonlyMap<string, ListedVersion>
}

const LISTS = ['prompts', 'tools', 'resources'] as const
type List = (typeof LISTS)[number]

/**
 * Which lists of agents look different after a change: for each list and label, in the category where
 * the prompt is shown before or after. A list that shows the same is not named, so that nobody is told of
 * a change that is none.
 * @param before undefined: the prompt is new
 */
export function listChanges(before: Listing | undefined, after: Listing): ListScope[] {
  const labels = new Set([...(before?.labels.keys() ?? []), ...after.labels.keys()])
  const moved = before !== undefined && before.category !== after.category
  return LISTS.flatMap((list) =>
    [...labels].flatMap((label): ListScope[] => {
      const was = entry(list, label, before)
      const is = entry(list, label, after)
      if (!moved) return was === is ? [] : [{ list, label, category: after.category }]
      return [
        ...(was === undefined ? [] : [{ list, label, category: before.category }]),
        ...(is === undefined ? [] : [{ list, label, category: after.category }]),
      ]
    }),
  )
}

/** What the list shows of the prompt, as comparable text; undefined when it is not in the list. */
function entry(list: List, label: string, listing: Listing | undefined): string | undefined {
  const version = listing?.labels.get(label)
  if (listing === undefined || version === undefined || listing.archived) return undefined
  const head = [listing.name, version.title, version.description]
  switch (list) {
    case 'prompts':
      return version.publish.prompt ? JSON.stringify([head, version.variables.map(argument)]) : undefined
    case 'tools':
      return version.publish.tool ? JSON.stringify([head, version.variables]) : undefined
    case 'resources':
      // Skills are among them, and listed with digests.
      return JSON.stringify(version.publish.skill ? [head, version.checksum] : head)
  }
}

/** What MCP shows of a variable as a prompt's argument; a tool's input schema shows all of it. */
function argument(variable: Variable): unknown[] {
  return [variable.name, argumentDescription(variable) ?? null, variable.required]
}
