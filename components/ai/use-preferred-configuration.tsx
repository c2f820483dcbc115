'use client'

import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from 'react'
import { useMay } from '#components/access/person.tsx'
import { lastSucceededQuery } from '#components/generations/queries.ts'
import type { AIConfiguration } from '#lib/ai/schema.ts'
import { preferredConfiguration, readLastUsed, rememberLastUsed } from './preferred-configuration.ts'
import { configurationsQuery } from './queries.ts'

const Usual = createContext<string | undefined>(undefined)

/** Tells every page which configuration the server asks when a request names none. */
export function UsualConfiguration({ name, children }: { name: string | undefined; children: ReactNode }) {
  return <Usual value={name}>{children}</Usual>
}

export interface PreferredConfiguration {
  /** Those that can be asked; undefined until they are known. */
  configurations: readonly AIConfiguration[] | undefined
  /** The one to ask; undefined when there is none. */
  name: string | undefined
  /** Another one, for this page and those to come. */
  choose: (name: string) => void
}

const never = () => () => undefined

/** The configuration that a run asks when its author does not choose one. */
export function usePreferredConfiguration(): PreferredConfiguration {
  const usual = use(Usual)
  const [chosen, setChosen] = useState<string>()
  // The server does not know it.
  const lastUsed = useSyncExternalStore(never, readLastUsed, () => undefined)
  const mayRead = useMay('ai:read')
  const known = useQuery({ ...configurationsQuery, enabled: mayRead }).data?.filter(({ active }) => active)
  const wanted = chosen ?? lastUsed
  const isSettled = [wanted, usual].some((name) => known?.some((each) => each.name === name))
  const succeeded = useQuery({ ...lastSucceededQuery, enabled: known !== undefined && !isSettled })
  return {
    configurations: known,
    name:
      known &&
      preferredConfiguration(known, { lastUsed: wanted, usual, succeeded: succeeded.data ?? undefined }),
    choose: (name) => {
      rememberLastUsed(name)
      setChosen(name)
    },
  }
}
