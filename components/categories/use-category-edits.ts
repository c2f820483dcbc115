'use client'

import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { counted } from '#components/ui/format.ts'
import { showFailure, showToast, type ToastAction } from '#components/ui/toast.ts'
import type { Category, MergedCategory, PatchCategoryInput } from '#lib/categories/schema.ts'
import { call } from '#lib/rest/client.ts'

const CATEGORIES = ['categories']

/** All categories in their order; the list of prompts reads the same entry of the cache. */
export const allCategoriesQuery = queryOptions({
  queryKey: CATEGORIES,
  queryFn: async ({ signal }): Promise<Category[]> =>
    (await call('GET /api/categories', { signal })).categories,
})

interface Edit<T> {
  /** The optimistic state of the page. */
  show: (categories: Category[]) => Category[]
  send: () => Promise<T>
  /** Said when it worked; without it nothing is. */
  done?: (answer: T) => string
  undo?: (answer: T) => Promise<unknown>
  /** Said when it failed; why, and Retry, follow. */
  failed: string
}

/** Edits that are under way, one after the other: a place in the order counts from the edit before. */
const line = { waiting: 0, last: Promise.resolve<unknown>(undefined) }

/**
 * Shows an edit at once, sends it, and takes it back from the page when the server refuses, with the reason
 * and the offer to try again.
 */
async function run<T>(queries: QueryClient, edit: Edit<T>): Promise<void> {
  line.waiting += 1
  await queries.cancelQueries({ queryKey: CATEGORIES })
  const before = queries.getQueryData<Category[]>(CATEGORIES)
  if (before) queries.setQueryData(CATEGORIES, edit.show(before))
  try {
    const sent = line.last.then(edit.send, edit.send).finally(() => {
      line.waiting -= 1
    })
    line.last = sent
    const answer = await sent
    const { undo } = edit
    const action: ToastAction | undefined = undo && {
      label: 'Undo',
      run: () =>
        void run(queries, { show: keep, send: () => undo(answer), failed: 'It was not taken back.' }),
    }
    if (edit.done) showToast({ message: edit.done(answer), action })
    // A read before the last edit would take that edit off the page.
    if (line.waiting === 0) await refresh(queries)
  } catch (error) {
    if (line.waiting === 0) queries.setQueryData(CATEGORIES, before)
    showFailure(edit.failed, error, { retry: () => void run(queries, edit) })
  }
}

const keep = (categories: Category[]) => categories

async function refresh(queries: QueryClient): Promise<void> {
  await Promise.all([CATEGORIES, ['prompts']].map((queryKey) => queries.invalidateQueries({ queryKey })))
}

/** The edits of categories; each is optimistic. */
export function useCategoryEdits() {
  const queries = useQueryClient()
  return useMemo(
    () => ({
      created: () => refresh(queries),
      patch: (category: Category, patch: PatchCategoryInput) => run(queries, patching(category, patch)),
      order: (slugs: string[]) => run(queries, ordering(slugs)),
      remove: (category: Category) => run(queries, removing(category)),
      merge: (category: Category, into: Category) => run(queries, merging(category, into)),
    }),
    [queries],
  )
}

export type CategoryEdits = ReturnType<typeof useCategoryEdits>

function patching(category: Category, patch: PatchCategoryInput): Edit<Category> {
  const { slug, name, description, color } = category
  return {
    show: (all) => all.map((each) => (each.slug === slug ? { ...each, ...patch } : each)),
    send: () => call('PATCH /api/categories/{slug}', { params: { slug }, body: patch }),
    done: (answer) => `“${answer.name}” changed.`,
    undo: (answer) =>
      call('PATCH /api/categories/{slug}', {
        params: { slug: answer.slug },
        body: { slug, name, description, color },
      }),
    failed: `“${name}” was not changed.`,
  }
}

function ordering(slugs: string[]): Edit<unknown> {
  const place = (each: Category) => slugs.indexOf(each.slug)
  return {
    show: (all) => all.toSorted((a, b) => place(a) - place(b)),
    send: () => call('PUT /api/categories/order', { body: { slugs } }),
    failed: 'The order was not changed.',
  }
}

function removing(category: Category): Edit<unknown> {
  const { prompt_count: _, ...body } = category
  return {
    show: (all) => all.filter(({ slug }) => slug !== category.slug),
    send: () => call('DELETE /api/categories/{slug}', { params: { slug: category.slug } }),
    done: () => `“${category.name}” deleted.`,
    undo: () => call('POST /api/categories', { body, idempotencyKey: crypto.randomUUID() }),
    failed: `“${category.name}” was not deleted.`,
  }
}

function merging(category: Category, into: Category): Edit<MergedCategory> {
  const show = (all: Category[]) =>
    all
      .filter(({ slug }) => slug !== category.slug)
      .map((each) =>
        each.slug === into.slug ? { ...each, prompt_count: each.prompt_count + category.prompt_count } : each,
      )
  return {
    show,
    send: () =>
      call('POST /api/categories/{slug}/merge', {
        params: { slug: category.slug },
        body: { into: into.slug },
      }),
    done: ({ moved }) => `${counted(moved, 'prompt')} moved to ${into.name}, “${category.name}” deleted.`,
    undo: async ({ undo }) => {
      await call('POST /api/categories', { body: undo.category, idempotencyKey: crypto.randomUUID() })
      for (const body of undo.bulk)
        await call('POST /api/prompts/bulk', { body, idempotencyKey: crypto.randomUUID() })
    },
    failed: `“${category.name}” was not merged.`,
  }
}

/** Puts one of a list at another place; the others keep their order. */
export function movedTo<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from)
  const item = items[from]
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)]
}
