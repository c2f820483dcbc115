import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import { type LabelMove, withMove } from '#components/changes/label-news.ts'
import type { Page } from '#lib/page.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { ListQuery } from './filters.ts'

/** Edits that show in the lists at once, before the server has answered. */

/** The key of every list of prompts; the query follows it. */
export const LISTS: QueryKey = ['prompts', 'list']

type Pages = InfiniteData<Page<PromptSummary>, string | null>

/** The fields of a prompt that an edit may change in a list. */
export type PromptEdit = (prompt: PromptSummary) => PromptSummary

/** Whether a prompt belongs to a list of these filters; the words of a search are the server's to judge. */
export function fitsList(prompt: PromptSummary, { category, tag, label, archived }: ListQuery): boolean {
  if (prompt.archived !== (archived === 'true')) return false
  if (category === 'none' ? prompt.category !== null : category !== undefined && prompt.category !== category)
    return false
  if (tag !== undefined && !prompt.tags.includes(tag)) return false
  return label === undefined || prompt.labels.some((each) => each.label === label)
}

/** Edits the prompts that have these names, and leaves out those that the list would no longer hold. */
export function editPages(
  pages: Pages,
  query: ListQuery,
  names: ReadonlySet<string>,
  edit: PromptEdit,
): Pages {
  const editOne = (prompt: PromptSummary) => {
    if (!names.has(prompt.name)) return [prompt]
    const edited = edit(prompt)
    return fitsList(edited, query) ? [edited] : []
  }
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.flatMap(editOne) })) }
}

/**
 * Edits prompts in every list that was read.
 * @returns takes the edit back
 */
export async function editLists(
  queries: QueryClient,
  names: ReadonlySet<string>,
  edit: PromptEdit,
): Promise<() => void> {
  // An answer that is on its way would overwrite the edit with an older state.
  await queries.cancelQueries({ queryKey: LISTS })
  const before = queries.getQueriesData<Pages>({ queryKey: LISTS })
  for (const [key, pages] of before)
    if (pages) queries.setQueryData(key, editPages(pages, key[2] as ListQuery, names, edit))
  return () => {
    for (const [key, pages] of before) queries.setQueryData(key, pages)
  }
}

/** Invalidates all queries that an edit of prompts makes stale: the lists, and the counts at the side. */
export async function refreshLists(queries: QueryClient): Promise<void> {
  await Promise.all(
    [['prompts'], ['categories'], ['tags']].map((queryKey) => queries.invalidateQueries({ queryKey })),
  )
}

/**
 * Moves a label in every list that was read.
 * @returns takes it back
 */
export function moveInLists(
  queries: QueryClient,
  name: string,
  move: Pick<LabelMove, 'label' | 'version'>,
): Promise<() => void> {
  const updated_at = new Date().toISOString()
  return editLists(queries, new Set([name]), (prompt) => ({
    ...prompt,
    labels: withMove(prompt.labels, move).map((label) => ({ updated_at, ...label })),
  }))
}
