import { type Expression, type Loop, member, value } from '../../tree.ts'
import type { Path } from './syntax.ts'

/** What names mean at one place of the template. */
export interface Scope {
  /** What `this` is; undefined where that is all values of the prompt. */
  self: Expression | undefined
  /** The loop that made this scope. */
  loop: Loop | undefined
  /** Names after `as |…|`. */
  names: ReadonlyMap<string, Expression>
  outer: Scope | undefined
}

export const ROOT: Scope = { self: undefined, loop: undefined, names: new Map(), outer: undefined }

/** What a path reads; undefined where that cannot be said. */
export function resolve(path: Path, scope: Scope): Expression | undefined {
  if (path.isData) return dataOf(path, scope)
  let at: Scope | undefined = scope
  for (let count = 0; count < path.up; count++) at = at?.outer
  if (!at) return undefined
  const [first, ...rest] = path.parts
  if (first === undefined) return at.self
  const isScoped = path.isThis || path.up > 0
  const named = isScoped ? undefined : nameIn(at, first)
  if (named) return members(named, rest)
  return at.self ? members(at.self, path.parts) : variable(first, rest, path.at)
}

function nameIn(scope: Scope, name: string): Expression | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = at.names.get(name)
    if (found) return found
  }
  return undefined
}

function variable(name: string, rest: readonly string[], at: number): Expression {
  return members({ is: 'variable', name, at }, rest)
}

function members(of: Expression, parts: readonly string[]): Expression {
  return parts.reduce<Expression>((found, part) => {
    if (part === 'length') return member(found, 'size')
    return member(found, /^\d{1,9}$/.test(part) ? Number(part) : part)
  }, of)
}

/** `@index` and the like, `@root`. */
function dataOf(path: Path, scope: Scope): Expression | undefined {
  const [first = '', ...rest] = path.parts
  if (first === 'root') {
    const [name, ...more] = rest
    return name === undefined ? undefined : variable(name, more, path.at)
  }
  let at: Scope | undefined = scope
  for (let up = path.up; at; at = at.outer) if (at.loop && up-- === 0) break
  const loop = at?.loop
  if (!loop || rest.length > 0) return undefined
  if (first === 'index') return { is: 'loop', loop, field: 'index0' }
  if (first === 'first' || first === 'last') return { is: 'loop', loop, field: first }
  if (first !== 'key') return undefined
  return loop.isPairs ? member({ is: 'local', local: loop.item }, 0) : { is: 'loop', loop, field: 'index0' }
}

/** What `this` is within a loop. */
export function itemOf(loop: Loop): Expression {
  const item: Expression = { is: 'local', local: loop.item }
  return loop.isPairs ? { is: 'member', of: item, key: value(1) } : item
}
