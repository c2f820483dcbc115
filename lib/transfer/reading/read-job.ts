import type { FoundItem } from '../formats/index.ts'
import type { ReadOptions, SourceFile } from '../source.ts'

/** What a thread is given. */
export interface ReadJob {
  files: readonly SourceFile[]
  options: ReadOptions & { format?: string | undefined }
}

/** What it answers at last; the items went before it, in parts. */
export interface ReadOutcome {
  /** Paths of files that hold no prompt. */
  unread: string[]
}

export interface ReadReply extends ReadOutcome {
  items: FoundItem[]
}
