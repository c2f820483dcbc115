'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { own } from '#components/browser-state/own-storage.ts'
import type { FormValues } from './form-values.ts'

/*
 * The typed values, as JSON by key. They outlive a reload in the browser's storage; a full or forbidden
 * storage only means that they are gone after one. Values that are typed in another tab are not taken over:
 * nothing changes under the author's hands.
 */
const kept = new Map<string, string>()
const listeners = new Set<() => void>()
const PREFIX = 'incipit-values:'
/** No prompt can have this name. */
const UNSAVED = 'new'
/** Most prompts with stored values; the oldest make room. */
const MOST_KEPT = 100

/**
 * The values of a prompt's form, shared by everything that shows them.
 * @param prompt left out for one that is not saved yet
 */
export function useFormValues(prompt: string = UNSAVED): [FormValues, (values: FormValues) => void] {
  const key = PREFIX + prompt
  const text = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => '{}',
  )
  const values = useMemo(() => parse(text), [text])
  return [values, (changed) => write(key, JSON.stringify(changed))]
}

/** Gives the values that were typed for a new prompt to the prompt that it has become. */
export function keepValuesFor(prompt: string): void {
  write(PREFIX + prompt, read(PREFIX + UNSAVED))
  write(PREFIX + UNSAVED, '{}')
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(key: string): string {
  const known = kept.get(key)
  if (known !== undefined) return known
  const stored = attempt(() => own.read(key)) ?? '{}'
  kept.set(key, stored)
  return stored
}

function write(key: string, text: string): void {
  kept.set(key, text)
  attempt(() => store(key, text))
  for (const listener of listeners) listener()
}

function store(key: string, text: string): void {
  // Written anew, so that the order of the keys is that of their last use.
  const others = attempt(() => JSON.parse(own.read(PREFIX) ?? '[]') as unknown)
  const known = Array.isArray(others) ? others.filter((other) => other !== key).map(String) : []
  const keys = text === '{}' ? known : [...known, key]
  for (const old of keys.splice(0, Math.max(0, keys.length - MOST_KEPT))) own.drop(old)
  if (text === '{}') own.drop(key)
  else own.write(key, text)
  own.write(PREFIX, JSON.stringify(keys))
}

function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}

function parse(text: string): FormValues {
  const stored: unknown = attempt(() => JSON.parse(text))
  if (typeof stored !== 'object' || stored === null) return {}
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => typeof value === 'string'))
}
