'use client'

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { configurationsQuery } from '#components/ai/queries.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { type Action, grouped } from '#components/shell/action-store.ts'
import { counted } from '#components/ui/format.ts'
import { call } from '#lib/rest/client.ts'
import { bestFirst, isCalled, leadsToAction, matchingActions } from './matching.ts'
import { creationOf, placesOf } from './places.ts'
import { type RecentPrompt, readRecent } from './recent-prompts.ts'

/** A pause in typing that is worth a question to the server. */
const PAUSE_MS = 90
/** Recent prompts that are offered before anything is typed. */
const RECENT = 5

export interface Found {
  prompts: RecentPrompt[]
  promptsHeading: string
  groups: { group: string; actions: Action[] }[]
  /** Actions stand above the prompts. */
  isActionFirst: boolean
  isSearching: boolean
  failure: string | undefined
  /** For screen readers. */
  announcement: string
}

/** The results of the text: recent prompts and all actions without one, else matches of the server and of names. */
export function usePaletteSections(
  text: string,
  actions: readonly Action[],
  goTo: (href: string) => void,
): Found {
  const asked = useAfterPause(text)
  const [recent] = useState(() => readRecent())
  const search = useQuery({ ...foundPromptsQuery(asked), placeholderData: keepPreviousData })
  const isTyped = text.trim() !== ''
  const offered = actions.filter(({ run, isKeyOnly }) => run !== undefined && isKeyOnly !== true)
  const { scopes } = usePerson()
  const categories = useQuery({ ...categoriesQuery, enabled: isTyped })
  const configurations = useQuery({ ...configurationsQuery, enabled: isTyped && scopes.includes('ai:read') })
  const places = isTyped
    ? placesOf({ categories: categories.data, configurations: configurations.data, scopes }, goTo)
    : []
  // Places come after actions of the page and the workbench that match as well.
  const matching = [matchingActions(offered, text), matchingActions(places, text)]
  const groups = bestFirst(
    matching.flatMap((each) => grouped(each)),
    text,
  )
  const isSearching = isTyped && (asked !== text || search.isFetching)
  // Results of an earlier text are offered only where they fit this one: Enter may come before the answer.
  const known = (search.data ?? []).filter((prompt) => !isSearching || isCalled(prompt, text))
  const prompts = isTyped ? known : recent.slice(0, RECENT)
  const creation = creationOf(text, goTo)
  const count = prompts.length + groups.reduce((sum, group) => sum + group.actions.length, 0)
  return {
    prompts,
    promptsHeading: isTyped ? 'Prompts' : 'Recent prompts',
    // Whether there is such a prompt already, the answer tells.
    groups: isTyped
      ? [...groups, ...grouped([{ ...creation, run: isSearching ? undefined : creation.run }])]
      : groups,
    isActionFirst: isTyped && leadsToAction(text, matching.flat(), prompts),
    isSearching,
    failure: isTyped ? search.error?.message : undefined,
    announcement: isSearching ? '' : count === 0 ? 'Nothing found' : counted(count, 'result'),
  }
}

/** The text as it was when typing paused; an empty one at once. */
function useAfterPause(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), text.trim() === '' ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return paused
}

/** Most prompts that a search shows; a refined search or the list shows others. */
const MOST = 8

/** The prompts whose name, title, description or text a text finds, the best first. */
function foundPromptsQuery(text: string) {
  const q = text.trim()
  return queryOptions({
    queryKey: ['prompts', 'palette', q],
    queryFn: async ({ signal }): Promise<RecentPrompt[]> => {
      const { items } = await call('GET /api/prompts', { query: { q, limit: MOST }, signal })
      return items.map(({ name, title }) => ({ name, title: title ?? '' }))
    },
    enabled: q !== '',
  })
}
