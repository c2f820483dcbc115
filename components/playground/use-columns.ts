'use client'

import { useQueryState } from 'nuqs'
import { useMemo, useSyncExternalStore } from 'react'
import { readLastUsed } from '#components/ai/preferred-configuration.ts'
import { own } from '#components/browser-state/own-storage.ts'
import { columnsOf, playgroundParsers } from './playground-state.ts'

/** An active configuration, as the playground needs it. */
export interface Configuration {
  name: string
  provider: string
  model: string
  /** Set where its provider is no model: said wherever its text is shown. */
  note: string | null
  /** Asked where nobody chooses one: true of one at most. */
  isPreferred: boolean
}

const KEY = 'incipit-playground-configurations'
const never = () => () => undefined

/** Which configurations are asked: they stand in the URL, and are asked again where it names none. */
export function useColumns(
  configurations: readonly Configuration[],
): [readonly string[], (names: readonly string[]) => void] {
  const [asked, setAsked] = useQueryState('configurations', playgroundParsers.configurations)
  // The server knows neither.
  const remembered = useSyncExternalStore(never, readRemembered, () => '')
  const lastUsed = useSyncExternalStore(never, readLastUsed, () => undefined)
  const columns = useMemo(
    () => columnsOf(configurations, asked, remembered === '' ? null : remembered.split(','), lastUsed),
    [configurations, asked, remembered, lastUsed],
  )
  return [
    columns,
    (names) => {
      try {
        own.write(KEY, names.join(','))
      } catch {
        // Then the URL alone knows.
      }
      void setAsked([...names], { history: 'replace', scroll: false })
    },
  ]
}

function readRemembered(): string {
  try {
    return own.read(KEY) ?? ''
  } catch {
    return ''
  }
}
