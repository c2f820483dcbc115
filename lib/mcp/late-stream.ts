import type { HttpAnswer } from '../door/message.ts'
import type { Sink } from '../event-stream.ts'
import { streamAnswer } from './exchange.ts'

/** An event stream whose first frames may be there before anybody takes it. */
export interface LateStream {
  readonly answer: HttpAnswer
  write(frame: string | Uint8Array): void
  end(): void
}

/** @param onStop called once when the reader goes away */
export function lateStream(onStop: () => void): LateStream {
  const waiting: (string | Uint8Array)[] = []
  let sink: Sink | undefined
  let isEnded = false
  return {
    answer: streamAnswer((taken) => {
      sink = taken
      for (const frame of waiting) taken.write(frame)
      waiting.length = 0
      if (isEnded) taken.end()
      return onStop
    }),
    write(frame) {
      if (sink === undefined) waiting.push(frame)
      else sink.write(frame)
    },
    end() {
      isEnded = true
      sink?.end()
    },
  }
}

/** The event stream of a Web response, as it comes. */
export function relayed(response: Response): HttpAnswer {
  const reader = response.body?.getReader()
  const stream = lateStream(() => void reader?.cancel().catch(() => undefined))
  const read = async () => {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      stream.write(part.value)
  }
  void read()
    .catch(() => undefined)
    .finally(() => stream.end())
  return stream.answer
}
