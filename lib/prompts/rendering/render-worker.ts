import { parentPort } from 'node:worker_threads'
import { isAppError } from '../../errors.ts'
import { compilePrompt, renderPrompt } from '../template.ts'
import type { RenderAnswer, RenderJob } from './render-slot.ts'

/*
 * Runs in a worker thread that its owner kills when a render takes too long. Node starts this file from
 * its source by stripping the types, so it and everything it imports use relative imports with their
 * extension and bare package names only.
 */

function answer({ id, source, values, limits }: RenderJob): RenderAnswer {
  try {
    return { id, rendered: renderPrompt(compilePrompt(source), values, limits) }
  } catch (error) {
    if (isAppError(error))
      return { id, error: { code: error.code, message: error.message, details: error.details } }
    return { id, error: { code: 'internal', message: 'The template cannot be rendered', details: [] } }
  }
}

const port = parentPort
port?.on('message', (job: RenderJob) => port.postMessage(answer(job)))
port?.postMessage('ready')
