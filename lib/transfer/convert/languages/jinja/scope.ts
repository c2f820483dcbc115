import type { Expression, Local, Loop, Node } from '../../tree.ts'

/** What names mean at one place: loops, macros and `with` have a scope of their own, conditions have none. */
export class Scope {
  readonly outer: Scope | undefined
  readonly loop: Loop | undefined
  /** How many conditions are open within this scope. */
  conditions = 0
  /** Where this scope's nodes begin: what must be so at the beginning of each turn. */
  readonly first: Node[] = []
  /** Of the root: names that the text itself sets, and those whose members it sets one by one. */
  readonly assigned = new Set<string>()
  readonly namespaces = new Set<string>()
  /** What the text itself puts under its names. */
  readonly kinds = new Map<string, 'string' | 'number' | 'list' | undefined>()
  readonly #names = new Map<string, Expression>()

  constructor(outer?: Scope, loop?: Loop) {
    this.outer = outer
    this.loop = loop
  }

  get root(): Scope {
    return this.outer?.root ?? this
  }

  define(name: string, meaning: Expression): void {
    this.#names.set(name, meaning)
  }

  own(name: string): Expression | undefined {
    return this.#names.get(name)
  }

  /** What a name means here; undefined for a variable of the prompt. */
  find(name: string): Expression | undefined {
    return this.own(name) ?? this.outer?.find(name)
  }

  /** The innermost loop. */
  get innerLoop(): Loop | undefined {
    return this.loop ?? this.outer?.innerLoop
  }

  /** Makes a name in this scope, which what is behind it can read. */
  local(name: string): Local {
    const local: Local = { hint: name, type: 'unknown' }
    this.define(name, { is: 'local', local })
    return local
  }
}
