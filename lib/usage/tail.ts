import { appError } from '../errors.ts'

/** What instances whose clocks differ, or whose statements overlap, wrote just before is told once more. */
const OVERLAP_MS = 2000
const TAIL = /^t([0-9a-z]{1,11})$/

/** The `tail` of an answer that was read at a time, in milliseconds since 1970. */
export function tailAt(time: number): string {
  return `t${Math.max(0, time - OVERLAP_MS).toString(36)}`
}

/**
 * The time that a tail stands for, in milliseconds since 1970.
 * @throws invalid_input for a text that is none
 */
export function timeOfTail(tail: string): number {
  const time = Number.parseInt(TAIL.exec(tail)?.[1] ?? '', 36)
  // Later ones have no place in an id.
  if (Number.isSafeInteger(time) && time < 2 ** 48) return time
  const message = 'is no `tail` of an answer'
  throw appError('invalid_input', `\`after\` ${message}.`, {
    details: [
      {
        path: ['after'],
        code: 'invalid_tail',
        message,
        hint: 'Leave it out, and follow from the `tail` of the answer.',
      },
    ],
  })
}
