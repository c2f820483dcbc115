import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '#components/access/person.tsx'
import type { Variable } from '#lib/liquid/variable.ts'
import { call } from '#lib/rest/client.ts'
import { agreed, type BlastRadius } from '../versions/blast-radius.tsx'
import { promptKey } from '../versions/queries.ts'

/** A version that is not saved yet. */
interface Unsaved {
  /** Of its prompt; undefined: there is none yet. */
  name: string | undefined
  variables: readonly Variable[]
  /** The number that it is going to have. */
  version: number
}

/** What a version that is not saved yet does to those who use the labels that are to move to it. */
export function useDraftRadii(
  { name, variables, version }: Unsaved,
  labels: readonly string[],
): (BlastRadius & { label: string })[] {
  const mayRead = useMay('usage:read')
  const asked = name === undefined || !mayRead ? [] : labels
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set())
  const results = useQueries({
    queries: asked.map((label) => ({
      queryKey: [...promptKey(name ?? ''), 'impact of a draft', label, variables],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call('POST /api/prompts/{name}/impact', {
          params: { name: name ?? '' },
          body: { from: label, variables: [...variables] },
          signal,
        }),
      retry: false,
      // A move decides by what is so now.
      gcTime: 0,
    })),
  })
  return asked.map((label, place) => {
    const { data, error = null, isPending = true, refetch } = results[place] ?? {}
    return {
      label,
      ...agreed({
        impact: data && { ...data, to: version },
        error,
        isUnknown: isPending,
        isWanted: wanted.has(label),
      }),
      retry: () => void refetch?.(),
      want: (isOn) =>
        setWanted(
          (before) => new Set([...before].filter((each) => each !== label).concat(isOn ? label : [])),
        ),
    }
  })
}
