import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { isAppError } from '../../errors.ts'
import { compareVersions } from '../comparison/version-diff.ts'
import { checkPrompt, compilePrompt, renderPrompt } from '../template.ts'
import { runDraft } from './draft.ts'
import type { RenderAnswer, RenderJob, RenderReply } from './render-slot.ts'

/*
 * Runs in a worker thread that its owner kills when a render takes too long. Node starts this file from
 * its source by stripping the types, so it and everything it imports use relative imports with their
 * extension and bare package names only.
 */

/** Weighs a third of an ordinary thread where both want the same processor. */
const BEHIND = 5

function answer({ id, task, values, limits }: RenderJob): RenderAnswer {
  try {
    switch (task.kind) {
      case 'draft':
        return { id, draft: runDraft(task.draft, values, limits) }
      case 'compare':
        return { id, compared: compareVersions(task.before, task.after, task.options) }
      case 'check':
        return { id, checked: checkPrompt(task.source, limits.texts, task.options) }
      case 'render':
        return { id, rendered: renderPrompt(compilePrompt(task.source), values, limits) }
    }
  } catch (error) {
    if (isAppError(error))
      return {
        id,
        error: { code: error.code, message: error.message, details: error.details, extra: error.extra },
      }
    return {
      id,
      error: { code: 'internal', message: 'The template cannot be rendered', details: [], extra: {} },
    }
  }
}

// On Linux this is the thread's alone: requests of agents come before work that may well be an attack.
if (process.platform === 'linux') setPriority(BEHIND)

const port = parentPort
port?.on('message', (job: RenderJob) => {
  const reply: RenderReply = { answer: answer(job), used: process.threadCpuUsage() }
  port.postMessage(reply)
})
port?.postMessage(process.threadCpuUsage())
