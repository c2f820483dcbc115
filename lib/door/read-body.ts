import type { IncomingMessage } from 'node:http'
import { type AppError, appError } from '../errors.ts'
import type { BodyLimits } from './message.ts'

/**
 * How much of an oversized body is read on and thrown away, so that a client which writes everything
 * before it reads still gets the answer. Beyond it the answer comes at once and the connection ends.
 */
const DISCARD_BYTES = 16 * 1_048_576

/** Detail of the error for a body that did not arrive. */
const BODY_INCOMPLETE = 'body_incomplete'

/** Whether part of the body was left unread: the connection cannot carry another request. */
export function leavesBodyUnread(error: AppError): boolean {
  return error.code === 'too_large' || error.details[0]?.code === BODY_INCOMPLETE
}

/**
 * Takes a body chunk by chunk: keeps it up to the limit, then only counts. Copies into one growing
 * buffer, so that a body in chunks of one byte costs no more memory than another.
 */
class Collector {
  readonly #limits: BodyLimits
  #kept: Uint8Array = new Uint8Array()
  #size = 0

  constructor(limits: BodyLimits, announced: string | undefined) {
    this.#limits = limits
    // A number that the client made up: believed when it says too much, counted on when it does not.
    if (Number(announced) > limits.bytes + DISCARD_BYTES) throw this.#tooLarge()
  }

  /** @throws too_large once even discarding goes too far */
  add(chunk: Uint8Array): void {
    const start = this.#size
    this.#size += chunk.byteLength
    if (this.#size > this.#limits.bytes) {
      this.#kept = new Uint8Array()
      if (this.#size > this.#limits.bytes + DISCARD_BYTES) throw this.#tooLarge()
    } else if (start === 0) {
      this.#kept = chunk
    } else {
      if (this.#size > this.#kept.byteLength) this.#grow(start)
      this.#kept.set(chunk, start)
    }
  }

  #grow(used: number): void {
    const larger = new Uint8Array(Math.min(this.#limits.bytes, Math.max(this.#size, 2 * used)))
    larger.set(this.#kept.subarray(0, used))
    this.#kept = larger
  }

  /** @throws too_large */
  finish(): Uint8Array {
    if (this.#size > this.#limits.bytes) throw this.#tooLarge()
    return this.#kept.subarray(0, this.#size)
  }

  #tooLarge(): Error {
    const { bytes, key: limit = 'limits.body_bytes' } = this.#limits
    return appError('too_large', `The body is larger than ${bytes} bytes (${limit}).`, {
      extra: { limit, limit_bytes: bytes },
    })
  }
}

/** Reads the body of a Web request. @throws too_large, invalid_input when it does not arrive */
export async function readWebBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const collector = new Collector(limits, request.headers.get('content-length') ?? undefined)
  if (request.body === null) return collector.finish()
  // Never cancelled: cancelling would end the connection before the answer is sent.
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  const deadline = Date.now() + limits.milliseconds
  for (;;) {
    const part = await inTime(reader.read(), deadline)
    if (part.done) return collector.finish()
    collector.add(part.value)
  }
}

async function inTime<T>(work: Promise<T>, deadline: number): Promise<T> {
  let clock: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    clock = setTimeout(() => reject(tooSlow()), Math.max(0, deadline - Date.now()))
  })
  try {
    return await Promise.race([work.catch(abandoned), late])
  } finally {
    clearTimeout(clock)
  }
}

/** Reads the body of a Node request. @throws too_large, invalid_input when it does not arrive */
export function readNodeBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const collector = new Collector(limits, request.headers['content-length'])
    const clock = setTimeout(() => settle(() => reject(tooSlow())), limits.milliseconds)
    const onData = (chunk: Buffer) => {
      try {
        collector.add(chunk)
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const onEnd = () =>
      settle(() => {
        try {
          resolve(collector.finish())
        } catch (error) {
          reject(error)
        }
      })
    const onClose = () => settle(() => reject(endedEarly()))
    const settle = (finish: () => void) => {
      clearTimeout(clock)
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      finish()
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function abandoned(cause: unknown): never {
  throw endedEarly(cause)
}

function endedEarly(cause?: unknown): Error {
  return incomplete('The body ended before it was complete.', cause)
}

function tooSlow(): Error {
  return incomplete('The body did not arrive in time.')
}

function incomplete(message: string, cause?: unknown): Error {
  return appError('invalid_input', message, {
    details: [{ path: [], code: BODY_INCOMPLETE, message: 'did not arrive whole' }],
    cause,
  })
}
