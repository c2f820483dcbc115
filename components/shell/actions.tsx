'use client'

import { createContext, type ReactNode, use, useEffect, useId, useState, useSyncExternalStore } from 'react'
import { type Action, type ActionStore, createActionStore } from './action-store.ts'
import { useActionKeys } from './use-action-keys.ts'

const Actions = createContext<ActionStore | undefined>(undefined)

/** Keeps the actions that the page offers, and listens for their keys. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createActionStore)
  useActionKeys(store)
  return <Actions value={store}>{children}</Actions>
}

function useStore(): ActionStore {
  const store = use(Actions)
  if (store === undefined) throw new Error('There is no ActionsProvider above this component.')
  return store
}

/**
 * Offers actions as long as the component is shown: in the command palette, in the list of keys, and,
 * where they have keys and `run`, by these keys. The array may be a new one in every render; the newest
 * `run` is the one that runs.
 */
export function useActions(actions: readonly Action[]): void {
  const store = useStore()
  const owner = useId()
  useEffect(() => store.set(owner, actions))
  useEffect(() => () => store.delete(owner), [store, owner])
}

/** Everything that is offered now. */
export function useOfferedActions(): readonly Action[] {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, store.read, store.read)
}
