'use client'

import { useMemo, useSyncExternalStore } from 'react'
import type { FormValues } from './form-values.ts'

/*
 * What was typed, as JSON by key. It outlives a reload of the tab, by the session's storage, and nothing
 * else; a full or forbidden storage only means that it is gone after a reload.
 */
const kept = new Map<string, string>()
const listeners = new Set<() => void>()

/** The values of a prompt's form, shared by everything that shows them. */
export function useFormValues(prompt: string): [FormValues, (values: FormValues) => void] {
  const key = `incipit-values:${prompt}`
  const text = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => '{}',
  )
  const values = useMemo(() => parse(text), [text])
  return [values, (changed) => write(key, JSON.stringify(changed))]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(key: string): string {
  const known = kept.get(key)
  if (known !== undefined) return known
  const stored = fromStorage(() => sessionStorage.getItem(key)) ?? '{}'
  kept.set(key, stored)
  return stored
}

function write(key: string, text: string): void {
  kept.set(key, text)
  fromStorage(() => sessionStorage.setItem(key, text))
  for (const listener of listeners) listener()
}

function fromStorage<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}

function parse(text: string): FormValues {
  const stored: unknown = fromStorage(() => JSON.parse(text))
  if (typeof stored !== 'object' || stored === null) return {}
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => typeof value === 'string'))
}
