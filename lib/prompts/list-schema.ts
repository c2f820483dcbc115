import { z } from 'zod'
import type { Variable } from '../liquid/variable.ts'
import { PageQuery, pageOf } from '../page.ts'

export const ListTagsQuery = z.strictObject(PageQuery.shape)
export type ListTagsQuery = z.infer<typeof ListTagsQuery>

export const TagPage = pageOf(
  z.object({ tag: z.string(), prompt_count: z.number().int().describe('Active prompts that have it') }),
)
export type TagPage = z.infer<typeof TagPage>

/** What an agent may list: the version that a label names, of every active prompt in a category. */
export interface PublishedQuery {
  /** null: production. */
  label?: string | null
  /** Slug; null: every category. */
  category?: string | null
  cursor?: string | undefined
  /** `mcp.page_size` when left out. */
  limit?: number | undefined
}

interface PublishedEntry {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Slug. */
  readonly category: string | null
}

/*
 * The three kinds of entries hold what listing.ts compares and nothing else: a change that agents cannot
 * see in a list does not touch its pages.
 */

/** A prompt as agents see it in a list. */
export interface PublishedPrompt extends PublishedEntry {
  readonly variables: readonly Pick<Variable, 'name' | 'description' | 'required'>[]
}

/** A prompt that is published as a tool. */
export interface PublishedTool extends PublishedEntry {
  readonly variables: readonly Variable[]
}

/** A prompt whose source can be read as a resource. */
export interface PublishedResource extends PublishedEntry {
  /** Whether it can be read as a skill as well. */
  readonly skill: boolean
}

/**
 * A page of a published list. While nothing in the list changes, the same frozen object is returned, so
 * that a door can keep its bytes under it in a WeakMap.
 */
export interface PublishedPage<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}
