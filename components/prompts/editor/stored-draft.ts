import { fieldsOf, type VersionFields } from '#components/changes/version-fields.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import type { Draft } from './draft.ts'

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
  /** Of this form; what an older release wrote is dropped. */
  form: typeof FORM
  /** Undefined for a prompt that does not exist yet. */
  base: Base | undefined
  draft: Draft
  /** Milliseconds since 1970. */
  at: number
}

export const FORM = 1

const keyOf = (prompt: string) => `incipit-draft:${prompt}`

/** The draft of a prompt; undefined without one, and where the browser keeps nothing. */
export function readStoredDraft(prompt: string): StoredDraft | undefined {
  try {
    const text = localStorage.getItem(keyOf(prompt))
    const stored = text === null ? undefined : (JSON.parse(text) as StoredDraft)
    return stored?.form === FORM && typeof stored.draft?.text === 'string' ? stored : undefined
  } catch {
    return undefined
  }
}

/** @returns whether it is kept: a full or forbidden storage keeps nothing */
export function writeStoredDraft(prompt: string, stored: StoredDraft): boolean {
  try {
    localStorage.setItem(keyOf(prompt), JSON.stringify(stored))
    return true
  } catch {
    return false
  }
}

export function dropStoredDraft(prompt: string): void {
  try {
    localStorage.removeItem(keyOf(prompt))
  } catch {
    // Then there was none either.
  }
}

/** The name that a new prompt shall get, kept beside its draft. */
export function readStoredName(prompt: string): string {
  try {
    return localStorage.getItem(`${keyOf(prompt)}:name`) ?? ''
  } catch {
    return ''
  }
}

export function writeStoredName(prompt: string, name: string): void {
  try {
    if (name === '') localStorage.removeItem(`${keyOf(prompt)}:name`)
    else localStorage.setItem(`${keyOf(prompt)}:name`, name)
  } catch {
    // Then it is typed again after a reload.
  }
}
