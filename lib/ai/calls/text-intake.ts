import { cutText, endsInHalf, mendText } from '../../text.ts'

/** Takes in the text of an answer, piece by piece, and hands on what can be stored. */
export interface TextIntake {
  /** The part of a piece that can be handed on now; empty when there is none. */
  accept(piece: string): string
  /** What was held back. */
  end(): string
  readonly length: number
  /** Whether the longest length was reached: the rest is dropped. */
  readonly isFull: boolean
}

/**
 * @param most longest text in UTF-16 units. What a database refuses is mended: a NUL and a lone surrogate
 * become U+FFFD; a pair that came in two pieces is put together first.
 */
export function takeText(most: number): TextIntake {
  let held = ''
  let length = 0
  let isFull = false

  function pass(text: string): string {
    const room = most - length
    isFull ||= text.length > room
    const cut = cutText(text, room)
    length += cut.length
    return mendText(cut)
  }

  return {
    accept(piece) {
      if (isFull) return ''
      const text = held + piece
      held = endsInHalf(text) ? text.slice(-1) : ''
      return pass(held === '' ? text : text.slice(0, -1))
    },
    end() {
      const rest = held === '' || isFull || length >= most ? '' : '\uFFFD'
      held = ''
      length += rest.length
      return rest
    },
    get length() {
      return length
    },
    get isFull() {
      return isFull
    },
  }
}
