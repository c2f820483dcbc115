import type { DraftVersion, PreparedVersion } from '../plan/prepare-version.ts'
import type { PromptToSave, SavedPrompt } from '../saving-schema.ts'
import type { Node } from './node.ts'
import type { ExistingPrompt } from './state.ts'

/** A version that is to be written. */
export interface PlannedVersion {
  draft: DraftVersion
  number: number
  labels: readonly string[]
  /** Once it was checked with what it includes. */
  prepared?: { version: PreparedVersion; node: Node }
}

/** A prompt that is to be saved, and what is to be done for it. */
export interface PlannedPrompt {
  readonly wanted: PromptToSave
  readonly saved: SavedPrompt
  id: string
  existing: ExistingPrompt | undefined
  categoryId: string | null
  aliases: string[]
  /** The versions to write, the oldest first. */
  versions: PlannedVersion[]
  /** Where labels go, by their names. */
  moves: Map<string, number>
}

/** Whether anything is to be written for it. */
export function isWritten({ saved, moves, existing }: PlannedPrompt): boolean {
  if (saved.action === 'unchanged') return moves.size > 0 || existing?.archived === true
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
  planned.moves.clear()
}

const BREATH_MS = 8

/** Lets other requests run whenever some milliseconds have gone by. */
export function breather(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < BREATH_MS) return
    await new Promise<void>((resolve) => void setImmediate(resolve))
    last = performance.now()
  }
}
