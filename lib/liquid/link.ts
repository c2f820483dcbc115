import type { ErrorDetail } from '../errors.ts'
import { WIDEST_TEXT_LIMITS } from './budget.ts'
import { fault, INCLUDE_DEPTH_LIMIT, rangeIn } from './fault.ts'
import { literal, type Parsed, parse } from './parse.ts'
import type { IncludedUnit, Unit } from './run.ts'
import type { IncludeNode } from './syntax.ts'
import type { IncludedPrompt, IncludeTree } from './types.ts'

interface Linked {
  unit: IncludedUnit
  /** 1 for a text that includes nothing. */
  height: number
}

/** Parses and connects what texts include; each pinned version is parsed once. */
export class Linker {
  readonly #done = new Map<IncludedPrompt, Linked>()
  readonly #trail: string[] = []
  readonly #mostLevels: number
  readonly problems: ErrorDetail[] = []

  /** @param mostLevels that texts may include each other (`limits.include_depth`) */
  constructor(mostLevels: number) {
    this.#mostLevels = mostLevels
  }

  /** Makes a parsed field ready to run; what is wrong with its includes goes to `problems`. */
  link(parsed: Parsed, path: (string | number)[], text: string, tree: IncludeTree): Unit {
    const includes = new Map<string, IncludedUnit>()
    for (const node of parsed.includes) {
      try {
        const linked = this.#resolve(node, tree)
        if (linked.height > this.#mostLevels) {
          const message = `Prompts are included deeper than ${this.#mostLevels} levels (limits.include_depth)`
          throw fault(INCLUDE_DEPTH_LIMIT, message)
        }
        includes.set(node.ref, linked.unit)
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error)) throw error
        const range = rangeIn(text, node.start, node.end)
        this.problems.push({ path, code: String(error.code), message: error.message, range })
      }
    }
    return { nodes: parsed.nodes, assigned: parsed.assigned, includes }
  }

  #resolve(node: IncludeNode, tree: IncludeTree): Linked {
    const prompt = tree.get(node.ref)
    if (!prompt) throw fault('unknown_include', `There is no prompt "${node.ref}" to include`)
    const known = this.#done.get(prompt)
    if (known) return known
    const linked = this.#include(prompt)
    this.#done.set(prompt, linked)
    return linked
  }

  #include(prompt: IncludedPrompt): Linked {
    const label = `${prompt.name}@${prompt.version}`
    if (this.#trail.includes(label)) {
      throw fault('include_cycle', `${[...this.#trail, label].join(' includes ')}: that never ends`)
    }
    const parsed = prompt.format === 'text' ? literal(prompt.text) : parse(prompt.text, WIDEST_TEXT_LIMITS)
    const [problem] = parsed.problems
    if (problem) throw fault('invalid_include', `In ${label}: ${problem.message}`)
    this.#trail.push(label)
    const children = new Map<string, IncludedUnit>()
    let height = 1
    for (const node of parsed.includes) {
      const child = this.#resolve(node, prompt.includes)
      height = Math.max(height, child.height + 1)
      children.set(node.ref, child.unit)
    }
    this.#trail.pop()
    const { nodes, assigned } = parsed
    return {
      height,
      unit: { nodes, assigned, includes: children, label, variables: prompt.variables },
    }
  }
}
