'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LongText } from '#components/ui/long-text.tsx'
import { part } from '#components/ui/part.ts'
import type { ReadPrompt } from '../test/read-includes.ts'
import { failureText } from '../versions/change-failure.ts'
import { promptKey } from '../versions/queries.ts'

const loadReadLongPrompt = part(() => import('../test/read-includes.ts'))

/** The facts that a page has of a prompt that is too long to come with it. */
export interface LongPrompt {
  name: string
  version: number
  /** The label that chose the version. */
  label: string | null
  /** Of the prompt as the page was made: another one is read anew. */
  etag: string
  isNewest: boolean
  /** How its text begins. */
  excerpt: string
}

/** Reads a long prompt and shows it then; until it is there one can read how it begins. */
export function WhenRead({
  about,
  children,
}: {
  about: LongPrompt
  children: (read: ReadPrompt) => ReactNode
}) {
  const { name, version, etag, excerpt } = about
  const { data, error, refetch } = useQuery({
    queryKey: [...promptKey(name), 'long', version, etag],
    queryFn: async ({ signal }) => (await loadReadLongPrompt()).readLongPrompt(about, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A draft is not taken away while a newer version is read.
    placeholderData: keepPreviousData,
  })
  if (data !== undefined) return children(data)
  return (
    <LongText
      what="This prompt"
      excerpt={excerpt}
      href={`/api/prompts/${name}/versions/${version}`}
      failure={error === null ? undefined : failureText(error)}
      onRetry={() => void refetch()}
    />
  )
}
