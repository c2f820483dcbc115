import { isAppError } from '../../errors.ts'
import type { BrokenLabel } from '../impact/schema.ts'
import type { DraftVersion, PreparedVersion } from '../plan/prepare-version.ts'
import type { PinToSave, PromptToSave, SavedPrompt, VersionToSave } from '../saving-schema.ts'
import type { Node } from './node.ts'
import type { ExistingPrompt } from './state.ts'

/** A version that is to be written. */
export interface PlannedVersion {
  draft: DraftVersion
  number: number
  labels: readonly string[]
  /** Which version it was where it comes from. */
  was: VersionToSave['was']
  /** What its references were pinned to there, by reference. */
  pins: ReadonlyMap<string, PinToSave>
  /** Once it was checked with what it includes. */
  prepared?: { version: PreparedVersion; node: Node }
}

/** Category and tags as they are to be, where they change, and aliases that are to go. */
export interface PlannedShelf {
  category?: { id: string | null; slug: string | null }
  tags?: string[]
  removed: string[]
}

/** A prompt that is to be saved, and what is to be done for it. */
export interface PlannedPrompt {
  readonly wanted: PromptToSave
  readonly saved: SavedPrompt
  id: string
  existing: ExistingPrompt | undefined
  /** Of a prompt that is there the one that it has. */
  categoryId: string | null
  /** Those that it has not yet. */
  aliases: string[]
  /** What of a prompt that is there changes without a version. */
  shelf: PlannedShelf | undefined
  /** The versions to write, the oldest first. */
  versions: PlannedVersion[]
  /** Where labels go, by their names. */
  moves: Map<string, number>
  /** What these moves break, for the audit log. */
  broken: BrokenLabel[]
}

/** Whether anything is to be written for it. */
export function isWritten({ saved, moves, existing, shelf }: PlannedPrompt): boolean {
  if (saved.action === 'unchanged')
    return moves.size > 0 || shelf !== undefined || existing?.archived === true
  return saved.action === 'create' || saved.action === 'version'
}

/** Takes a plan back, with the reason. */
export function refuse(
  planned: PlannedPrompt,
  action: 'conflict' | 'refused',
  message: string,
  problems: SavedPrompt['problems'] = [],
): void {
  planned.saved.action = action
  planned.saved.notes.push(message)
  planned.saved.problems.push(...problems)
  planned.versions = []
  planned.shelf = undefined
  planned.moves.clear()
  planned.broken = []
  planned.saved.breaking = []
}

/** Errors that are about a prompt itself; the others are about the moment, and end all of it. */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_input',
  'unprocessable',
  'too_large',
  'conflict',
  'forbidden',
])

/** Takes a plan back for an error that is about this prompt. @throws any other error */
export function refuseFor(planned: PlannedPrompt, error: unknown, before = ''): void {
  if (!isAppError(error) || !REFUSALS.has(error.code)) throw error
  refuse(planned, 'refused', before + error.message, [...error.details])
}
