'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { readGeneration } from '#components/generations/queries.ts'
import { type LongPrompt, WhenRead } from '#components/prompts/page/when-read.tsx'
import { lastingPart, part } from '#components/ui/part.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { PlaygroundProps } from './playground.tsx'
import type { TakenOver } from './use-take-over.ts'

const loadTakenOver = part(() => import('./taken-over.ts'))

const Playground = dynamic(lastingPart(async () => (await import('./playground.tsx')).Playground))

export interface LongPlaygroundProps extends Omit<PlaygroundProps, 'prompt' | 'includes' | 'taken'> {
  about: LongPrompt
  /** The generation that is gone on with. */
  from: string | null
}

/** The playground of a prompt, or of a generation, that is too long to come with the page. */
export function LongPlayground({ about, from, ...props }: LongPlaygroundProps) {
  const taken = useQuery({
    queryKey: ['generations', 'taken', from],
    queryFn: async ({ signal }): Promise<TakenOver | null> => {
      const { takenOf } = await loadTakenOver()
      return from === null ? null : takenOf(await readGeneration(from, signal))
    },
    enabled: from !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <WhenRead about={about}>
      {({ prompt, includes }) =>
        from !== null && taken.isPending ? (
          <Skeleton className="h-96" />
        ) : (
          <Playground {...props} prompt={prompt} includes={includes} taken={taken.data ?? undefined} />
        )
      }
    </WhenRead>
  )
}
