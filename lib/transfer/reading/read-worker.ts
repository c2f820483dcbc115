import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { readSources } from '../formats/index.ts'
import type { ReadJob, ReadReply } from './read-aside.ts'

/*
 * Runs in a worker thread that its owner kills when it takes too long. Node starts this file from its source by
 * stripping the types, so it and everything it imports use relative imports with their extension and bare package
 * names only.
 */

/** Weighs a third of an ordinary thread where both want the same processor. */
const BEHIND = 5
// On Linux this is the thread's alone: requests of agents come before an import.
if (process.platform === 'linux') setPriority(BEHIND)

// Its owner is the one place that starts it.
const { files, options } = workerData as ReadJob
const { items, unread } = readSources(files, options)
const reply: ReadReply = { items, unread: unread.map(({ path }) => path) }
parentPort?.postMessage(reply)
