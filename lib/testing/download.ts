import type { Download } from '../download.ts'

/** What a reader of a download got. */
export interface ReadDownload {
  text: string
  /** It was broken off. */
  isBroken: boolean
  /** Largest part that was handed over at once, in characters. */
  largest: number
}

/**
 * Reads a download to its end.
 * @param onPart is called after each part; the next one comes when it is done
 */
export function readDownload(
  { start }: Download,
  onPart: () => Promise<void> | void = () => undefined,
): Promise<ReadDownload> {
  return new Promise((resolve) => {
    const read: ReadDownload = { text: '', isBroken: false, largest: 0 }
    let drained = (): void => undefined
    start({
      write(part) {
        const text = part.toString()
        read.text += text
        read.largest = Math.max(read.largest, text.length)
        void Promise.resolve(onPart()).then(() => drained())
        return false
      },
      onDrain: (listener) => void (drained = listener),
      end: () => resolve(read),
      fail: () => resolve({ ...read, isBroken: true }),
    })
  })
}
