import { setPriority } from 'node:os'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { readSources } from '../formats/index.ts'
import type { ReadJob, ReadOutcome } from './read-job.ts'

/*
 * Runs in a worker thread that its owner kills when it takes too long. Node starts this file from its source by
 * stripping the types, so it and everything it imports use relative imports with their extension and bare package
 * names only.
 */

/** Weighs a third of an ordinary thread where both want the same processor. */
const BEHIND = 5
// On Linux this is the thread's alone: requests of agents come before an import.
if (process.platform === 'linux') setPriority(BEHIND)

/** Items in one part: some milliseconds of work for whoever takes it. */
const AT_ONCE = 100

const port = parentPort
port?.on('message', ({ files, options, parts }: ReadJob & { parts: MessagePort }) => {
  const { items, unread } = readSources(files, options)
  for (let at = 0; at < items.length; at += AT_ONCE) parts.postMessage(items.slice(at, at + AT_ONCE), [])
  const outcome: ReadOutcome = { unread: unread.map(({ path }) => path) }
  port.postMessage(outcome)
})
