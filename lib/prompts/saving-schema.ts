import type { ErrorDetail } from '../errors.ts'
import type { BrokenLabel } from './impact/schema.ts'
import type { CreateVersionInput } from './schema.ts'

/** What saving many prompts at once takes and answers: plain types, for what is checked by others. */

/** A version of a prompt that is to be there. */
export type VersionToSave = Omit<CreateVersionInput, 'accept_breaking'> & {
  /** Its number, where the prompt is new and those before have lower ones; left out: the next. */
  number?: number
  /** Which version it was where it comes from. */
  was?: { number: number; checksum: string }
  /** What its references were pinned to there, as far as that is known. */
  pins?: PinToSave[]
}

/** A reference, and the version of another prompt that it was pinned to where it comes from. */
export interface PinToSave {
  /** As the text names it. */
  ref: string
  version: number
  checksum: string
}

/** A prompt that is to be there. */
export interface PromptToSave {
  name: string
  /** Slug; null: none. */
  category: string | null
  tags: string[]
  aliases: string[]
  /** What a prompt that is there gets too; what is left out stays as it is. */
  shelf: { category?: string | null; tags?: string[]; aliases?: string[] }
  /** One at least, the oldest first. */
  versions: VersionToSave[]
  /** Where another prompt has the name. */
  onConflict: 'version' | 'rename' | 'skip'
  /** Whether the labels of its versions are moved. */
  movesLabels: boolean
}

/** What became of it. */
export interface SavedPrompt {
  name: string
  action: 'create' | 'version' | 'unchanged' | 'skipped' | 'conflict' | 'refused'
  title: string
  category: string | null
  tags: string[]
  /** The newest version then. */
  version?: number
  /** Labels that name the newest version, set by this. */
  labels: string[]
  /** What the labels that move would refuse of what callers do, as far as the actor may know. */
  breaking: BrokenLabel[]
  /** Whether anything is written for it. */
  isWritten: boolean
  notes: string[]
  /** Why it was refused; paths are within its newest version. */
  problems: ErrorDetail[]
  /** What was done, for taking it back. */
  effect?: SaveEffect
}

/** What saving did to a prompt. */
export interface SaveEffect {
  prompt_id: string
  name: string
  /** The number behind its ETag then. */
  revision: number
  created: boolean
  /** It was in the archive. */
  restored: boolean
  /** The newest version before; 0 for a new prompt. */
  from_version: number
  to_version: number
  labels: { label: string; from: number | null; to: number }[]
  /** Of a prompt that was there: what moved without a version. */
  shelf?: ShelfEffect
}

/** Category and tags as they were before, where they are others now; aliases that came and went. */
export interface ShelfEffect {
  category?: { id: string | null; slug: string | null }
  tags?: string[]
  added: string[]
  removed: string[]
}
