import type { Keys } from './keys.ts'

/** Something that can be done here and now: a line of the palette, of the list of keys, or of both. */
export interface Action {
  /** Its own, such as `prompts.create`. */
  id: string
  /** The label of the action, as on a button: `New prompt`. */
  name: string
  /** Under which heading it stands: `Prompts`, `This prompt`, `Go to`, `Theme`, … */
  group: string
  /** Keys that run it. With `run` the shell listens for them; without, the component that registers it does. */
  keys?: Keys | readonly Keys[] | undefined
  /** Runs the action. An action without it is only listed among the keys. */
  run?: (() => void) | undefined
  /** More words to find it by. */
  words?: string | undefined
  /** Leaves it out of the palette: it only makes sense with its key. */
  isKeyOnly?: boolean | undefined
}

/** The actions that components registered, in the order of registration. */
export interface ActionStore {
  set: (owner: string, actions: readonly Action[]) => void
  delete: (owner: string) => void
  /** The same array until something changes. */
  read: () => readonly Action[]
  subscribe: (listener: () => void) => () => void
}

export function createActionStore(): ActionStore {
  const owners = new Map<string, readonly Action[]>()
  const listeners = new Set<() => void>()
  let all: readonly Action[] | undefined
  const changed = () => {
    all = undefined
    for (const listener of listeners) listener()
  }
  return {
    set(owner, actions) {
      owners.set(owner, actions)
      changed()
    },
    delete(owner) {
      owners.delete(owner)
      changed()
    },
    read: () => (all ??= [...owners.values()].flat()),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** All keys of an action. */
export function keysOf({ keys }: Action): readonly Keys[] {
  if (keys === undefined) return []
  return typeof keys === 'string' ? [keys] : keys
}

/** Headings of the frame around the page; what the page itself offers stands before them. */
const FRAME = ['Go to', 'Workbench', 'Theme']

/** Actions under their headings, both in the order in which they came, the page's own first. */
export function grouped(actions: readonly Action[]): { group: string; actions: Action[] }[] {
  return [...Map.groupBy(actions, ({ group }) => group)]
    .map(([group, members]) => ({ group, actions: members }))
    .toSorted((one, other) => place(one.group) - place(other.group))
}

function place(group: string): number {
  if (group.startsWith('This ')) return -1
  return FRAME.indexOf(group) + 1
}
