/**
 * Keys as actions name them: `mod+k` (Ctrl, or ⌘ on a Mac), `mod+shift+p`, `?`, or one after another as
 * in `g p`. The last part is KeyboardEvent's `key`.
 */
export type Keys = string

/** The members of a keyboard event that matter here. */
export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const SHOWN: Record<string, string> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
}
const ON_MAC: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↵' }
const ELSEWHERE: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt' }

/** The keys as they stand on the keyboard: groups pressed one after another, each pressed together. */
export function shownKeys(keys: Keys, isMac: boolean): string[][] {
  const names = { ...SHOWN, ...(isMac ? ON_MAC : ELSEWHERE) }
  return keys.split(' ').map((chord) =>
    partsOf(chord).map((part) => {
      const name = names[part.toLowerCase()]
      return name ?? (part.length === 1 ? part.toUpperCase() : part)
    }),
  )
}

/** The keys as `aria-keyshortcuts` wants them. */
export function ariaKeys(keys: Keys, isMac: boolean): string {
  const names: Record<string, string> = { mod: isMac ? 'Meta' : 'Control', shift: 'Shift', alt: 'Alt' }
  return partsOf(keys)
    .map((part) => names[part] ?? part)
    .join('+')
}

/** Whether Ctrl, ⌘ or Alt belong to it, so that it cannot be meant as typing. */
export function isCommand(keys: Keys): boolean {
  return /(?:^|\+)(?:mod|alt)\+/.test(keys)
}

/** Whether the event is this chord, a part of Keys without a space. */
export function isChord(chord: string, pressed: Pressed): boolean {
  const parts = partsOf(chord)
  const key = parts.at(-1) ?? ''
  if (pressed.key.toLowerCase() !== (key === 'space' ? ' ' : key.toLowerCase())) return false
  if ((pressed.ctrlKey || pressed.metaKey) !== parts.includes('mod')) return false
  if (pressed.altKey !== parts.includes('alt')) return false
  // `?` and its like are typed with Shift on some keyboards and without on others.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  return isSign || pressed.shiftKey === parts.includes('shift')
}

/** `mod++` is mod and the plus key. */
function partsOf(chord: string): string[] {
  return chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+')
}
