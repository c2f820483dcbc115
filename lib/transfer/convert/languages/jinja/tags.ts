import type { Node } from '../../tree.ts'

/** Tags that are refused, and what to do. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ['extends', 'The layout was not brought, or its blocks do not close: bring it along'],
  ['block', 'A block that is not closed, or whose layout was not brought'],
  ['import', 'Macros of other files cannot be called here: write their text where it is needed'],
  ['from', 'Macros of other files cannot be called here: write their text where it is needed'],
  ['call', 'A macro cannot be given a text here: write its text where it is needed'],
  ['do', 'Nothing can be run here: let the caller pass the result as a variable'],
  ['break', 'A loop runs through here: choose its items before it'],
  ['continue', 'A loop runs through here: test its items with if'],
  ['switch', 'Write if and elif'],
  ['trans', 'Make a prompt for each language'],
  ['asyncEach', 'Write for'],
  ['asyncAll', 'Write for'],
])
/** Tags that change nothing here: their content stands for itself. */
const TRANSPARENT = new Set(['autoescape', 'generation'])

/** Tags that divide a block. */
export const MIDDLES = new Set(['else', 'elif', 'elseif'])
/** Tags that are read. */
export const TAGS = new Set([
  'if',
  'for',
  'set',
  'with',
  'macro',
  'include',
  'filter',
  'print',
  ...TRANSPARENT,
])

/** Whether something within a loop asks where it is. */
export function readsLoop(nodes: readonly Node[], loop: object): boolean {
  let isRead = false
  const text = JSON.stringify(nodes, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || !('is' in each) || each.is !== 'loop') return each
    if ('loop' in each && each.loop === loop) isRead = true
    return 0
  })
  return isRead && text !== ''
}
