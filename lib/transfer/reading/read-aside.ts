import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { ReadJob, ReadReply } from './read-job.ts'
import { ReadThreads } from './read-threads.ts'

/**
 * Reads the prompts that files hold, in a thread of its own: no request waits for it, whatever the files are like.
 * @throws unprocessable when that takes longer than `limits.import_ms`, or all the memory that it may have
 */
export async function readAside(files: ReadJob['files'], options: ReadJob['options']): Promise<ReadReply> {
  const { import_ms: timeoutMs } = getRuntime().config.limits
  const reply = await threads().read({ files, options }, timeoutMs)
  if (typeof reply !== 'string') return reply
  throw tooMuch(reply === 'time' ? 'limits.import_ms' : 'memory')
}

function threads(): ReadThreads {
  return getRuntime().once('transfer.reading', (runtime) => {
    const made = new ReadThreads(runtime.config.root)
    runtime.onShutdown('close', 'threads that read imports', () => made.close())
    return made
  })
}

function tooMuch(limit: string) {
  const message = 'The files take too much time or memory to read; nothing was imported. Bring them in parts.'
  return appError('unprocessable', message, {
    details: [{ path: ['file'], code: 'too_much', message }],
    extra: { limit },
  })
}
