import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Draft } from './draft.ts'
import { isOpenElsewhere, newTab, rivalOf, sayClosed, sayOpen } from './draft-tabs.ts'
import {
  dropStoredDraft,
  FORM,
  readStoredDraft,
  readStoredName,
  writeStoredDraft,
  writeStoredName,
} from './stored-draft.ts'

/** A browser's storage, whose keys are its own properties. */
function storage(): Storage {
  const held: Record<string, string> = {}
  const methods = {
    getItem: (key: string) => held[key] ?? null,
    setItem: (key: string, value: string) => void (held[key] = value),
    removeItem: (key: string) => void delete held[key],
  }
  return new Proxy(held, {
    get: (_, key) => methods[key as keyof typeof methods] ?? held[String(key)],
  }) as unknown as Storage
}

const written = (text: string, at: number) =>
  ({ form: FORM, base: undefined, draft: { text } as Draft, at }) as const

beforeEach(() => {
  vi.stubGlobal('localStorage', storage())
  vi.stubGlobal('sessionStorage', storage())
  newTab()
})
afterEach(() => void vi.unstubAllGlobals())

it('each tab has its own draft; what one left is taken over by the next, with its name', () => {
  writeStoredDraft('new', written('mine', 1))
  writeStoredName('new', 'greeting')
  newTab()
  writeStoredDraft('new', written('yours', 2))
  expect(readStoredDraft('new')?.draft.text).toBe('yours')
  dropStoredDraft('new')
  expect(readStoredDraft('new')?.draft.text).toBe('mine')
  expect(readStoredName('new')).toBe('greeting')
  dropStoredDraft('new')
  expect(readStoredDraft('new')).toBeUndefined()
})

it('a draft whose tab is gone goes before a newer one whose tab is there', () => {
  writeStoredDraft('greet', written('left', 1))
  newTab()
  writeStoredDraft('greet', written('at it', 2))
  sayOpen('greet', 1)
  newTab()
  expect(isOpenElsewhere('greet')).toBe(true)
  expect(readStoredDraft('greet')?.draft.text).toBe('left')
})

it('what an older release kept is found', () => {
  localStorage.setItem('incipit-draft:greet', JSON.stringify(written('old', 1)))
  expect(readStoredDraft('greet')?.draft.text).toBe('old')
  expect(localStorage.getItem('incipit-draft:greet')).toBeNull()
})

it('a duplicated tab learns that its mark is taken', () => {
  const tab = newTab()
  sayOpen('greet', 10)
  const event = (since: number) =>
    ({ key: `incipit-open:greet#${tab}`, newValue: JSON.stringify({ since, at: 0 }) }) as StorageEvent
  expect(rivalOf('greet', 10, event(5))).toBe('older')
  expect(rivalOf('greet', 10, event(15))).toBe('younger')
  expect(rivalOf('greet', 10, event(10))).toBeUndefined()
  sayClosed('greet')
  expect(isOpenElsewhere('greet')).toBe(false)
})
