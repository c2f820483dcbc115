'use client'

import { useQuery } from '@tanstack/react-query'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { LongText } from '#components/ui/long-text.tsx'
import { GenerationPage, type GenerationPageProps } from './generation-page.tsx'
import { generationQuery } from './queries.ts'

/** A generation whose texts are too long to come with its page. */
export function LongGeneration({
  id,
  excerpt,
  ...page
}: { id: string; excerpt: string } & Omit<GenerationPageProps, 'first'>) {
  const { data, error, refetch } = useQuery(generationQuery(id))
  if (data !== undefined) return <GenerationPage first={data} {...page} />
  return (
    <LongText
      what="This generation"
      excerpt={excerpt}
      href={`/api/generations/${id}`}
      failure={error === null ? undefined : failureText(error)}
      onRetry={() => void refetch()}
    />
  )
}
