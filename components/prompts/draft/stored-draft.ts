import { own, ownKey } from '#components/browser-state/own-storage.ts'
import { fieldsOf, type VersionFields } from '#components/changes/version-fields.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import type { Draft } from './draft.ts'
import { isOpenIn, ownTab } from './draft-tabs.ts'

/** The version that a draft began from. */
export interface Base {
  version: number
  etag: string
  fields: VersionFields
}

/** A saved version as a draft begins from it. */
export function baseOf(prompt: Prompt): Base {
  return { version: prompt.version, etag: prompt.etag, fields: fieldsOf(prompt) }
}

/** A draft that was not saved, as this browser keeps it. */
export interface StoredDraft {
  /** Of this form; a draft of an older release is dropped. */
  form: typeof FORM
  /** Undefined for a prompt that does not exist yet. */
  base: Base | undefined
  draft: Draft
  /** Milliseconds since 1970. */
  at: number
}

export const FORM = 1

/**
 * The name under which a draft is kept: each tab has its own per prompt, so that two tabs do not overwrite each other.
 * `incipit-draft:greet#tab`; names of older releases have no tab.
 */
const keyOf = (prompt: string, tab = ownTab()) => `incipit-draft:${prompt}${tab === '' ? '' : `#${tab}`}`

/** The draft of a prompt; undefined without one, and where the browser keeps nothing. */
export function readStoredDraft(prompt: string): StoredDraft | undefined {
  try {
    return parseDraft(own.read(keyOf(prompt))) ?? takeOver(prompt)
  } catch {
    return undefined
  }
}

/**
 * Takes over the newest draft of another tab. Drafts of closed tabs come before those of tabs that may have
 * crashed a moment ago. A tab that is still open writes its own again at once (useDraft).
 */
function takeOver(prompt: string): StoredDraft | undefined {
  const found = own
    .names()
    .filter(
      (key) => key === keyOf(prompt, '') || (key.startsWith(`${keyOf(prompt, '')}#`) && !key.endsWith(NAME)),
    )
    .flatMap((key) => {
      const draft = parseDraft(own.read(key))
      return draft === undefined ? [] : [{ key, draft, isLeft: !isOpenIn(prompt, key.split('#')[1] ?? '') }]
    })
    .toSorted((one, other) => Number(other.isLeft) - Number(one.isLeft) || other.draft.at - one.draft.at)[0]
  if (found === undefined) return undefined
  move(found.key, keyOf(prompt))
  move(`${found.key}${NAME}`, `${keyOf(prompt)}${NAME}`)
  return found.draft
}

function move(from: string, to: string): void {
  const text = own.read(from)
  if (text === null) return
  own.write(to, text)
  own.drop(from)
}

function parseDraft(text: string | null): StoredDraft | undefined {
  const stored = text === null ? undefined : (JSON.parse(text) as StoredDraft)
  return stored?.form === FORM && typeof stored.draft?.text === 'string' ? stored : undefined
}

/** @returns whether it is kept: a full or forbidden storage keeps nothing */
export function writeStoredDraft(prompt: string, stored: StoredDraft): boolean {
  try {
    own.write(keyOf(prompt), JSON.stringify(stored))
    return true
  } catch {
    return false
  }
}

export function dropStoredDraft(prompt: string): void {
  try {
    own.drop(keyOf(prompt))
  } catch {
    // Without storage there is no draft either.
  }
}

/** Whether a change of the storage that another tab made took this tab's draft of a prompt away. */
export function isOwnDraftGone(prompt: string, { key, newValue }: StorageEvent): boolean {
  return key === ownKey(keyOf(prompt)) && newValue === null
}

const NAME = ':name'

/** The name that a new prompt shall get, kept beside its draft. */
export function readStoredName(prompt: string): string {
  try {
    return own.read(`${keyOf(prompt)}${NAME}`) ?? ''
  } catch {
    return ''
  }
}

export function writeStoredName(prompt: string, name: string): void {
  try {
    if (name === '') own.drop(`${keyOf(prompt)}${NAME}`)
    else own.write(`${keyOf(prompt)}${NAME}`, name)
  } catch {
    // Without storage the author types it again after a reload.
  }
}
